"""Loss and accuracy by epoch, drawn in the terminal."""

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
    """The curves of a history, side by side where there is room; `marked`: the epoch to point at."""

    def __init__(self, history: Sequence[Epoch], marked: int | None) -> None:
        self.history, self.marked = history, marked

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if len(self.history) < 2 or options.max_width < NARROWEST:
            return  # one point is no curve
        charts = [self._chart(name) for name in ("loss", "accuracy")]
        beside = options.max_width >= SIDE_BY_SIDE
        grid = Table.grid(padding=(0, GAP, 0, 0))
        for row in [charts] if beside else [[chart] for chart in charts]:
            grid.add_row(*row)
        yield grid
        yield _legend(self.marked)

    def _chart(self, name: str) -> Chart:
        training = tuple((float(epoch.epoch), float(getattr(epoch, name))) for epoch in self.history)
        validation = tuple((float(epoch.epoch), float(getattr(epoch, f"val_{name}"))) for epoch in self.history)
        numbers = [epoch.epoch for epoch in self.history]
        best = (1, numbers.index(self.marked)) if self.marked in numbers else None
        return Chart(
            {"loss": _("loss"), "accuracy": _("accuracy")}[name],
            _("epoch"),
            (Line(_("training"), training), Line(_("validation"), validation)),
            best,
        )


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
