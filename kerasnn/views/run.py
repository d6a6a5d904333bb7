"""`kerasnn train`: what a run came to."""

from rich.console import Group, RenderableType
from rich.text import Text

from kerasnn.records import Run, Scores
from kerasnn.views import words
from kerasnn.views.curves import Curves
from kerasnn.views.reading import reading_sentences
from kerasnn.views.table import right, table


def run_view(run: Run) -> RenderableType:
    """The table of losses and accuracies, the curves and what they say, and where everything was kept."""
    parts: list[RenderableType] = [_heading(run), _scores(run)]
    if run.reading is not None:
        best_loss = min(epoch.val_loss for epoch in run.history)
        parts.append(Curves(run.history, run.best_epoch))
        parts += [Text(sentence) for sentence in reading_sentences(run.reading, best_loss)]
    parts += [Text(f"Note: {note}.", style="yellow") for note in run.notes]
    if run.dataset.stand_in:
        parts.append(Text(words.STAND_IN, style="yellow"))
    parts.append(_whereabouts(run))
    return Group(*parts)


def _heading(run: Run) -> Text:
    overrides = ", ".join(f"{name} {_value(value)}" for name, value in run.overrides.items())
    changed = f"\nChanged from the lecture: {overrides}; the published figures do not apply." if overrides else ""
    return Text.assemble(
        (f"{run.stage}", "bold"),
        f"   seed {run.seed}   engine {run.engine}   {run.parameters:,} parameters\n",
        words.dataset(run.dataset),
        changed,
    )


def _value(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _scores(run: Run) -> RenderableType:
    grid = table()
    grid.add_column("", no_wrap=True)
    right(
        grid, *(f"{part}\n{figure}" for part in ("training", "validation", "test") for figure in ("loss", "accuracy"))
    )
    passes = "passes" if run.engine == "scikit-learn" else "epoch"
    grid.add_row(f"kept: {passes} {run.kept_epoch}", *_pair(run.training), *_pair(run.validation), *_pair(run.test))
    by_number = {epoch.epoch: epoch for epoch in run.history}
    for title, number in (("best", run.best_epoch), ("last", run.stopped_epoch)):
        epoch = by_number.get(number or 0)
        if epoch is not None:
            own = (words.loss(epoch.loss) + "*", words.accuracy(epoch.accuracy) + "*")
            grid.add_row(
                f"{title}: epoch {number}", *own, words.loss(epoch.val_loss), words.accuracy(epoch.val_accuracy)
            )
    if run.published is not None:
        grid.add_row("published", "", "", "", f"{run.published.low:.4f} to\n{run.published.high:.4f}", style="cyan")
    notes = [f"published: {run.published.what} (the textbook's notebooks)"] if run.published else []
    if run.history:
        notes.append("* running mean during the epoch, dropout on; the rest afterwards, dropout off")
    grid.caption = "\n".join(notes) or None
    return grid


def _pair(scores: Scores | None) -> tuple[str, str]:
    return (words.loss(scores.loss), words.accuracy(scores.accuracy)) if scores else ("", "")


def _whereabouts(run: Run) -> Text:
    spent = run.seconds
    times = (
        f"{words.seconds(spent.total)} in all: data {words.seconds(spent.data)}, compiling "
        f"{words.seconds(spent.compile)}, training {words.seconds(spent.train)}"
        if spent
        else ""
    )
    return Text.assemble(
        ("\nkept   ", "bold"), f"{run.model}\n", ("time   ", "bold"), f"{times}\n", ("again  ", "bold"), run.command
    )
