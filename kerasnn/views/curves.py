"""Loss and accuracy by epoch, drawn in the terminal with Braille dots."""

from collections.abc import Sequence
from typing import Final

import plotille
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from kerasnn.records import Epoch

TRAINING_COLOUR: Final = "blue"
VALIDATION_COLOUR: Final = "yellow"
HEIGHT: Final = 10
NARROWEST: Final = 40
SIDE_BY_SIDE: Final = 96
WIDEST_CHART: Final = 78
AXIS: Final = 13  # columns that the numbers and the line left of a chart take


class Curves:
    """The curves of a history, side by side where there is room; `marked`: the epoch to point at."""

    def __init__(self, history: Sequence[Epoch], marked: int | None) -> None:
        self.history, self.marked = history, marked

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if options.ascii_only or len(self.history) < 2 or options.max_width < NARROWEST:
            return  # Braille cannot be written there, and one point is no curve
        beside = options.max_width >= SIDE_BY_SIDE
        room = options.max_width // 2 - 2 if beside else options.max_width
        charts = [
            self._chart(name, min(room, WIDEST_CHART) - AXIS, colours=console.color_system is not None)
            for name in ("loss", "accuracy")
        ]
        grid = Table.grid(padding=(0, 2))
        for row in [charts] if beside else [[chart] for chart in charts]:
            grid.add_row(*row)
        yield grid
        yield _legend(self.marked)

    def _chart(self, name: str, width: int, *, colours: bool) -> Text:
        epochs = [float(epoch.epoch) for epoch in self.history]
        training = [float(getattr(epoch, name)) for epoch in self.history]
        validation = [float(getattr(epoch, f"val_{name}")) for epoch in self.history]
        low, high = min(training + validation), max(training + validation)
        margin = (high - low) * 0.05 or 0.01
        figure = plotille.Figure()
        figure.width, figure.height = width, HEIGHT
        figure.with_colors, figure.origin, figure.with_x_axis = colours, False, False
        figure.set_x_limits(min_=epochs[0], max_=epochs[-1])
        figure.set_y_limits(min_=low - margin, max_=high + margin)
        figure.y_label = name
        figure.y_ticks_fkt = lambda value, _: f"{value:10.3f}"
        if self.marked is not None:
            figure.axvline((self.marked - epochs[0]) / (epochs[-1] - epochs[0]))
        figure.plot(epochs, training, lc=TRAINING_COLOUR)
        figure.plot(epochs, validation, lc=VALIDATION_COLOUR)
        lines = figure.show().splitlines()
        return Text.from_ansi("\n".join([*lines, *epoch_axis(len(epochs), width)]))


def epoch_axis(epochs: int, width: int) -> list[str]:
    """A line with the numbers of epochs below their places; plotille's own ticks fall between epochs."""
    step = max(1, -(-5 * (epochs - 1) // width))
    marks, numbers = ["-"] * width, [" "] * (width + 4)
    for epoch in range(1, epochs + 1, step):
        place = round((epoch - 1) / (epochs - 1) * (width - 1))
        marks[place] = "|"
        numbers[place : place + len(str(epoch))] = str(epoch)
    return [f"{'epoch':>10} +-{''.join(marks)}", f"{'':13}{''.join(numbers)}".rstrip()]


def _legend(marked: int | None) -> Text:
    parts: list[str | tuple[str, str]] = [
        ("training", TRAINING_COLOUR),
        " (running mean, dropout on), ",
        ("validation", VALIDATION_COLOUR),
        " (after the epoch, dropout off)",
    ]
    if marked is not None:
        parts.append(f"; the upright line is epoch {marked}, the best")
    return Text.assemble(*parts, "\n", style="dim")
