"""Several curves over each other in the terminal: Braille dots in colours, and a letter at every point."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import plotille
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

COLOURS: Final = ("blue", "yellow", "green", "magenta", "cyan", "red", "white")
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
HEIGHT: Final = 12
NARROWEST: Final = 40
SIDE_BY_SIDE: Final = 96
WIDEST_CHART: Final = 78
AXIS: Final = 13  # columns that the numbers and the line left of a chart take


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
        if options.ascii_only or longest < 2 or options.max_width < NARROWEST:
            return  # Braille cannot be written there, and one point is no curve
        beside = options.max_width >= SIDE_BY_SIDE and len(self.charts) > 1
        room = options.max_width // 2 - 2 if beside else options.max_width
        width, colours = min(room, WIDEST_CHART) - AXIS, console.color_system is not None
        drawn = [_chart(name, lines, longest, width, colours=colours) for name, lines in self.charts.items()]
        grid = Table.grid(padding=(0, 2))
        for row in [drawn] if beside else [[chart] for chart in drawn]:
            grid.add_row(*row)
        yield grid


def colour(place: int) -> str:
    """The colour of the line at that place, counted from 0."""
    return COLOURS[place % len(COLOURS)]


def _chart(name: str, lines: Sequence[Line], epochs: int, width: int, *, colours: bool) -> Text:
    every = [value for line in lines for value in line.values]
    low, high = min(every), max(every)
    margin = (high - low) * 0.05 or 0.01
    figure = plotille.Figure()
    figure.width, figure.height = width, HEIGHT
    figure.with_colors, figure.origin, figure.with_x_axis = colours, False, False
    figure.set_x_limits(min_=1.0, max_=float(epochs))
    figure.set_y_limits(min_=low - margin, max_=high + margin)
    figure.y_label = name
    figure.y_ticks_fkt = lambda value, _: f"{value:10.3f}"
    for place, line in enumerate(lines):
        numbers = [float(epoch) for epoch in range(1, len(line.values) + 1)]
        figure.plot(numbers, list(line.values), lc=colour(place), marker=line.letter)
    return Text.from_ansi("\n".join([*figure.show().splitlines(), *_epoch_axis(epochs, width)]))


def _epoch_axis(epochs: int, width: int) -> list[str]:
    """A line with the numbers of epochs below their places; plotille's own ticks fall between epochs."""
    step = max(1, -(-5 * (epochs - 1) // width))
    marks, numbers = ["-"] * width, [" "] * (width + 4)
    for epoch in range(1, epochs + 1, step):
        place = round((epoch - 1) / (epochs - 1) * (width - 1))
        marks[place] = "|"
        numbers[place : place + len(str(epoch))] = str(epoch)
    return [f"{'epoch':>10} +-{''.join(marks)}", f"{'':13}{''.join(numbers)}".rstrip()]
