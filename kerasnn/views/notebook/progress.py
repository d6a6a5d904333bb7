"""The library's progress events below a notebook's cell: lines of plain text, updated in place, without a widget."""

import time
from dataclasses import dataclass, field
from typing import Any, Final

from kerasnn.language import _
from kerasnn.records import Compiling, Download, Epoch, Event, Notice, Outcome, Progress, StudyProgress, Working
from kerasnn.views.format import epoch_line, outcome_line, study_progress_line
from kerasnn.views.progress import status_of

APART: Final = 0.2  # seconds between two updates that only move the last line


@dataclass
class CellLines:
    """What one cell shows: `done` lines that stay, and the `current` one. `handle`: IPython's, once it is shown."""

    done: list[str] = field(default_factory=list)
    current: str = ""
    handle: Any = None
    updated: float = 0.0

    def take(self, event: Event) -> None:
        """Add what `event` reports, and show it, unless the last update was just now and only the last line moved."""
        before = len(self.done)
        self._note(event)
        if len(self.done) > before or time.monotonic() - self.updated >= APART:
            self._update()

    def _note(self, event: Event) -> None:
        match event:
            case Notice(text):
                self.done.append(text)
            case Compiling():
                self.current = _("compiling the training program")
            case Download(name, done, total) if total and done >= total:
                self._finish(_("downloaded {name}, {total:,} bytes", name=name, total=total))
            case Progress(finished=Epoch() as epoch):
                self._finish(epoch_line(epoch, event))
            case Progress() | Working() | Download():
                status = status_of(event)
                self.current = "  ".join(filter(None, (status.label, status.amount, status.detail)))
            case StudyProgress():
                if isinstance(event.finished, Outcome):
                    self.done.append(outcome_line(event.finished, choosing=event.choosing))
                self.current = study_progress_line(event) if event.done < event.jobs else ""

    def _finish(self, line: str) -> None:
        self.done.append(line)
        self.current = ""

    def _update(self) -> None:
        from IPython.display import display

        data = {"text/plain": "\n".join([*self.done, *([self.current] if self.current else [])])}
        if self.handle is None:
            self.handle = display(data, raw=True, display_id=True)
        else:
            self.handle.update(data, raw=True)
        self.updated = time.monotonic()


_shown: dict[int, CellLines] = {}  # of the last cell only


def show(event: Event, cell: int) -> None:
    """Show `event` below the cell with the execution count `cell`."""
    if cell not in _shown:
        _shown.clear()
        _shown[cell] = CellLines()
    _shown[cell].take(event)
