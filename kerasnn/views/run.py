"""`kerasnn train` and `kerasnn runs show`: the results of a run; the report shows the same table."""

from itertools import product
from typing import Final, NamedTuple

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from kerasnn.language import N_, _
from kerasnn.lecture.stages import PublishedRange
from kerasnn.lecture.titles import training_introduction, training_title
from kerasnn.records import Epoch, Run, Scores
from kerasnn.records.note import sentence
from kerasnn.records.reading import reading_sentences, told_by_curves
from kerasnn.records.serialize import Json, plain_object
from kerasnn.views.curves import Curves
from kerasnn.views.format import describe_dataset, format_duration, format_metric, format_range, run_name
from kerasnn.views.table import FirstThatFits, note_lines, stand_in_notice, table

_WITHOUT_RESULT: Final = {
    "running": N_("{name} has no result: its training did not end."),
    "stopped": N_("{name} has no result: its training was stopped."),
    "failed": N_("{name} has no result: its training failed."),
    "done": N_("{name} has no result."),
}


def run_view(run: Run, *, verbose: bool = False) -> RenderableType:
    """Return how good the network is, the table of losses and accuracies, the curves and what they tell.

    `verbose`: also how the time was spent, and the command that repeats the run.
    """
    parts: list[RenderableType] = [Text(result_sentence(run), "bold"), _heading(run)]
    if run.kept_epoch is not None:
        parts.append(_scores_grid(run))
    if run.reading is not None and run.history:  # scikit-learn's run has no epochs
        parts.append(Curves(run.history, run.best_epoch, dropout=run.settings.dropout > 0))
        parts += map(Text, told_by_curves(run.reading))
    parts += note_lines((*run.dataset.notes, *run.notes))
    if run.fault is not None:
        parts.append(Text(_("Training failed: {fault}.", fault=sentence(run.fault)), style="red"))
    parts += stand_in_notice(run.dataset)
    parts.append(_whereabouts(run, verbose=verbose))
    return Group(*parts)


def result_sentence(run: Run) -> str:
    """Return how many test images the network recognises, or why that is unknown."""
    if run.test is not None:
        return _(
            "{name} recognises {share:.1%} of the {count:,} test images, which it has never seen.",
            name=run_name(run),
            share=run.test.accuracy,
            count=run.dataset.test,
        )
    return _(_WITHOUT_RESULT[run.status], name=run_name(run))


def run_document(run: Run) -> dict[str, Json]:
    """Return `run` as JSON values, with the sentences of its reading in the current language."""
    document = plain_object(run)
    if run.reading is not None:
        document["reading"] = {**plain_object(run.reading), "sentences": list(reading_sentences(run.reading))}
    return document


def _heading(run: Run) -> Text:
    about = _("seed {seed}   engine {engine}   {parameters:,} parameters", **vars(run))
    if not run.parameters:  # it was built, and its record not written again
        about = _("seed {seed}   engine {engine}", **vars(run))
    dataset = describe_dataset(run.dataset)
    if not run.overrides:
        return Text(f"{about}\n{dataset}")
    described = run.stage, run.settings
    return Text(f"{training_title(*described)}\n{about}\n{dataset}\n{training_introduction(*described)}")


def _scores_grid(run: Run) -> RenderableType:
    """Return the table of results with a row for each epoch, or where that is too wide a column."""
    found = results_table(run)
    lines = [*found.rows, *([found.published] if found.published else [])]
    # not `right`, whose columns do not wrap: here the published range may
    columns = [Column(f"{part}\n{metric}", justify="right") for part, metric in found.columns]
    notes = "\n".join(found.notes) or None
    across = table(None, Column("", no_wrap=True), *columns, caption=notes)
    for place, line in enumerate(lines):
        across.add_row(*line, style="cyan" if place >= len(found.rows) else "")
    titles = [Column(title.replace(": ", ":\n"), justify="right") for title, *_numbers in lines]
    down = table(None, Column("", no_wrap=True), *titles, caption=notes)
    for (part, metric), *numbers in zip(found.columns, *(line[1:] for line in lines), strict=True):
        down.add_row(f"{part} {metric}", *numbers)
    return FirstThatFits(across, down)


def _whereabouts(run: Run, *, verbose: bool) -> Text:
    lines = [(_("saved  "), str(run.model))] if run.model else []
    if run.seconds is not None:
        parts = {name: format_duration(getattr(run.seconds, name)) for name in ("total", "data", "train")}
        times = _(
            "{total} in total: data {data}, compiling {compiling}, training {training}",
            total=parts["total"],
            data=parts["data"],
            compiling=format_duration(run.seconds.compile),
            training=parts["train"],
        )
        lines.append((_("time   "), times if verbose else parts["total"]))
    if verbose:
        lines.append((_("repeat "), run.command))
    return Text("\n").join([Text(), *(Text.assemble((label, "bold"), text) for label, text in lines)])


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
    titles = {run.best_epoch: _("best: epoch {number}"), run.stopped_epoch: _("last: epoch {number}")}
    if run.best_epoch == run.stopped_epoch:  # one row, not the same numbers twice
        titles = {run.stopped_epoch: _("best, last: epoch {number}")}
    for number, title in titles.items():
        rows += [_epoch(title, epoch) for epoch in run.history if epoch.epoch == number]
    notes = []
    if run.published is not None:
        notes += _published(run, run.published)
    if run.history and run.settings.patience is None and run.kept_epoch != run.best_epoch:
        notes.append(_("without patience the last epoch is saved, as in the lecture, not the best"))
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


def _published(run: Run, published: PublishedRange) -> list[str]:
    """Return what was published, and how the epoch that it is comparable with lies to it."""
    notes = [_("published: {what} (the textbook's notebooks)", what=_(published.what))]
    best = next((epoch.val_accuracy for epoch in run.history if epoch.epoch == run.best_epoch), None)
    kept = run.validation.accuracy if run.validation else None
    accuracy, number = {"best": (best, run.best_epoch), "kept": (kept, run.kept_epoch), None: (None, None)}[
        published.epoch
    ]
    if accuracy is not None:
        says = N_("compare it with epoch {number}, whose validation accuracy of {accuracy:.4f} lies within")
        if round(accuracy, 4) < round(published.low, 4):
            says = N_("compare it with epoch {number}, whose validation accuracy of {accuracy:.4f} lies below")
        elif round(accuracy, 4) > round(published.high, 4):
            says = N_("compare it with epoch {number}, whose validation accuracy of {accuracy:.4f} lies above")
        notes.append(_(says, number=number, accuracy=accuracy))
    return notes


def guessing_note(classes: int, largest: float) -> str:
    """Return what an accuracy is to be compared with. `largest`: share of the largest class in the test images."""
    if f"{largest:.4f}" == f"{1 / classes:.4f}":
        return _("test accuracy of guessing {guessing:.4f}", guessing=largest)
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
