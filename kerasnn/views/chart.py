"""Line charts in the terminal, in Braille dots; lines differ in marks and names, not only in colour.

Without Braille (ASCII output), the marks alone are drawn, close to each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

import plotille
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.text import Text

COLOURS: Final = ("blue", "yellow", "green", "magenta", "cyan", "red")
MARKS: Final = ("", "o", "x", "+", "#", "*")  # the first line has none
BARE: Final = "."  # its mark where Braille cannot be written
APART: Final = 3  # columns between marks
EMPTY: Final = 0x2800  # the Braille character without dots
BEST: Final = "@"
NARROWEST: Final = 40
WIDEST: Final = 84
HEIGHT: Final = 11
TICK: Final = 8  # columns for the numbers left of the chart


def colour(number: int) -> str:
    """Return the colour of the `number`th line of a chart, from 0."""
    return COLOURS[number % len(COLOURS)]


@dataclass(frozen=True)
class Line:
    """A line through `points`, given as (x, y) from left to right; `name`: written at its end."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Chart:
    """Lines over one axis. `best`: index of a line and of its point to mark with @. Empty where it does not fit.

    `until`: where the axis ends, if beyond the last point. `height`: rows without the axis and the title, if any.
    """

    title: str
    across: str
    lines: tuple[Line, ...]
    best: tuple[int, int] | None = None
    until: float | None = None
    height: int = HEIGHT

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(min(NARROWEST, options.max_width), min(WIDEST, options.max_width))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        names = max(cell_len(line.name) for line in self.lines)
        width = min(options.max_width, WIDEST) - TICK - 2 - names - 1
        if width < 12:
            return
        canvas = Canvas(self.lines, width, self.height, self.until)
        draw = canvas.draw_marks if options.ascii_only else canvas.draw_dots
        for number, line in enumerate(self.lines):
            draw(number, line)
        if self.best is not None:
            number, place = self.best
            canvas.cells[canvas.cell(*self.lines[number].points[place])] = BEST, "bold"
        if self.title:
            yield Text(_before_the_axis(self.title), style="bold")
        yield from self._rows(canvas)
        yield from canvas.axis(self.across)

    def _rows(self, canvas: "Canvas") -> RenderResult:
        ticks = {canvas.cell(canvas.left, value)[1]: text for value, text in canvas.ticks()}
        ends = _end_rows([canvas.cell(*line.points[-1])[1] for line in self.lines], self.height)
        for row in range(self.height):
            text = Text(f"{ticks.get(row, ''):>{TICK}} ", no_wrap=True, end="")
            text.append("+" if row in ticks else "|", style="dim")
            for column in range(canvas.width):
                text.append(*canvas.cells.get((column, row), (" ", "")))
            if row in ends:
                number = ends.index(row)
                text.append(f" {self.lines[number].name}", style=colour(number))
            yield text
            yield Segment.line()


def _before_the_axis(text: str) -> str:
    return " " * (TICK - cell_len(text)) + text


def _end_rows(rows: Sequence[int], height: int) -> list[int]:
    """Return a row for the name of each line, near its end row and no two the same."""
    placed, last = list(rows), -1
    for number in sorted(range(len(rows)), key=lambda each: rows[each]):
        placed[number] = last = max(rows[number], last + 1)
    over = max(0, last - height + 1)  # names pushed below the last row move up again
    return [max(row - over, 0) for row in placed]


class Canvas:
    """Cells of `width` columns and `height` rows that hold `lines`, each a character and its style.

    Where lines share a cell, their dots are united, and the later one determines the colour.
    """

    def __init__(self, lines: Sequence[Line], width: int, height: int, until: float | None = None) -> None:
        across, up = zip(*(point for line in lines for point in line.points), strict=True)
        margin = (max(up) - min(up)) * 0.04 or 0.01
        self.left, self.right = min(across), max(*across, until if until is not None else min(across))
        self.width, self.height = width, height
        self.low, self.high = min(up) - margin, max(up) + margin
        self.cells: dict[tuple[int, int], tuple[str, str]] = {}

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Return column and row of a point, counted from the top left."""
        column = round((x - self.left) / (self.right - self.left or 1.0) * (self.width - 1))
        return column, round((self.high - y) / (self.high - self.low) * (self.height - 1))

    def draw_dots(self, number: int, line: Line) -> None:
        """Draw the `number`th line in Braille dots, with marks at those points that are far enough apart."""
        layer = plotille.Canvas(self.width, self.height, self.left, self.low, self.right, self.high)
        for start, end in zip(line.points, line.points[1:], strict=False):
            layer.line(*start, *end)
        for row, text in enumerate(layer.plot().splitlines()):
            for column, character in enumerate(text):
                # a Braille character is EMPTY plus a bit for each of its eight dots
                if EMPTY < ord(character) < EMPTY + 256:
                    before = ord(self.cells.get((column, row), (chr(EMPTY), ""))[0])
                    # a mark of an earlier line stays and only changes its colour
                    both = before | ord(character) if before >= EMPTY else before
                    self.cells[column, row] = chr(both), colour(number)
        mark, last = MARKS[number % len(MARKS)], -APART
        for column, row in (self.cell(*point) for point in line.points if mark):
            if column >= last + APART:
                self.cells[column, row] = mark, colour(number)
                last = column

    def draw_marks(self, number: int, line: Line) -> None:
        """Draw the `number`th line as a mark in each column, interpolated between its points."""
        for column in range(self.width):
            x = self.left + (self.right - self.left) * column / (self.width - 1)
            if x > line.points[-1][0] + (self.right - self.left) / self.width:
                break  # this line ends before the axis does
            row = self.cell(*line.points[-1])[1]
            for (x1, y1), (x2, y2) in zip(line.points, line.points[1:], strict=False):
                if x <= x2:
                    row = self.cell(x, y1 + (y2 - y1) * (x - x1) / (x2 - x1 or 1.0))[1]
                    break
            self.cells[column, row] = MARKS[number % len(MARKS)] or BARE, colour(number)

    def ticks(self) -> list[tuple[float, str]]:
        """Return two to five round numbers from `low` to `high`, as numbers and as text."""
        span = self.high - self.low
        power = 10.0 ** (floor(log10(span)) - 1)
        times = next(times for times in (1, 2, 2.5, 5, 10, 20) if span / (power * times) <= 5)
        step = power * times
        decimals = max(0, -floor(log10(step)) + (times == 2.5))  # 0.25 needs a digit more than 0.2
        first, last = ceil(self.low / step), floor(self.high / step)
        return [(number * step, f"{number * step:.{decimals}f}") for number in range(first, last + 1)]

    def axis(self, across: str) -> RenderResult:
        """Yield the x axis and a line of whole numbers below it."""
        first, last = ceil(self.left), floor(self.right)
        step = max(1, ceil((last - first) * 5 / self.width))  # five columns for a number
        rule, numbers = ["-"] * self.width, [" "] * (self.width + 4)
        for value in range(first, last + 1, step):
            column = self.cell(value, self.low)[0]
            rule[column] = "+"
            numbers[column : column + len(str(value))] = str(value)
        yield Text.assemble(f"{'':{TICK + 1}}", ("+" + "".join(rule), "dim"))
        beside = across if cell_len(across) <= TICK else ""
        yield Text(f"{_before_the_axis(beside)}  {''.join(numbers)}".rstrip())
        if across != beside:
            yield Text(f"{'':{TICK + 2}}{across}")
