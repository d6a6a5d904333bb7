"""The state of a training after an epoch: all that another process needs to continue to bitwise the same weights."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from numpy.typing import NDArray

from kerasnn.records import Epoch

Arrays = tuple[NDArray[Any], ...]


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
class Continuity:
    """How a training starts, is saved and is stopped.

    `start`: the state to continue from; None for a new training. `keep`: called with the state after every epoch, to
    save it. `stopping`: called several times per epoch; if it returns True, the training stops.
    """

    start: State | None = None
    keep: Callable[[State], None] | None = None
    stopping: Callable[[], bool] = lambda: False


ALONE: Final = Continuity()  # a new training whose state is not saved
