"""Learning curves in the terminal."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import Epoch
from kerasnn.views.chart import BEST, COLOURS, NARROWEST, Chart, Line
from kerasnn.views.table import in_rows

SIDE_BY_SIDE: Final = 110
PADDING: Final = (0, 2, 0, 0)  # a gap between two charts


class Curves:
    """Loss and accuracy of a history, side by side if they fit.

    `marked`: the epoch to mark. `dropout`: whether the training used dropout.
    """

    def __init__(self, history: Sequence[Epoch], marked: int | None, *, dropout: bool = False) -> None:
        self.history, self.marked, self.dropout = history, marked, dropout

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if len(self.history) < 2 or options.max_width < NARROWEST:
            return  # one point is no curve
        across = 2 if options.max_width >= SIDE_BY_SIDE else 1
        yield in_rows([self._chart(name) for name in ("loss", "accuracy")], across, PADDING)
        yield _legend(self.marked, dropout=self.dropout)

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
        yield in_rows(charts, 2 if options.max_width >= SIDE_BY_SIDE else 1, PADDING)


def _legend(marked: int | None, *, dropout: bool) -> Text:
    parts: list[str | tuple[str, str]] = [
        (_("training"), COLOURS[0]),
        _(": running mean, dropout on; ") if dropout else _(": running mean; "),
        ("o " + _("validation"), COLOURS[1]),
        _(": after the epoch, dropout off") if dropout else _(": after the epoch"),
    ]
    if marked is not None:
        parts.append(_("; {mark} epoch {number}, the best", mark=BEST, number=marked))
    return Text.assemble(*parts, "\n", style="dim")
