"""Several curves over each other in the terminal, a letter at their points and at their ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table

from kerasnn.views import chart
from kerasnn.views.chart import COLOURS, NARROWEST, Chart
from kerasnn.views.curves import GAP, SIDE_BY_SIDE

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
HEIGHT: Final = 12


@dataclass(frozen=True)
class Line:
    """One curve: its values by epoch from 1, and the letter that stands for it."""

    letter: str
    values: tuple[float, ...]


class LineChart:
    """One chart a quantity, side by side where there is room. `charts`: lines by the name of the quantity."""

    def __init__(self, charts: Mapping[str, Sequence[Line]]) -> None:
        self.charts = charts

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        longest = max((len(line.values) for lines in self.charts.values() for line in lines), default=0)
        if longest < 2 or options.max_width < NARROWEST:
            return  # one point is no curve
        beside = options.max_width >= SIDE_BY_SIDE and len(self.charts) > 1
        drawn = [_chart(name, lines) for name, lines in self.charts.items()]
        grid = Table.grid(padding=(0, GAP, 0, 0))
        for row in [drawn] if beside else [[each] for each in drawn]:
            grid.add_row(*row)
        yield grid


def colour(place: int) -> str:
    """The colour of the line at that place, counted from 0."""
    return COLOURS[place % len(COLOURS)]


def _chart(name: str, lines: Sequence[Line]) -> Chart:
    drawn = tuple(
        chart.Line(line.letter, tuple((float(epoch), value) for epoch, value in enumerate(line.values, 1)), line.letter)
        for line in lines
    )
    return Chart(name, "epoch", drawn, height=HEIGHT)
