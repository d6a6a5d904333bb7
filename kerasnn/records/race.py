"""Results of an optimizer race."""

from dataclasses import dataclass

from kerasnn.records.data import DatasetInfo
from kerasnn.records.training import Epoch


@dataclass(frozen=True)
class StepSize:
    """The size of an optimizer's steps in one epoch.

    `rate`: effective learning rate (step divided by gradient) at the end of the epoch, the median over all weights;
    `lower`, `upper`: its quartiles. `movement`: root mean square change of the weights in the epoch. `seconds`:
    duration of the epoch, including validation.
    """

    epoch: int
    rate: float
    lower: float
    upper: float
    movement: float
    seconds: float


@dataclass(frozen=True)
class Contender:
    """One optimizer of a race. `target_epoch`, `target_seconds`: until it reached the target; None if it did not.

    `target_seconds`: epochs with their validation, without compiling. `start`: sha256 of the initial weights.
    `diverged`: its loss or weights became infinite or not a number.
    """

    name: str
    optimizer: str
    learning_rate: float
    momentum: float
    nesterov: bool
    history: tuple[Epoch, ...]
    paces: tuple[StepSize, ...]
    best_epoch: int | None
    target_epoch: int | None
    target_seconds: float | None
    seconds: float
    start: str
    diverged: bool


@dataclass(frozen=True)
class Race:
    """`contenders` trained from the same weights on the same batches. `target`: the validation loss to reach."""

    dataset: DatasetInfo
    stage: str
    seed: int
    epochs: int
    batch_size: int
    target: float
    contenders: tuple[Contender, ...]
