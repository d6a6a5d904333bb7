"""`kerasnn train` and `kerasnn runs show`: the results of a run; the report shows the same table."""

from itertools import product
from typing import NamedTuple

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from kerasnn.language import _
from kerasnn.lecture.titles import training_introduction, training_title
from kerasnn.records import Epoch, Run, Scores
from kerasnn.records.note import sentence
from kerasnn.records.reading import reading_sentences
from kerasnn.records.serialize import Json, plain_object
from kerasnn.views.curves import Curves
from kerasnn.views.format import describe_dataset, format_duration, format_metric, format_range
from kerasnn.views.table import note_lines, stand_in_notice, table


def run_view(run: Run) -> RenderableType:
    """Return the table of losses and accuracies, the curves and their diagnosis, the path of the model, the time."""
    parts: list[RenderableType] = [_heading(run), _scores_grid(run)]
    if run.reading is not None and run.history:  # scikit-learn's run has no epochs
        parts.append(Curves(run.history, run.best_epoch, dropout=run.settings.dropout > 0))
        parts += map(Text, reading_sentences(run.reading))
    parts += note_lines((*run.dataset.notes, *run.notes))
    if run.fault is not None:
        parts.append(Text(_("Training failed: {fault}.", fault=sentence(run.fault)), style="red"))
    parts += stand_in_notice(run.dataset)
    parts.append(_whereabouts(run))
    return Group(*parts)


def run_document(run: Run) -> dict[str, Json]:
    """Return `run` as JSON values, with the sentences of its reading in the current language."""
    document = plain_object(run)
    if run.reading is not None:
        document["reading"] = {**plain_object(run.reading), "sentences": list(reading_sentences(run.reading))}
    return document


def _heading(run: Run) -> Text:
    about = _("seed {seed}   engine {engine}   {parameters:,} parameters", **vars(run))
    dataset = describe_dataset(run.dataset)
    if not run.overrides:
        return Text.assemble((run.stage, "bold"), f"   {about}\n{dataset}")
    described = run.stage, run.settings
    return Text.assemble(
        (training_title(*described), "bold"), f"\n{about}\n{dataset}\n{training_introduction(*described)}"
    )


def _scores_grid(run: Run) -> RenderableType:
    found = results_table(run)
    # not `right`, whose columns cut off what is too wide: here the published range may wrap
    columns = [Column(f"{part}\n{metric}", justify="right") for part, metric in found.columns]
    grid = table(None, Column("", no_wrap=True), *columns, caption="\n".join(found.notes) or None)
    for row in found.rows:
        grid.add_row(*row)
    if found.published is not None:
        grid.add_row(*found.published, style="cyan")
    return grid


def _whereabouts(run: Run) -> Text:
    times = ""
    if run.seconds is not None:
        times = _(
            "{total} in total: data {data}, compiling {compiling}, training {training}",
            total=format_duration(run.seconds.total),
            data=format_duration(run.seconds.data),
            compiling=format_duration(run.seconds.compile),
            training=format_duration(run.seconds.train),
        )
    lines = (("\n" + _("saved  "), f"{run.model}\n"), (_("time   "), f"{times}\n"), (_("repeat "), run.command))
    return Text.assemble(*(part for label, text in lines for part in ((label, "bold"), text)))


class ResultsTable(NamedTuple):
    """Losses and accuracies of a run.

    `columns`: part of the data and metric of each column of numbers. `rows`: the epoch of the weights, then numbers.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    published: tuple[str, ...] | None
    notes: tuple[str, ...]


def results_table(run: Run) -> ResultsTable:
    """Return the scores of the kept model, of the best and of the last epoch, and what the textbook published."""
    kept = _("saved: pass {number}") if run.engine == "scikit-learn" else _("saved: epoch {number}")
    rows: list[tuple[str, ...]] = [
        (kept.format(number=run.kept_epoch), *scores(run.training), *scores(run.validation), *scores(run.test))
    ]
    for title, number in ((_("best: epoch {number}"), run.best_epoch), (_("last: epoch {number}"), run.stopped_epoch)):
        rows += [_epoch(title, epoch) for epoch in run.history if epoch.epoch == number]
    notes = []
    if run.published is not None:
        notes.append(_("published: {what} (the textbook's notebooks)", what=_(run.published.what)))
    if run.history:
        with_dropout = _("* running mean during the epoch, dropout on; the others after it, dropout off")
        notes.append(
            with_dropout if run.settings.dropout else _("* running mean during the epoch; the others after it")
        )
    if run.chance is not None:
        notes.append(guessing_note(len(run.dataset.classes), run.chance.test.accuracy))
    columns = tuple(product((_("training"), _("validation"), _("test")), (_("loss"), _("accuracy"))))
    # the notebooks print the validation accuracy only
    published = (_("published"), "", "", "", format_range(run.published), "", "") if run.published else None
    return ResultsTable(columns, tuple(rows), published, tuple(notes))


def guessing_note(classes: int, largest: float) -> str:
    """Return what an accuracy is to be compared with. `largest`: share of the largest class in the test images."""
    return _(
        "test accuracy of guessing {guessing:.4f}, of the largest class {largest:.4f}",
        guessing=1 / classes,
        largest=largest,
    )


def scores(of: Scores | None) -> tuple[str, str]:
    """Return loss and accuracy as text; empty where there are none."""
    return (format_metric(of.loss), format_metric(of.accuracy)) if of else ("", "")


def _epoch(title: str, epoch: Epoch) -> tuple[str, ...]:
    # the star refers to the note on running means
    own = (format_metric(epoch.loss) + "*", format_metric(epoch.accuracy) + "*")
    measured = (format_metric(epoch.val_loss), format_metric(epoch.val_accuracy))
    return (title.format(number=epoch.epoch), *own, *measured, "", "")
