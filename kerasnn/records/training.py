"""What a training learnt, and all that is known of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.published import PublishedRange
from kerasnn.records.data import DatasetInfo
from kerasnn.records.note import Note


@dataclass(frozen=True)
class Scores:
    """Mean cross-entropy in nats, and the fraction of right answers."""

    loss: float
    accuracy: float


@dataclass(frozen=True)
class Epoch:
    """One line of a history. `loss`, `accuracy`: Keras' running mean while training, dropout on.

    `val_loss`, `val_accuracy`: measured on the validation set after the epoch, dropout off.
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float


def counts_from_1(history: Sequence[Epoch]) -> bool:
    """Whether `history`, out of a file, has the epochs in their order with none left out, and numbered by integers."""
    numbers = [line.epoch for line in history]
    return numbers == list(range(1, len(history) + 1)) and all(type(number) is int for number in numbers)


@dataclass(frozen=True)
class CurveReading:
    """What a history's curves say.

    `gap`: validation loss minus training loss, both at the last epoch. `rise`: how much the validation loss rose
    from its lowest to the last epoch, as a fraction of the lowest. `disagreements`: epochs in which validation
    loss and accuracy both rose or both fell, so that one calls the epoch better and the other worse.
    """

    best_epoch: int
    last_epoch: int
    gap: float
    rise: float
    verdict: Literal["underfitting", "overfitting", "balanced"]
    disagreements: tuple[int, ...]


@dataclass(frozen=True)
class Seconds:
    """Where a training's time went. `compile`: tracing and compiling; `train`: the epochs with their validation."""

    total: float
    data: float
    compile: float
    train: float


@dataclass(frozen=True)
class Training:
    """What a training learnt, without where it was kept.

    `stopped_epoch`: the last epoch trained. `keras_stopped_epoch`: the same as Keras' EarlyStopping counts it,
    from 0, and 0 where it never stopped; None without early stopping. `kept_epoch`: the epoch whose weights the
    model has. `best_epoch`: the lowest validation loss; None where the library reports no epochs.
    `engine`: what trained. `outcome`: `stopped` by the user, `diverged` with the `fault` found in loss or weights,
    else `done`.
    """

    engine: str
    outcome: Literal["done", "stopped", "diverged"]
    history: tuple[Epoch, ...]
    best_epoch: int | None
    stopped_epoch: int
    stopped_early: bool
    keras_stopped_epoch: int | None
    kept_epoch: int
    compile_seconds: float
    train_seconds: float
    notes: tuple[Note, ...] = ()
    fault: Note | None = None


@dataclass(frozen=True)
class Environment:
    """What a run ran on: versions by package, the device, and what Keras computed on, None without Keras.

    `processor`: its model. `switches`: what TensorFlow was told by variables that change the bits of its results.
    """

    versions: Mapping[str, str]
    platform: str
    device: str
    threads: int
    backend: str | None = None
    processor: str = ""
    switches: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """A training and all that is known of it; what `train --json` prints and `run.json` holds.

    `run`: its id, the name of its folder. `training`: scores of the kept model on the training images, dropout off.
    `model`: path of the saved model. `parameters`: how many the model has. `callbacks`: classes of the caller's own,
    on which the weights may depend. `resumed_after`: the epochs after which the training was taken up again by another
    process. `fault`: why the run failed, where it did. `notes`, `fault`: English text in records of older versions.
    """

    run: str
    stage: str
    status: Literal["running", "done", "stopped", "failed"]
    seed: int
    engine: str
    dataset: DatasetInfo
    settings: Settings
    overrides: Mapping[str, Any]
    parameters: int
    history: tuple[Epoch, ...]
    best_epoch: int | None
    stopped_epoch: int | None
    stopped_early: bool
    keras_stopped_epoch: int | None
    kept_epoch: int | None
    reading: CurveReading | None
    training: Scores | None
    validation: Scores | None
    test: Scores | None
    published: PublishedRange | None
    seconds: Seconds | None
    model: str | None
    command: str
    started: str
    ended: str | None
    environment: Environment
    notes: tuple[Note | str, ...] = ()
    callbacks: tuple[str, ...] = ()
    resumed_after: tuple[int, ...] = ()
    fault: Note | str | None = None
