"""The library's progress events, shown on the status console."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

from kerasnn.language import _
from kerasnn.records import Download, Epoch, Event, Listener, Notice, Outcome, Progress, StudyProgress
from kerasnn.views.progress import epoch_line, outcome_line, study_progress_line


@contextmanager
def listening(console: Console, warn: Callable[[str], None]) -> Iterator[Listener]:
    """Yield a listener: a live display on a terminal, else plain lines; if the console is quiet, only warnings."""
    if console.quiet:
        yield lambda event: warn(event.text) if isinstance(event, Notice) and event.warns else None
    elif console.is_terminal and not console.is_dumb_terminal:
        from kerasnn.cli.live import LiveDisplay

        with LiveDisplay(console) as display:
            yield display
    else:
        yield lambda event: _plain_line(console, event)


def _plain_line(console: Console, event: Event) -> None:
    match event:
        case Progress(finished=Epoch() as epoch):
            console.print(epoch_line(epoch, event.epochs), soft_wrap=True)
        case StudyProgress(finished=Outcome() as outcome):
            console.print(
                f"{outcome_line(outcome, choosing=event.choosing)}   {study_progress_line(event)}", soft_wrap=True
            )
        case Notice(text):
            console.print(text, style="yellow", soft_wrap=True)
        case Download(name, done, total) if total and done >= total:
            console.print(_("downloaded {name}, {total:,} bytes", name=name, total=total), soft_wrap=True)
