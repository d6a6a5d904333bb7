"""What a listener is told while the library works."""

from collections.abc import Callable
from dataclasses import dataclass

from kerasnn.records.study import Standing
from kerasnn.records.training import Epoch


@dataclass(frozen=True)
class Progress:
    """A sign of life from a training: `seen` of `images` images of `epoch`. `finished` once the epoch is over."""

    epoch: int
    epochs: int
    seen: int
    images: int
    loss: float
    finished: Epoch | None = None


@dataclass(frozen=True)
class Compiling:
    """The program that trains is about to be compiled, which takes a second or two without a sign of life."""


@dataclass(frozen=True)
class Notice:
    """A sentence the user should read now, before the result is there.

    `warns`: it tells that something is not as it was asked for, and whoever wants no notes hears it too.
    """

    text: str
    warns: bool = False


@dataclass(frozen=True)
class Download:
    """How far the download of a file is, in bytes. `total`: 0 where the server does not say."""

    name: str
    done: int
    total: int


Event = Progress | Compiling | Notice | Download | Standing

Listener = Callable[[Event], None]


def ignore(_: Event) -> None:
    """The listener of who wants to hear nothing."""
