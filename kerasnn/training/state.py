"""How a training is conducted: the state it continues from, earlier programs, who watches and who stops it.

The state after an epoch is all that another process needs to continue to bitwise the same weights.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from numpy.typing import NDArray

from kerasnn.data.dataset import Dataset
from kerasnn.lecture.hyperparameters import INITIALIZERS, Settings
from kerasnn.networks.architecture import Architecture
from kerasnn.records import Epoch, Listener, ignore

Arrays = tuple[NDArray[Any], ...]
Gate = Callable[[], int | None]


def let_all_pass() -> int | None:
    """The gate of a training that nobody holds."""
    return None


@dataclass(frozen=True)
class State:
    """A training after a whole epoch. The best epoch and early stopping's counters follow from the history.

    `weights`: of the model, in Keras' order. `best_weights`: those of the best epoch if `patience` is set and the best
    epoch is not the last; else empty. `optimizer`: all its variables. `generators`: the state of each layer's random
    generator, for layers that have one. `compile_seconds`, `train_seconds`: time spent so far.
    """

    history: tuple[Epoch, ...]
    weights: Arrays
    best_weights: Arrays
    optimizer: Arrays
    generators: Arrays
    compile_seconds: float
    train_seconds: float


@dataclass(frozen=True)
class Compiled:
    """A program of `fused` that trains a model (`program.model`), and the program that measures that model."""

    program: Any
    validation: Any


class Programs:
    """The programs compiled so far for one data set, and its images on the device; another data set discards them.

    Compiling takes as long as five epochs. A program can train only the model that it was compiled with, so a training
    copies its own weights and optimizer variables into that model, with bitwise the same results, and overwrites what
    the previous training with the program returned.
    """

    def __init__(self) -> None:
        self._on_device: Any = None
        self._dataset: Dataset | None = None
        self._compiled: dict[tuple[Architecture, Settings], Compiled] = {}

    @property
    def count(self) -> int:
        """How many networks there are programs for."""
        return len(self._compiled)

    def adopt(self, dataset: Dataset | None) -> None:
        """Take `dataset`, which holds the same values, for the data set that the programs were compiled for.

        None takes the images off the device: their owner may change or free them before the next training.
        """
        self._on_device, self._dataset = None, dataset

    def find(self, architecture: Architecture, settings: Settings, dataset: Dataset) -> Compiled | None:
        """Return the programs compiled for such a model on `dataset`, or None."""
        self._belong_to(dataset)
        return self._compiled.get((architecture, compiled_for(settings)))

    def on_device(self, dataset: Dataset, load: Callable[[Dataset], Any]) -> Any:
        """Return what `load` makes of `dataset`, the images on the device, which all programs share."""
        self._belong_to(dataset)
        if self._on_device is None:
            self._on_device = load(dataset)
        return self._on_device

    def _belong_to(self, dataset: Dataset) -> None:
        if dataset is not self._dataset:
            self._on_device, self._dataset, self._compiled = None, dataset, {}

    def keep(self, architecture: Architecture, settings: Settings, compiled: Compiled) -> None:
        self._compiled[architecture, compiled_for(settings)] = compiled


def compiled_for(settings: Settings) -> Settings:
    """Return `settings` with those replaced that a compiled program does not depend on; equal ones share a program."""
    # the initial weights and the learning rate are variables, which copy_variables sets
    return replace(settings, seed=0, epochs=1, patience=None, learning_rate=None, initializer=INITIALIZERS[0])


@dataclass(frozen=True)
class Conduct:
    """How a training is watched, and how a Keras training starts, is saved and is stopped.

    `callbacks`: of Keras; hooks for batches need the engine `keras`. `start`: the state to continue from; None for a
    new training. `keep`: called with the state after every epoch, to save it. `stopping`: called several times per
    epoch; if it returns True, the training stops. `programs`: those of `fused` from earlier trainings, to which new
    ones are added; a later training with them may overwrite the model that this one returns. `gate`: `fused` calls it
    before it trains on; it may wait, and returns how many batches come before the next call, at most (None: as many as
    usual).
    """

    listener: Listener = ignore
    callbacks: Sequence[Any] = ()
    start: State | None = None
    keep: Callable[[State], None] | None = None
    stopping: Callable[[], bool] = lambda: False
    programs: Programs | None = None
    gate: Gate = let_all_pass


ALONE: Final = Conduct()  # a new training that nobody watches
