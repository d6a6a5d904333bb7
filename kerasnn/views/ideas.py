"""The lecture's ideas in the terminal: activation functions, optimizers, masks of dropout."""

from collections.abc import Sequence
from math import log10
from typing import Final

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import ActivationCurve, OptimizerPath
from kerasnn.views.chart import Chart, Line
from kerasnn.views.picture import SHADES
from kerasnn.views.table import right, table

LEAST_LOSS: Final = 1e-6
CROSS: Final = "x"


def activation_chart(curve: ActivationCurve, *, height: int = 11) -> RenderableType:
    """An activation function and its slope."""
    lines = (
        Line("f(z)", tuple(zip(curve.z, curve.values, strict=True))),
        Line(_("slope"), tuple(zip(curve.z, curve.slopes, strict=True))),
    )
    return Chart(curve.name, "z", lines, height=height)


def loss_chart(paths: Sequence[OptimizerPath], *, height: int = 15) -> RenderableType:
    """The loss of each step of each optimizer, as its power of ten."""
    return Chart(
        "log10",
        _("step"),
        tuple(
            Line(path.name, tuple((float(step), log10(max(loss, LEAST_LOSS))) for step, loss in enumerate(path.losses)))
            for path in paths
        ),
        height=height,
    )


def way_chart(path: OptimizerPath, *, height: int = 9) -> RenderableType:
    """The way of one optimizer over the bowl, which is lowest at 0, 0."""
    return Chart(path.name, "", (Line(_("way"), path.points), Line(_("lowest"), ((0.0, 0.0),))), height=height)


def optimizers_table(paths: Sequence[OptimizerPath]) -> RenderableType:
    """Where each optimizer came to, and the effective learning rates of its first and last step."""
    grid = table()
    grid.add_column(_("optimizer"), no_wrap=True)
    grid.add_column(_("settings"))
    right(grid, _("loss at\nthe end"), _("first rate,\nsteep weight"), _("last rate,\nsteep weight"))
    for path in paths:
        rates = (f"{path.rates[place][1]:.3g}" for place in (0, -1))
        grid.add_row(path.name, path.settings, f"{path.losses[-1]:.2g}", *rates)
    return grid


class Masks:
    """Outputs in a square under several masks of dropout, beside each other where there is room.

    `outputs`: rows of numbers from 0 on. `kept`: for each mask rows of True and False; what is dropped is a cross.
    """

    def __init__(self, outputs: Sequence[Sequence[float]], kept: Sequence[Sequence[Sequence[bool]]]) -> None:
        self.outputs, self.kept = outputs, kept
        self.top = max((value for row in outputs for value in row), default=1.0) or 1.0

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(len(self.outputs[0]), options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        everything = [[True] * len(row) for row in self.outputs]
        sheets = [self._sheet(_("predicting"), everything)]
        sheets += [
            self._sheet(_("step {number}", number=number), mask) for number, mask in enumerate(self.kept, start=1)
        ]
        width = max(len(self.outputs[0]), cell_len(_("predicting"))) + 3
        across = max(1, options.max_width // width)
        grid = Table.grid(padding=(0, 3, 1, 0))
        for start in range(0, len(sheets), across):
            grid.add_row(*sheets[start : start + across])
        yield grid

    def _sheet(self, title: str, kept: Sequence[Sequence[bool]]) -> Text:
        text = Text(title, style="", no_wrap=True)
        text.stylize("bold")
        for row, mask in zip(self.outputs, kept, strict=True):
            text.append("\n")
            for value, stays in zip(row, mask, strict=True):
                shade = SHADES[min(int(value / self.top * len(SHADES)), len(SHADES) - 1)]
                text.append(shade if stays else CROSS, style="" if stays else "red")
        return text
