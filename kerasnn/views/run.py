"""`kerasnn train` and `kerasnn runs show`: the results of a run."""

from rich.console import Group, RenderableType
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import Run
from kerasnn.records.note import sentence
from kerasnn.views.curves import Curves
from kerasnn.views.format import describe_dataset, format_duration, format_settings
from kerasnn.views.notices import note_lines, stand_in_notice
from kerasnn.views.reading import reading_sentences
from kerasnn.views.results import results_table
from kerasnn.views.table import right, table


def run_view(run: Run) -> RenderableType:
    """Return the table of losses and accuracies, the curves and their diagnosis, the path of the model, the time."""
    parts: list[RenderableType] = [_heading(run), _scores(run)]
    if run.reading is not None and run.history:
        best_loss = min(epoch.val_loss for epoch in run.history)
        parts.append(Curves(run.history, run.best_epoch))
        parts += [Text(sentence) for sentence in reading_sentences(run.reading, best_loss)]
    parts += note_lines(run.notes)
    if run.fault is not None:
        parts.append(Text(_("Training failed: {fault}.", fault=sentence(run.fault)), style="red"))
    parts += stand_in_notice(run.dataset)
    parts.append(_whereabouts(run))
    return Group(*parts)


def _heading(run: Run) -> Text:
    overrides = format_settings(run.overrides)
    changed = _("Changed from the lecture: {overrides}; the published numbers do not apply.", overrides=overrides)
    return Text.assemble(
        (f"{run.stage}", "bold"),
        "   "
        + _(
            "seed {seed}   engine {engine}   {parameters:,} parameters",
            seed=run.seed,
            engine=run.engine,
            parameters=run.parameters,
        )
        + "\n",
        describe_dataset(run.dataset),
        f"\n{changed}" if overrides else "",
    )


def _scores(run: Run) -> RenderableType:
    found = results_table(run)
    grid = table(caption="\n".join(found.notes) or None)
    grid.add_column("", no_wrap=True)
    right(grid, *(f"{part}\n{metric}" for part, metric in found.columns))
    for row in found.rows:
        grid.add_row(*row)
    if found.published is not None:
        grid.add_row(*found.published, style="cyan")
    return grid


def _whereabouts(run: Run) -> Text:
    spent = run.seconds
    times = (
        _(
            "{total} in total: data {data}, compiling {compiling}, training {training}",
            total=format_duration(spent.total),
            data=format_duration(spent.data),
            compiling=format_duration(spent.compile),
            training=format_duration(spent.train),
        )
        if spent
        else ""
    )
    return Text.assemble(
        ("\n" + _("saved  "), "bold"),
        f"{run.model}\n",
        (_("time   "), "bold"),
        f"{times}\n",
        (_("repeat "), "bold"),
        run.command,
    )
