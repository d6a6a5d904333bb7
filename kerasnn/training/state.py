"""What a training is after an epoch: all that another process needs to go on to bitwise the same weights."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from numpy.typing import NDArray

from kerasnn.records import Epoch

Arrays = tuple[NDArray[Any], ...]


@dataclass(frozen=True)
class State:
    """A training after a whole epoch. Early stopping's counters and the best epoch follow from the history.

    `weights`: of the model, in Keras' order. `best_weights`: those of the best epoch where a patience asks for them
    and it is not the last one, else empty. `optimizer`: all its variables. `generators`: the state of the random
    generator of each layer that has one. `compile_seconds`, `train_seconds`: spent so far.
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
    """Where a training begins, who keeps its state after every epoch, and who may ask it to stop.

    `start`: None begins at the first epoch. `stopping`: asked several times an epoch.
    """

    start: State | None = None
    keep: Callable[[State], None] | None = None
    stopping: Callable[[], bool] = lambda: False


ALONE: Final = Continuity()  # from the first epoch on, kept by nobody
