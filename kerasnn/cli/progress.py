"""The library's events as they come in: on a terminal what is going on, redrawn in place; else plain lines."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Self

from rich.console import Console, Group
from rich.segment import Segments
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import Compiling, Download, Epoch, Event, Notice, Outcome, Progress, StudyProgress, Working
from kerasnn.views.format import epoch_line, outcome_line, study_progress_line
from kerasnn.views.progress import Status, growing_curve, running_status, status_line, status_of

if TYPE_CHECKING:
    from rich.live import Live

SECONDS_UNSEEN: Final = 0.3  # what is over by then shows nothing
SECONDS_BETWEEN: Final = 0.1  # two drawings
SECONDS_TO_ESTIMATE: Final = 0.5  # before the time left is estimated
MOST_ROWS: Final = 16  # more running trainings would push the row of the total off the screen
IDLE: Final = Status("")


class LiveDisplay:
    """A listener that shows on a terminal what is going on, from `start` to `stop`, and nothing within `still`.

    A thread draws, so that something moves also where no event comes.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self.lock = threading.RLock()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._draw_until_over, daemon=True)
        self.live: Live | None = None
        self.hidden = 0  # depth of `still`
        self.shown_from = time.monotonic() + SECONDS_UNSEEN
        self.curve: tuple[tuple[int, int], Segments] | None = None  # as drawn for a size of the terminal
        self._begin("", status_of(Working("working")))

    def start(self) -> Self:
        """Begin to draw, at the earliest SECONDS_UNSEEN after this was made."""
        self.thread.start()
        return self

    def stop(self) -> None:
        """Erase what is drawn for good; the lines printed above it stay."""
        self.over.set()
        try:
            self.thread.join()
        finally:  # after another Ctrl-C too
            self._erase()

    @contextmanager
    def still(self) -> Iterator[None]:
        """Draw nothing while the block prints or asks."""
        with self.lock:
            self.hidden += 1
            self._erase()
        try:
            yield
        finally:
            with self.lock:
                self.hidden -= 1
                self.shown_from = time.monotonic() + SECONDS_UNSEEN

    def expect_figures(self) -> None:
        """Show that figures are drawn, which is what may follow a result, unless an event says otherwise."""
        self(Working("drawing"))

    def __call__(self, event: Event) -> None:
        with self.lock:
            match event:
                case Notice(text):
                    self.console.print(Text(text, style="yellow"))
                case Compiling():
                    self._show("compiling", status_of(Working("compiling")))
                case Progress():
                    self._show("epochs", status_of(event))
                    if event.finished is not None:
                        self.history.append(event.finished)
                        self.epochs, self.curve = event.epochs, None
                        self.console.print(Text(epoch_line(event.finished, event)))
                case StudyProgress(finished=Outcome() as outcome):
                    self.console.print(Text(outcome_line(outcome, choosing=event.choosing)))
                case StudyProgress():
                    self._show("study", status_of(event))
                    self._place(event)
                case Working() | Download():
                    status = status_of(event)
                    self._show(status.label, status)

    def _begin(self, kind: str, status: Status) -> None:
        """Show `status` as something new: its time begins now."""
        self.kind, self.status, self.share_before = kind, status, status.share or 0.0
        self.began = time.monotonic()
        self.rows: list[Status] = []  # of the trainings of a study
        self.workers: list[str] = []  # in the same order
        self.history: list[Epoch] = []
        self.epochs = 0
        self.curve = None

    def _show(self, kind: str, status: Status) -> None:
        if kind != self.kind:
            self._begin(kind, status)
        self.status = status

    def _place(self, progress: StudyProgress) -> None:
        """Give each running training the row of its worker; a row stays even while it is empty, so that none jumps."""
        running = {each.worker: each for each in progress.running}
        for name in [name for name in running if name not in self.workers]:
            gone = [place for place, worker in enumerate(self.workers) if worker not in running]
            place = gone[0] if gone else len(self.workers)
            self.workers[place : place + 1] = [name]
        self.rows = [running_status(running[name]) if name in running else IDLE for name in self.workers]

    def _draw_until_over(self) -> None:
        while not self.over.wait(SECONDS_BETWEEN):
            with self.lock:
                if not self.hidden and time.monotonic() >= self.shown_from:
                    self._draw()

    def _draw(self) -> None:
        from rich.live import Live  # here, because most commands are over before it is needed

        if self.live is None:
            # streams are not redirected: while Keras is imported, sys.stderr is another one
            how: Any = {"auto_refresh": False, "transient": True, "redirect_stdout": False, "redirect_stderr": False}
            self.live = Live(Group(), console=self.console, **how)
            self.live.start()
        self.live.update(self._picture(), refresh=True)

    def _picture(self) -> Group:
        size = width, height = self.console.size
        seconds, bare = time.monotonic() - self.began, self.console.options.ascii_only
        if self.curve is None or self.curve[0] != size:
            curve = growing_curve(self.history, self.epochs, width, height)
            self.curve = size, Segments(self.console.render(curve))
        most = max(1, min(MOST_ROWS, height - 3))
        rows = [status_line(each, None, width, bare=bare) for each in self.rows[:most]]
        total = status_line(self.status, seconds, width, left=self._left(seconds), bare=bare)
        return Group(self.curve[1], *rows, total)

    def _left(self, seconds: float) -> float | None:
        """Estimate the seconds left from the share done since this began; None if it is too early."""
        share = self.status.share or 0.0
        if seconds < SECONDS_TO_ESTIMATE or share <= self.share_before:
            return None
        return seconds * (1 - share) / (share - self.share_before)

    def _erase(self) -> None:
        with self.lock:
            if self.live is not None:
                self.live.stop()
                self.live = None


def plain_line(console: Console, event: Event) -> None:
    """Print an event that is worth a line of its own, where nothing can be drawn over."""
    match event:
        case Progress(finished=Epoch() as epoch):
            console.print(epoch_line(epoch, event), soft_wrap=True)
        case StudyProgress(finished=Outcome() as outcome):
            console.print(
                f"{outcome_line(outcome, choosing=event.choosing)}   {study_progress_line(event)}", soft_wrap=True
            )
        case Notice(text):
            console.print(text, style="yellow", soft_wrap=True)
        case Download(name, done, total) if total and done >= total:
            console.print(_("downloaded {name}, {total:,} bytes", name=name, total=total), soft_wrap=True)
