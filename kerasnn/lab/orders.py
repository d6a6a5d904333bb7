"""What the server and the process that trains say to each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from kerasnn.networks.forward import Network

READY: Final = "ready"


@dataclass(frozen=True)
class Order:
    """A training to be done in the empty `folder`, or to be continued there, if `more_epochs` is a number.

    `paused`: before its first batch. `lang`: of what it reports. `best`: validation loss and number of the best epoch
    so far.
    """

    folder: Path
    stage: str
    overrides: Mapping[str, Any]
    started: datetime
    paused: bool
    lang: str
    more_epochs: int | None = None
    best: tuple[float, int] = (float("inf"), 0)


@dataclass(frozen=True)
class Command:
    """What the user asks of the training: to stop, pause or go on, for one `batch` or `epoch` or for good."""

    run: str
    do: Literal["stop", "pause", "continue", "epoch", "batch"]


@dataclass(frozen=True)
class Report:
    """What the process says: `ready`, or an event of a training with its content and, where it is new, its network."""

    kind: str
    run: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)
    network: "Network | None" = None
