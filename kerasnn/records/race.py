"""Optimizers raced against each other."""

from dataclasses import dataclass

from kerasnn.records.data import DatasetInfo
from kerasnn.records.training import Epoch


@dataclass(frozen=True)
class Pace:
    """How large an optimizer's steps were in one epoch.

    `rate`: the effective learning rate at the end of the epoch, what a gradient is multiplied by to make a step:
    the middle one of all weights; `lower`, `upper`: quartiles. `movement`: how far the weights came in the epoch,
    root mean square over the weights. `seconds`: of the epoch with its validation.
    """

    epoch: int
    rate: float
    lower: float
    upper: float
    movement: float
    seconds: float


@dataclass(frozen=True)
class Contender:
    """One optimizer of a race. `target_epoch`, `target_seconds`: until the target was reached; None: it was not.

    `target_seconds`: of the epochs with their validation, compiling left out. `start`: sha256 of the weights that it
    began with. `diverged`: its loss or weights were no longer numbers.
    """

    name: str
    optimizer: str
    learning_rate: float
    momentum: float
    nesterov: bool
    history: tuple[Epoch, ...]
    paces: tuple[Pace, ...]
    best_epoch: int | None
    target_epoch: int | None
    target_seconds: float | None
    seconds: float
    start: str
    diverged: bool


@dataclass(frozen=True)
class Race:
    """`contenders` trained from the same weights over the same batches. `target`: a validation loss to reach."""

    dataset: DatasetInfo
    stage: str
    seed: int
    epochs: int
    batch_size: int
    target: float
    contenders: tuple[Contender, ...]
