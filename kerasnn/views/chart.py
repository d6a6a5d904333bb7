"""Line charts in the terminal, in Braille dots; lines differ in marks and names, not only in colour.

Without Braille (ASCII output), the marks alone are drawn, close to each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.text import Text

from kerasnn.views.canvas import Canvas, Frame, Line, colour

BEST: Final = "@"
NARROWEST: Final = 40
WIDEST: Final = 84
HEIGHT: Final = 11
TICK: Final = 8  # columns for the numbers left of the chart


@dataclass(frozen=True)
class Chart:
    """Lines over one axis. `best`: index of a line and of its point to mark with @. Empty where it does not fit."""

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
        frame = Frame.around(self.lines, width, self.height)
        canvas = Canvas(frame, braille=not options.ascii_only)
        for number, line in enumerate(self.lines):
            canvas.draw(number, line)
        if self.best is not None:
            number, place = self.best
            canvas.put(*frame.cell(*self.lines[number].points[place]), BEST, "bold")
        yield Text(f"{self.title:>{TICK}}", style="bold")
        yield from self._rows(canvas, frame)

    def _rows(self, canvas: Canvas, frame: "Frame") -> RenderResult:
        ticks = {frame.cell(frame.left, value)[1]: text for value, text in frame.ticks()}
        ends = _end_rows([frame.cell(*line.points[-1])[1] for line in self.lines], frame.height)
        names = {row: number for number, row in enumerate(ends)}
        for row in range(frame.height):
            text = Text(f"{ticks.get(row, ''):>{TICK}} ", no_wrap=True, end="")
            text.append("+" if row in ticks else "|", style="dim")
            text.append_text(canvas.row(row))
            if row in names:
                number = names[row]
                text.append(f" {self.lines[number].name}", style=colour(number))
            yield text
            yield Segment.line()
        yield from _axis(frame, self.across)


def _end_rows(rows: Sequence[int], height: int) -> list[int]:
    """Return a row for the name of each line, near its end row and no two the same."""
    taken: list[int] = []
    placed = [0] * len(rows)
    for number in sorted(range(len(rows)), key=lambda each: rows[each]):
        row = rows[number] if not taken else max(rows[number], taken[-1] + 1)
        taken.append(row)
        placed[number] = row
    # names pushed below the last row move up again
    over = max(0, taken[-1] - height + 1) if taken else 0
    return [max(row - over, 0) if over else row for row in placed]


def _axis(frame: Frame, across: str) -> RenderResult:
    """Yield the x axis and a line of whole numbers below it."""
    first, last = ceil(frame.left), floor(frame.right)
    step = max(1, ceil((last - first) * 5 / frame.width))
    rule, numbers = ["-"] * frame.width, [" "] * (frame.width + 4)
    for value in range(first, last + 1, step):
        column = frame.cell(value, frame.low)[0]
        rule[column] = "+"
        numbers[column : column + len(str(value))] = str(value)
    yield Text.assemble(f"{'':{TICK + 1}}", ("+" + "".join(rule), "dim"))
    yield Text(f"{across:>{TICK}}  {''.join(numbers)}".rstrip())
