"""What the library reports while it works, shown on the status console."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from kerasnn.cli.console import Output
from kerasnn.language import _
from kerasnn.records import Download, Epoch, Event, Listener, Notice, Outcome, Progress, Standing
from kerasnn.views.study_progress import outcome_line, standing_line


@contextmanager
def listening(output: Output) -> Iterator[Listener]:
    """A listener that shows a live display on a terminal, else plain lines; under -q only what warns."""
    console = output.status
    if output.quiet:
        yield lambda event: output.warn(event.text) if isinstance(event, Notice) and event.warns else None
    elif console.is_terminal and not console.is_dumb_terminal:
        from kerasnn.cli.live import LiveDisplay

        with LiveDisplay(console) as display:
            yield display
    else:
        yield lambda event: _plain_line(console, event)


def epoch_line(epoch: Epoch, epochs: int) -> str:
    """One finished epoch in one line of at most 80 characters."""
    width = len(str(epochs))
    return _(
        "epoch {number}/{epochs}  training loss {loss:.4f} accuracy {accuracy:.4f}"
        "  validation {val_loss:.4f} {val_accuracy:.4f}",
        number=f"{epoch.epoch:{width}}",
        epochs=epochs,
        loss=epoch.loss,
        accuracy=epoch.accuracy,
        val_loss=epoch.val_loss,
        val_accuracy=epoch.val_accuracy,
    )


def _plain_line(console: Console, event: Event) -> None:
    match event:
        case Progress(finished=Epoch() as epoch):
            console.print(epoch_line(epoch, event.epochs), soft_wrap=True)
        case Standing(finished=Outcome() as outcome):
            console.print(f"{outcome_line(outcome, choosing=event.choosing)}   {standing_line(event)}", soft_wrap=True)
        case Notice(text):
            console.print(text, style="yellow", soft_wrap=True)
        case Download(name, done, total) if total and done >= total:
            console.print(_("downloaded {name}, {total:,} bytes", name=name, total=total), soft_wrap=True)
