"""The table of results of a run as text, which the terminal and the report both show."""

from dataclasses import dataclass

from kerasnn.language import _
from kerasnn.records import Epoch, Run, Scores
from kerasnn.views.format import format_metric, format_range


@dataclass(frozen=True)
class ResultsTable:
    """Losses and accuracies of a run.

    `columns`: part of the data and metric of each column of numbers. `rows`: the epoch of the weights, then numbers.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    published: tuple[str, ...] | None
    notes: tuple[str, ...]


def results_table(run: Run) -> ResultsTable:
    """Return the scores of the kept model, of the best and of the last epoch, and what the textbook published."""
    by_number = {epoch.epoch: epoch for epoch in run.history}
    best, last = by_number.get(run.best_epoch or 0), by_number.get(run.stopped_epoch or 0)
    kept = _("saved: pass {number}") if run.engine == "scikit-learn" else _("saved: epoch {number}")
    rows = [
        (kept.format(number=run.kept_epoch), *scores(run.training), *scores(run.validation), *scores(run.test)),
        *(_epoch(_("best: epoch {number}"), epoch) for epoch in (best,) if epoch),
        *(_epoch(_("last: epoch {number}"), epoch) for epoch in (last,) if epoch),
    ]
    notes = []
    if run.published is not None:
        notes.append(_("published: {what} (the textbook's notebooks)", what=_(run.published.what)))
    if run.history:
        notes.append(_("* running mean during the epoch, dropout on; the others after it, dropout off"))
    parts, metrics = (_("training"), _("validation"), _("test")), (_("loss"), _("accuracy"))
    return ResultsTable(
        columns=tuple((part, metric) for part in parts for metric in metrics),
        rows=tuple(rows),
        published=(_("published"), "", "", "", format_range(run.published), "", "") if run.published else None,
        notes=tuple(notes),
    )


def scores(of: Scores | None) -> tuple[str, str]:
    """Return loss and accuracy as text; empty where there are none."""
    return (format_metric(of.loss), format_metric(of.accuracy)) if of else ("", "")


def _epoch(title: str, epoch: Epoch) -> tuple[str, ...]:
    own = (format_metric(epoch.loss) + "*", format_metric(epoch.accuracy) + "*")
    measured = (format_metric(epoch.val_loss), format_metric(epoch.val_accuracy))
    return (title.format(number=epoch.epoch), *own, *measured, "", "")
