"""`kerasnn runs`: a list of runs, and runs compared by their settings, curves and results."""

from collections.abc import Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from kerasnn.language import N_, _, ngettext
from kerasnn.lecture.hyperparameters import format_value
from kerasnn.records import Difference, Run, RunComparison, RunRow
from kerasnn.records.codes import Code
from kerasnn.records.note import sentence
from kerasnn.runs.labels import TOUR
from kerasnn.views.chart import colour
from kerasnn.views.curves import ValidationCurves
from kerasnn.views.format import (
    format_duration,
    format_metric,
    format_settings,
    join_items,
    setting_label,
)
from kerasnn.views.run import scores
from kerasnn.views.table import FirstThatFits, FittingTable, right, table

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RUNS_A_TABLE: Final = 5  # more columns would not fit 80 characters
_STYLE: Final = {
    N_("running"): "cyan",
    N_("done"): "green",
    N_("stopped"): "yellow",
    N_("failed"): "red",
    N_("killed"): "red",
    N_("damaged"): "red",
}


def runs_view(rows: Sequence[RunRow], *, tour: bool = True) -> RenderableType:
    """Return the runs as a table, or a sentence if there are none. `tour`: with those of the tour."""
    shown = [row for row in rows if tour or TOUR not in row.tags]
    left_out = len(rows) - len(shown)
    apart = ngettext(
        "{count} run of the tour: kerasnn runs list --tag tour",
        "{count} runs of the tour: kerasnn runs list --tag tour",
        left_out,
    )
    parts: list[RenderableType] = [_run_table(shown)] if shown else []
    if not rows:
        parts.append(Text(_("No runs found.")))
    for row in shown:
        if row.problem is not None:
            parts.append(Text(row.problem, style="yellow"))
        parts += [Text(f"{row.run}: {sentence(note)}", style="yellow") for note in row.notes]
    return Group(*parts, *([Text(apart, "dim")] if left_out else []))


def _run_table(rows: Sequence[RunRow]) -> RenderableType:
    datasets = {row.dataset for row in rows if row.dataset}
    title = ngettext("{count} run", "{count} runs", len(rows))
    if len(datasets) == 1:  # once, not in each row
        title = _("{runs} on {dataset}", runs=title, dataset=datasets.pop())
        datasets = set()
    tables = {(wide, full): _empty(title, wide=wide, full=full) for wide in (True, False) for full in (True, False)}
    for row in rows:
        time = format_duration(row.seconds) if row.seconds is not None else ""
        test = format_metric(row.test.accuracy) if row.test else ""
        changed = format_settings(row.overrides)
        about = _about(row, with_dataset=bool(datasets))
        numbers = *scores(row.validation), time
        settings = [Text("  " + format_settings({name: value}), "dim") for name, value in row.overrides.items()]
        for (wide, _full), each in tables.items():
            if wide:
                each.add_row(Text("\n").join(about), *numbers, test, changed)
            else:
                each.add_row(Text("\n").join([*about, *settings]), *numbers)
    return FirstThatFits(*tables.values())


def _empty(title: str, *, wide: bool, full: bool) -> FittingTable:
    """Return the table without rows. `wide`: with columns for test and changes. `full`: whole headings."""
    names = Column(_("run"), no_wrap=True)
    headings = [_("validation loss"), _("validation accuracy")] if full else [_("loss"), _("accuracy")]
    test = _("test accuracy") if full else _("test")
    more = [*right(test.replace(" ", "\n")), Column(_("changed"), overflow="fold", no_wrap=full)] if wide else []
    caption = _("of the saved model") if full else _("loss, accuracy: of the saved model on the validation images")
    return table(
        title, names, *right(*(each.replace(" ", "\n") for each in headings), _("time")), *more, caption=caption
    )


def _about(row: RunRow, *, with_dataset: bool) -> list[Text]:
    """Return the id of a run and, on a line of its own, what else is known; that it is done is not worth a word."""
    word = "killed" if any(note.code == Code.KILLED for note in row.notes) else row.status
    status = [] if word == "done" else [Text(_(word), _STYLE[word])]
    words = [*filter(None, (row.author, row.name)), *(f"#{tag}" for tag in row.tags)]
    known = [*status, *map(Text, words), *([Text(row.dataset, "dim")] if with_dataset and row.dataset else [])]
    return [Text(row.run, "bold"), *([Text.assemble("  ", Text("  ").join(known))] if known else [])]


def removed_view(names: Sequence[str]) -> RenderableType:
    return Text("\n".join(_("removed: {name}", name=name) for name in names))


