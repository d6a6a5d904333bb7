"""Lines in the terminal, in Braille dots: told apart by marks and by their names at their ends, not by colour alone.

Where Braille cannot be written the marks stand alone, close to each other.
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
MARKS: Final = ("", "o", "x", "+", "#", "*")  # the first line is bare
BARE: Final = "."  # in place of Braille
BEST: Final = "@"
NARROWEST: Final = 40
WIDEST: Final = 84
HEIGHT: Final = 11
TICK: Final = 8  # columns of a number left of the chart
APART: Final = 3  # columns from mark to mark
EMPTY: Final = 0x2800


@dataclass(frozen=True)
class Line:
    """A line through `points`, from left to right; `name`: written at its end."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Chart:
    """Lines over one axis. `best`: the number of a line and of its point to mark with @."""

    title: str
    across: str
    lines: tuple[Line, ...]
    best: tuple[int, int] | None = None
    height: int = HEIGHT

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(min(NARROWEST, options.max_width), min(WIDEST, options.max_width))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = min(options.max_width, WIDEST)
        names = max(cell_len(line.name) for line in self.lines)
        width = room - TICK - 2 - names - 1
        if width < 12:
            return
        frame = _Frame.around(self.lines, width, self.height)
        canvas = _Canvas(frame, braille=not options.ascii_only)
        for number, line in enumerate(self.lines):
            canvas.draw(number, line)
        if self.best is not None:
            number, place = self.best
            canvas.put(*frame.cell(*self.lines[number].points[place]), BEST, "bold")
        yield Text(f"{self.title:>{TICK}}", style="bold")
        yield from self._rows(canvas, frame)

    def _rows(self, canvas: "_Canvas", frame: "_Frame") -> RenderResult:
        ticks = {frame.cell(frame.left, value)[1]: text for value, text in frame.ticks()}
        ends = _end_rows([frame.cell(*line.points[-1])[1] for line in self.lines], frame.height)
        names = {row: number for number, row in enumerate(ends)}
        for row in range(frame.height):
            text = Text(f"{ticks.get(row, ''):>{TICK}} ", no_wrap=True, end="")
            text.append("+" if row in ticks else "|", style="dim")
            text.append_text(canvas.row(row))
            if row in names:
                number = names[row]
                text.append(f" {self.lines[number].name}", style=COLOURS[number % len(COLOURS)])
            yield text
            yield Segment.line()
        yield from _axis(frame, self.across)


@dataclass(frozen=True)
class _Frame:
    """From values to cells: `width` columns from `left` to `right`, `height` lines of text from `high` to `low`."""

    left: float
    right: float
    low: float
    high: float
    width: int
    height: int

    @classmethod
    def around(cls, lines: Sequence[Line], width: int, height: int) -> "_Frame":
        across = [x for line in lines for x, _ in line.points]
        up = [y for line in lines for _, y in line.points]
        margin = (max(up) - min(up)) * 0.04 or 0.01
        return cls(min(across), max(across), min(up) - margin, max(up) + margin, width, height)

    def cell(self, x: float, y: float) -> tuple[int, int]:
        span = self.right - self.left or 1.0
        column = round((x - self.left) / span * (self.width - 1))
        row = round((self.high - y) / (self.high - self.low) * (self.height - 1))
        return column, row

    def ticks(self) -> list[tuple[float, str]]:
        """Round numbers from `low` to `high`, two to five of them."""
        span = self.high - self.low
        power = 10.0 ** (floor(log10(span)) - 1)
        times = next(times for times in (1, 2, 2.5, 5, 10, 20) if span / (power * times) <= 5)
        step = power * times
        decimals = max(0, -floor(log10(step)) + (times == 2.5))
        first, last = ceil(self.low / step), floor(self.high / step)
        return [(number * step, f"{number * step:.{decimals}f}") for number in range(first, last + 1)]


class _Canvas:
    """Cells of Braille dots and marks; of lines that share a cell the later one gives the colour."""

    def __init__(self, frame: _Frame, *, braille: bool) -> None:
        self.frame, self.braille = frame, braille
        self.dots = [[0] * frame.width for _ in range(frame.height)]
        self.marks: dict[tuple[int, int], str] = {}
        self.styles: dict[tuple[int, int], str] = {}

    def draw(self, number: int, line: Line) -> None:
        mark, style = MARKS[number % len(MARKS)], COLOURS[number % len(COLOURS)]
        if self.braille:
            self._dots(line, style)
        else:
            for column in range(self.frame.width):
                self.put(column, self._row_at(line, column), mark or BARE, style)
            return
        last = -APART
        for x, y in line.points if mark else ():
            column, row = self.frame.cell(x, y)
            if column >= last + APART:
                self.put(column, row, mark, style)
                last = column

    def _dots(self, line: Line, style: str) -> None:
        frame = self.frame
        layer = plotille.Canvas(frame.width, frame.height, frame.left, frame.low, frame.right, frame.high)
        for start, end in zip(line.points, line.points[1:], strict=False):
            layer.line(*start, *end)
        for row, text in enumerate(layer.plot().splitlines()):
            for column, character in enumerate(text):
                if EMPTY < ord(character) < EMPTY + 256:
                    self.dots[row][column] |= ord(character) - EMPTY
                    self.styles[column, row] = style

    def _row_at(self, line: Line, column: int) -> int:
        """Where `line` passes through a column."""
        frame = self.frame
        x = frame.left + (frame.right - frame.left) * column / (frame.width - 1)
        for (x1, y1), (x2, y2) in zip(line.points, line.points[1:], strict=False):
            if x <= x2:
                return frame.cell(x, y1 + (y2 - y1) * (x - x1) / (x2 - x1 or 1.0))[1]
        return frame.cell(*line.points[-1])[1]

    def put(self, column: int, row: int, mark: str, style: str) -> None:
        self.marks[column, row] = mark
        self.styles[column, row] = style

    def row(self, row: int) -> Text:
        text = Text()
        for column, dots in enumerate(self.dots[row]):
            mark = self.marks.get((column, row)) or (chr(EMPTY + dots) if dots else " ")
            text.append(mark, style=self.styles.get((column, row), ""))
        return text


def _end_rows(rows: Sequence[int], height: int) -> list[int]:
    """A row of text for each line's name, near its end and no two the same."""
    taken: list[int] = []
    placed = [0] * len(rows)
    for number in sorted(range(len(rows)), key=lambda each: rows[each]):
        row = rows[number] if not taken else max(rows[number], taken[-1] + 1)
        taken.append(row)
        placed[number] = row
    over = max(0, taken[-1] - height + 1) if taken else 0
    return [max(row - over, 0) if over else row for row in placed]


def _axis(frame: _Frame, across: str) -> RenderResult:
    """A line with whole numbers below their places."""
    first, last = ceil(frame.left), floor(frame.right)
    step = max(1, ceil((last - first) * 5 / frame.width))
    rule, numbers = ["-"] * frame.width, [" "] * (frame.width + 4)
    for value in range(first, last + 1, step):
        column = frame.cell(value, frame.low)[0]
        rule[column] = "+"
        numbers[column : column + len(str(value))] = str(value)
    yield Text.assemble(f"{'':{TICK + 1}}", ("+" + "".join(rule), "dim"))
    yield Text(f"{across:>{TICK}}  {''.join(numbers)}".rstrip())
