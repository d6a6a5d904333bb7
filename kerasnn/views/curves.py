"""Learning curves in the terminal, and their diagnosis in sentences."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from kerasnn.language import N_, _, ngettext
from kerasnn.records import CurveReading, Epoch
from kerasnn.views.chart import BEST, COLOURS, NARROWEST, Chart, Line
from kerasnn.views.format import join_items
from kerasnn.views.table import in_rows

SIDE_BY_SIDE: Final = 110
PADDING: Final = (0, 2, 0, 0)  # a gap between two charts


class Curves:
    """Loss and accuracy of a history, side by side if they fit; `marked`: the epoch to mark."""

    def __init__(self, history: Sequence[Epoch], marked: int | None) -> None:
        self.history, self.marked = history, marked

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if len(self.history) < 2 or options.max_width < NARROWEST:
            return  # one point is no curve
        across = 2 if options.max_width >= SIDE_BY_SIDE else 1
        yield in_rows([self._chart(name) for name in ("loss", "accuracy")], across, PADDING)
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
        yield in_rows(charts, 2 if options.max_width >= SIDE_BY_SIDE else 1, PADDING)


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


ABOVE: Final = N_(  # whole sentences: not every language can exchange one word
    "The validation loss was lowest in epoch {best} of {last} ({loss:.4f}); in the last epoch it was "
    "{gap:.4f} above the training loss (a running mean)."
)
BELOW: Final = N_(
    "The validation loss was lowest in epoch {best} of {last} ({loss:.4f}); in the last epoch it was "
    "{gap:.4f} below the training loss (a running mean)."
)


def reading_sentences(reading: CurveReading, history: Sequence[Epoch]) -> list[str]:
    """Return sentences on the best epoch, the gap, the verdict and disagreements of loss and accuracy."""
    best, last, gap = reading.best_epoch, reading.last_epoch, abs(reading.gap)
    loss = min(epoch.val_loss for epoch in history)
    lowest = _(ABOVE if reading.gap >= 0 else BELOW, best=best, last=last, loss=loss, gap=gap)
    sentences = [lowest, _verdict(reading)]
    if reading.disagreements:
        sentences.append(
            ngettext(
                "Loss and accuracy disagreed in epoch {epochs}: one got better, the other worse. Trust the "
                "loss, which is what training minimizes.",
                "Loss and accuracy disagreed in epochs {epochs}: one got better, the other worse. Trust the "
                "loss, which is what training minimizes.",
                len(reading.disagreements),
                epochs=join_items(reading.disagreements),
            )
        )
    return sentences


def _verdict(reading: CurveReading) -> str:
    best, rise = reading.best_epoch, reading.rise
    if reading.verdict == "overfitting":
        return _(
            "Overfitting: after epoch {best} the validation loss rose by {rise:.1%} while the training loss "
            "kept falling. --patience 2 stops in time and saves the best epoch.",
            best=best,
            rise=rise,
        )
    if reading.verdict == "underfitting":
        return _("Still learning: the last epoch was the best, so more --epochs may help.")
    # after its minimum the loss may even have fallen a little
    return _("Balanced: after its minimum the validation loss rose by no more than {rise:.1%}.", rise=max(rise, 0))