def run_comparison_view(comparison: RunComparison, *, by_seed: tuple[str, float] | None = None) -> RenderableType:
    """Return the settings in which the runs differ, their validation curves, and their results.

    `by_seed`: a stage, and by how much the test accuracies of two of its seeds differ; None if that is not known.
    """
    runs, differing = comparison.runs, (*comparison.settings, *comparison.surroundings)
    parts: list[RenderableType] = [Text(differences_sentence(comparison), "bold"), _legend(runs)]
    tables = [range(start, min(start + RUNS_A_TABLE, len(runs))) for start in range(0, len(runs), RUNS_A_TABLE)]
    if differing:
        parts += [_values(differing, places) for places in tables]
    if any(len(run.history) > 1 for run in runs):  # one point is no curve
        parts.append(ValidationCurves([(letter(place), run.history) for place, run in enumerate(runs)]))
    parts += [_values(result_rows(runs), places) for places in tables]
    parts += map(Text, _which_is_better(runs, by_seed))
    parts += [
        Text(f"{letter(place)}: {sentence(note)}", "yellow") for place, run in enumerate(runs) for note in run.notes
    ]
    return Group(*parts)


def differences_sentence(comparison: RunComparison) -> str:
    """Return the settings in which runs differ, and whether anything else does."""
    settings = [setting_label(each.name) for each in comparison.settings]
    others = [setting_label(each.name) for each in comparison.surroundings]
    if settings:
        told = _("They differ in {settings}.", settings=join_items(settings))
    else:
        told = _("Their settings are the same.")
    return told + " " + _("Not the same either: {others}.", others=join_items(others)) if others else told


def _which_is_better(runs: Sequence[Run], by_seed: tuple[str, float] | None) -> list[str]:
    """Say which run has the lowest validation loss, and whether a seed alone makes such a difference."""
    measured = sorted((run.validation.loss, letter(place), run) for place, run in enumerate(runs) if run.validation)
    if len(measured) < 2 or len({run.dataset.sha256 for run in runs}) > 1:
        return []
    (lowest, name, best), (other_loss, other, second) = measured[:2]
    values = {"name": name, "other": other, "difference": round(other_loss, 4) - round(lowest, 4)}
    if values["difference"] == 0:
        sentences = [_("{name} and {other} have the same validation loss.", **values)]
    else:
        sentences = [_("{name} has the lowest validation loss, {difference:.4f} below that of {other}.", **values)]
    if by_seed is not None and best.test and second.test:
        stage, usual = by_seed
        differ = abs(best.test.accuracy - second.test.accuracy)
        if differ <= usual:
            says = _(
                "Their test accuracies differ by {differ:.4f}. Two seeds of the lecture's {stage} differ by up to "
                "{usual:.4f} in 19 of 20 cases, so the seed alone can make this difference.",
                **{"differ": differ, "stage": stage, "usual": usual},
            )
            sentences.append(says)
    return sentences


def _legend(runs: Sequence[Run]) -> RenderableType:
    """Return a letter for each run, with its status and data set unless all have the same."""
    legend = Table.grid(Column(no_wrap=True), Column(no_wrap=True), Column(overflow="fold"), padding=(0, 2))
    varied = len({(run.status, run.dataset.name) for run in runs}) > 1
    for place, run in enumerate(runs):
        about = [run.name] if run.name else []
        about += [_(run.status), run.dataset.name] if varied else []
        legend.add_row(Text(letter(place), style=f"bold {colour(place)}"), run.run, "  ".join(about))
    return legend


def letter(place: int) -> str:
    """Return the letter of the run at index `place` in tables and curves."""
    return LETTERS[place % len(LETTERS)]


def _values(rows: Sequence[Difference], places: range) -> RenderableType:
    grid = table(None, Column("", overflow="fold"))
    for place in places:
        grid.add_column(Text(letter(place), style=colour(place)), justify="right", overflow="fold")
    for row in rows:
        grid.add_row(setting_label(row.name), *(format_value(row.values[place]) for place in places))
    return grid


def cells_of(row: Difference) -> tuple[str, ...]:
    """Return the label of a row of differences, and the value of each run."""
    return setting_label(row.name), *map(format_value, row.values)


def result_rows(runs: Sequence[Run]) -> list[Difference]:
    """Return the results of the runs as rows of the table of differences."""
    rows = [Difference(N_("best epoch"), tuple(run.best_epoch for run in runs))]
    rows.append(Difference(N_("saved epoch"), tuple(run.kept_epoch for run in runs)))
    for part in ("training", "validation", "test"):
        measured = [getattr(run, part) for run in runs]
        for metric in ("loss", "accuracy"):
            values = tuple(f"{getattr(each, metric):.4f}" if each else None for each in measured)
            rows.append(Difference(f"{part} {metric}", values))
    times = tuple(f"{run.seconds.train:.1f}" if run.seconds else None for run in runs)
    return [*rows, Difference(N_("training seconds"), times)]
