"""Learning curves in the terminal."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import Epoch
from kerasnn.views.chart import BEST, COLOURS, NARROWEST, Chart, Line

SIDE_BY_SIDE: Final = 110
GAP: Final = 2


class Curves:
    """Loss and accuracy of a history, side by side if they fit; `marked`: the epoch to mark."""

    def __init__(self, history: Sequence[Epoch], marked: int | None) -> None:
        self.history, self.marked = history, marked

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if len(self.history) < 2 or options.max_width < NARROWEST:
            return  # one point is no curve
        yield _beside([self._chart(name) for name in ("loss", "accuracy")], options.max_width)
        yield _legend(self.marked)

    def _chart(self, name: str) -> Chart:
        numbers = [epoch.epoch for epoch in self.history]
        best = (1, numbers.index(self.marked)) if self.marked in numbers else None
        lines = _line(_("training"), self.history, name), _line(_("validation"), self.history, f"val_{name}")
        return Chart({"loss": _("loss"), "accuracy": _("accuracy")}[name], _("epoch"), lines, best)


def _line(name: str, history: Sequence[Epoch], metric: str) -> Line:
    return Line(name, tuple((float(epoch.epoch), float(getattr(epoch, metric))) for epoch in history))


class ValidationCurves:
    """Validation loss and accuracy of several trainings in the same charts.

    `histories`: pairs of a short name, written at the end of the line, and the epochs.
    """

    def __init__(self, histories: Sequence[tuple[str, Sequence[Epoch]]]) -> None:
        # a run that failed early has no epochs
        self.histories = [(name, history) for name, history in histories if history]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        longest = max((len(history) for _name, history in self.histories), default=0)
        if longest < 2 or options.max_width < NARROWEST:
            return
        titles = {"val_loss": _("val. loss"), "val_accuracy": _("val. accuracy")}
        charts = [
            Chart(title, _("epoch"), tuple(_line(name, history, metric) for name, history in self.histories))
            for metric, title in titles.items()
        ]
        yield _beside(charts, options.max_width)


def _beside(charts: Sequence[Chart], width: int) -> Table:
    """Place the charts side by side if they fit, else below each other."""
    grid = Table.grid(padding=(0, GAP, 0, 0))
    for row in [charts] if width >= SIDE_BY_SIDE else [[chart] for chart in charts]:
        grid.add_row(*row)
    return grid


def _legend(marked: int | None) -> Text:
    parts: list[str | tuple[str, str]] = [
        (_("training"), COLOURS[0]),
        _(": running mean, dropout on; "),
        ("o " + _("validation"), COLOURS[1]),
        _(": after the epoch, dropout off"),
    ]
    if marked is not None:
        parts.append(_("; {mark} epoch {number}, the best", mark=BEST, number=marked))
    return Text.assemble(*parts, "\n", style="dim")
