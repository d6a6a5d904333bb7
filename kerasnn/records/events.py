"""Events that the library reports to a listener while it works."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from kerasnn.language import N_
from kerasnn.records.study import StudyProgress
from kerasnn.records.training import Epoch


@dataclass(frozen=True)
class Progress:
    """A training has seen `seen` of `images` images in `epoch`. `finished`: the metrics of a finished epoch.

    The rest belongs to `finished`: the `seconds` it took, the epochs `waited` since the best one (0: it is the best),
    and how many of these the training's `patience` allows.
    """

    epoch: int
    epochs: int
    seen: int
    images: int
    loss: float
    finished: Epoch | None = None
    seconds: float = 0.0
    waited: int = 0
    patience: int | None = None


@dataclass(frozen=True)
class Working:
    """Something has begun that may take a while. `what`: a key of `ACTIVITIES`.

    `done` of `total` parts are done; without a `total` nothing can be counted.
    """

    what: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Compiling:
    """The training program is about to be compiled; no event follows for a second or two."""


@dataclass(frozen=True)
class Notice:
    """A sentence for the user to read before the result is there.

    `warns`: something differs from what was asked for; shown even with `--quiet`.
    """

    text: str
    warns: bool = False


@dataclass(frozen=True)
class ReadWithChanges(Notice):
    """What was done to the user's data to read them."""


@dataclass(frozen=True)
class Download:
    """Progress of a download, in bytes. `total`: 0 if the server does not report it."""

    name: str
    done: int
    total: int


ACTIVITIES: Final = {
    "working": N_("working"),
    "tensorflow": N_("loading TensorFlow"),
    "torch": N_("loading PyTorch"),
    "jax": N_("loading JAX"),
    "reading": N_("reading the images"),
    "compiling": N_("compiling the training program"),
    "training": N_("training"),
    "measuring": N_("measuring the model"),
    "predicting": N_("predicting"),
    "explaining": N_("working out the explanation"),
    "checking": N_("checking"),
    "drawing": N_("drawing the figures"),
    "exporting": N_("writing the network"),
    "comparing": N_("comparing it with kerasnn's predictions"),
}

Event = Progress | Working | Compiling | Notice | Download | StudyProgress

Listener = Callable[[Event], None]


VIEW: Final = "kerasnn.views.notebook.progress"  # named, not imported: records know no view


def ignore(_: Event) -> None:
    """Do nothing."""


def show_in_notebook(event: Event) -> None:
    """Show the event below the cell of a Jupyter or Colab notebook; elsewhere do nothing: the default listener."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None and hasattr(shell, "kernel"):  # IPython on a terminal has none
        import_module(VIEW).show(event, shell.execution_count)
