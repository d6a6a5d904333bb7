"""Cells of a terminal on which lines are drawn, in Braille dots or in plain characters."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

import plotille
from rich.text import Text

COLOURS: Final = ("blue", "yellow", "green", "magenta", "cyan", "red")
MARKS: Final = ("", "o", "x", "+", "#", "*")  # the first line has none
BARE: Final = "."  # its mark where Braille cannot be written
APART: Final = 3  # columns between marks
EMPTY: Final = 0x2800  # the Braille character without dots


def colour(number: int) -> str:
    """Return the colour of the `number`th line of a chart, from 0."""
    return COLOURS[number % len(COLOURS)]


@dataclass(frozen=True)
class Line:
    """A line through `points`, given as (x, y) from left to right; `name`: written at its end."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Frame:
    """Converts values to cells: `width` columns from `left` to `right`, `height` rows from `high` to `low`."""

    left: float
    right: float
    low: float
    high: float
    width: int
    height: int

    @classmethod
    def around(cls, lines: Sequence[Line], width: int, height: int) -> "Frame":
        """Return a frame that holds `lines`, with a small margin above and below."""
        across = [x for line in lines for x, _ in line.points]
        up = [y for line in lines for _, y in line.points]
        margin = (max(up) - min(up)) * 0.04 or 0.01
        return cls(min(across), max(across), min(up) - margin, max(up) + margin, width, height)

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Return column and row of a point, counted from the top left."""
        span = self.right - self.left or 1.0
        column = round((x - self.left) / span * (self.width - 1))
        row = round((self.high - y) / (self.high - self.low) * (self.height - 1))
        return column, row

    def ticks(self) -> list[tuple[float, str]]:
        """Return two to five round numbers from `low` to `high`, as numbers and as text."""
        span = self.high - self.low
        power = 10.0 ** (floor(log10(span)) - 1)
        times = next(times for times in (1, 2, 2.5, 5, 10, 20) if span / (power * times) <= 5)
        step = power * times
        decimals = max(0, -floor(log10(step)) + (times == 2.5))
        first, last = ceil(self.low / step), floor(self.high / step)
        return [(number * step, f"{number * step:.{decimals}f}") for number in range(first, last + 1)]


class Canvas:
    """Cells of Braille dots and marks; where lines share a cell, the later one determines the colour.

    Without Braille, a mark in each column stands for the line.
    """

    def __init__(self, frame: Frame, *, braille: bool) -> None:
        self.frame, self.braille = frame, braille
        self.dots = [[0] * frame.width for _ in range(frame.height)]
        self.marks: dict[tuple[int, int], str] = {}
        self.styles: dict[tuple[int, int], str] = {}

    def draw(self, number: int, line: Line) -> None:
        """Draw the `number`th line: its dots, and its marks at the points that are far enough apart."""
        mark, style = MARKS[number % len(MARKS)], colour(number)
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
                # a Braille character is EMPTY plus a bit for each of its eight dots
                if EMPTY < ord(character) < EMPTY + 256:
                    self.dots[row][column] |= ord(character) - EMPTY
                    self.styles[column, row] = style

    def _row_at(self, line: Line, column: int) -> int:
        """Return the row in which `line` crosses `column`, by linear interpolation."""
        frame = self.frame
        x = frame.left + (frame.right - frame.left) * column / (frame.width - 1)
        for (x1, y1), (x2, y2) in zip(line.points, line.points[1:], strict=False):
            if x <= x2:
                return frame.cell(x, y1 + (y2 - y1) * (x - x1) / (x2 - x1 or 1.0))[1]
        return frame.cell(*line.points[-1])[1]

    def put(self, column: int, row: int, mark: str, style: str) -> None:
        """Put a mark into a cell, over its dots."""
        self.marks[column, row] = mark
        self.styles[column, row] = style

    def row(self, row: int) -> Text:
        """Return a row of cells as text."""
        text = Text()
        for column, dots in enumerate(self.dots[row]):
            mark = self.marks.get((column, row)) or (chr(EMPTY + dots) if dots else " ")
            text.append(mark, style=self.styles.get((column, row), ""))
        return text
