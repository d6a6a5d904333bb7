"""What is going on, in lines that fit the terminal: what, how far along, how much longer; and the growing curve."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.console import Group, RenderableType
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import ACTIVITIES, Download, Epoch, Progress, Running, StudyProgress, Working
from kerasnn.views.format import format_duration, time_left

BAR: Final = 16  # columns
SHORTEST: Final = 4  # a shorter bar says nothing
CURVE_ROWS: Final = 6
LOWEST: Final = 18  # rows of a terminal that has room for the curve
SPINNER: Final = ("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "|/-\\")  # in Braille, and in ASCII
FILLED: Final = (("━", "─"), ("#", "-"))
TURNS: Final = 8  # of the spinner, in a second


@dataclass(frozen=True)
class Status:
    """One thing that is going on. `share`: how much of it is done, None if nothing can be counted.

    `amount`, `detail`: counts and metrics. `left`: how much longer, if more is known than `share` tells.
    """

    label: str
    share: float | None = None
    amount: str = ""
    detail: str = ""
    left: str | None = None


def status_of(event: Progress | Working | Download | StudyProgress) -> Status:
    """Return what an event says is going on; for a study, that of all its trainings."""
    match event:
        case Progress():
            return Status(
                _("epoch {number}/{epochs}", number=event.epoch, epochs=event.epochs),
                (event.epoch - 1 + event.seen / event.images) / event.epochs,
                _("{seen:,} of {images:,} images", seen=event.seen, images=event.images),
                _("loss {loss:.4f}", loss=event.loss),
            )
        case Working(what, done, total):
            amount = _("{number} of {stops}", number=done, stops=total) if total else ""
            return Status(_(ACTIVITIES[what]), done / total if total else None, amount)
        case Download(name, done, total) if total:
            amount = _("{done:.1f} of {total:.1f} MB", done=done / 1e6, total=total / 1e6)
            return Status(_("downloading {name}", name=name), done / total, amount)
        case Download(name, done):  # the server does not say how much there is
            return Status(_("downloading {name}", name=name), None, _("{done:.1f} MB", done=done / 1e6))
        case StudyProgress(jobs, done):
            amount = _("{number} of {stops}", number=done, stops=jobs)
            return Status(_("all trainings"), done / jobs if jobs else None, amount, left=time_left(event) or None)


def running_status(running: Running) -> Status:
    """Return how far one training of a study has come."""
    label = _("{stage}, seed {seed}", stage=running.job.stage, seed=running.job.seed)
    seconds = _("{seconds} s", seconds=f"{running.seconds:.0f}")
    number = _("epoch {number}/{epochs}", number=running.epoch, epochs=running.epochs) if running.epoch else ""
    return Status(label, running.epoch / running.epochs, number, left=seconds)


def status_line(
    status: Status, seconds: float | None, width: int, *, left: float | None = None, bare: bool = False
) -> Text:
    """Return `status` after `seconds` in at most `width` cells; what there is no room for is left out.

    `seconds`: None for one of several lines, of which only the last has a spinner. `left`: the estimated seconds left.
    `bare`: in ASCII.
    """
    time, turning = status.left or "", " "
    if seconds is not None:
        turning = SPINNER[bare][int(seconds * TURNS) % len(SPINNER[bare])]
        time = time or (format_duration(seconds) if left is None else _("{time} left", time=format_duration(left)))
    fields = [f"{turning} {status.label}", status.amount, status.detail, time]
    for least in (1, 2):  # the amount first, then the detail
        if cell_len("  ".join(filter(None, fields))) > width:
            fields[least] = ""
    room = width - cell_len("  ".join(filter(None, fields))) - 2
    if status.share is not None and room >= SHORTEST:
        fields.insert(1, _bar(status.share, min(room, BAR), bare=bare))
    line = "  ".join(filter(None, fields))
    return Text(set_cell_size(line, width) if cell_len(line) > width else line, no_wrap=True)


def _bar(share: float, columns: int, *, bare: bool) -> str:
    full = int(min(max(share, 0.0), 1.0) * columns)
    filled, empty = FILLED[bare]
    return filled * full + empty * (columns - full)


def growing_curve(history: Sequence[Epoch], epochs: int, width: int, height: int) -> RenderableType:
    """Return loss and val_loss so far, over an axis of all `epochs`; nothing if there is no curve yet or no room."""
    from kerasnn.views.chart import NARROWEST, Chart, Line  # here, because every command imports this module

    if len(history) < 2 or width < NARROWEST or height < LOWEST:
        return Group()
    lines = [
        Line(name, tuple((float(epoch.epoch), float(getattr(epoch, name))) for epoch in history))
        for name in ("loss", "val_loss")
    ]
    return Chart("", _("epoch"), tuple(lines), until=float(epochs), height=CURVE_ROWS)
