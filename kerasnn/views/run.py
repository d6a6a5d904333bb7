"""`kerasnn train`: what a run came to."""

from rich.console import Group, RenderableType
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import Run, Scores
from kerasnn.records.note import sentence
from kerasnn.views import format as words
from kerasnn.views.curves import Curves
from kerasnn.views.reading import reading_sentences
from kerasnn.views.table import right, table


def run_view(run: Run) -> RenderableType:
    """The table of losses and accuracies, the curves and what they say, and where everything was kept."""
    parts: list[RenderableType] = [_heading(run), _scores(run)]
    if run.reading is not None and run.history:
        best_loss = min(epoch.val_loss for epoch in run.history)
        parts.append(Curves(run.history, run.best_epoch))
        parts += [Text(sentence) for sentence in reading_sentences(run.reading, best_loss)]
    parts += [Text(_("Note: {note}.", note=sentence(note)), style="yellow") for note in run.notes]
    if run.fault is not None:
        parts.append(Text(_("It failed: {fault}.", fault=sentence(run.fault)), style="red"))
    if run.dataset.stand_in:
        parts.append(Text(_(words.STAND_IN), style="yellow"))
    parts.append(_whereabouts(run))
    return Group(*parts)


def _heading(run: Run) -> Text:
    overrides = ", ".join(f"{words.setting(name)} {_value(value)}" for name, value in run.overrides.items())
    changed = _("Changed from the lecture: {overrides}; the published figures do not apply.", overrides=overrides)
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
        words.dataset(run.dataset),
        f"\n{changed}" if overrides else "",
    )


def _value(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _scores(run: Run) -> RenderableType:
    grid = table()
    grid.add_column("", no_wrap=True)
    right(
        grid,
        *(
            f"{part}\n{figure}"
            for part in (_("training"), _("validation"), _("test"))
            for figure in (_("loss"), _("accuracy"))
        ),
    )
    by_passes = run.engine == "scikit-learn"
    kept = _("kept: passes {number}") if by_passes else _("kept: epoch {number}")
    grid.add_row(kept.format(number=run.kept_epoch), *_pair(run.training), *_pair(run.validation), *_pair(run.test))
    by_number = {epoch.epoch: epoch for epoch in run.history}
    for title, number in ((_("best: epoch {number}"), run.best_epoch), (_("last: epoch {number}"), run.stopped_epoch)):
        epoch = by_number.get(number or 0)
        if epoch is not None:
            own = (words.loss(epoch.loss) + "*", words.accuracy(epoch.accuracy) + "*")
            grid.add_row(
                title.format(number=number), *own, words.loss(epoch.val_loss), words.accuracy(epoch.val_accuracy)
            )
    if run.published is not None:
        low_to_high = _("{low:.4f} to\n{high:.4f}", low=run.published.low, high=run.published.high)
        grid.add_row(_("published"), "", "", "", low_to_high, style="cyan")
    notes = [_("published: {what} (the textbook's notebooks)", what=_(run.published.what))] if run.published else []
    if run.history:
        notes.append(_("* running mean during the epoch, dropout on; the rest afterwards, dropout off"))
    grid.caption = "\n".join(notes) or None
    return grid


def _pair(scores: Scores | None) -> tuple[str, str]:
    return (words.loss(scores.loss), words.accuracy(scores.accuracy)) if scores else ("", "")


def _whereabouts(run: Run) -> Text:
    spent = run.seconds
    times = (
        _(
            "{total} in all: data {data}, compiling {compiling}, training {training}",
            total=words.seconds(spent.total),
            data=words.seconds(spent.data),
            compiling=words.seconds(spent.compile),
            training=words.seconds(spent.train),
        )
        if spent
        else ""
    )
    return Text.assemble(
        ("\n" + _("kept   "), "bold"),
        f"{run.model}\n",
        (_("time   "), "bold"),
        f"{times}\n",
        (_("again  "), "bold"),
        run.command,
    )
