"""Results of a training, and everything known about a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.stages import PublishedRange
from kerasnn.records.data import DatasetInfo
from kerasnn.records.note import Note


@dataclass(frozen=True)
class Scores:
    """Mean cross-entropy in nats, and the fraction of correct answers."""

    loss: float
    accuracy: float


@dataclass(frozen=True)
class Epoch:
    """One line of a history. `loss`, `accuracy`: Keras' running mean during the epoch, dropout on.

    `val_loss`, `val_accuracy`: measured on the validation set after the epoch, dropout off.
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float


def counts_from_1(history: Sequence[Epoch]) -> bool:
    """Return True if the epochs of `history`, read from a file, are the integers 1, 2, 3... in order."""
    numbers = [line.epoch for line in history]
    # 1.0 and True are equal to 1, so the types are checked as well
    return numbers == list(range(1, len(history) + 1)) and all(type(number) is int for number in numbers)


@dataclass(frozen=True)
class CurveReading:
    """A diagnosis of learning curves.

    `gap`: validation loss minus training loss at the last epoch. `rise`: increase of the validation loss from its
    minimum to the last epoch, as a fraction of the minimum. `disagreements`: epochs in which validation loss and
    accuracy both rose or both fell, so that one improved and the other got worse.
    """

    best_epoch: int
    last_epoch: int
    gap: float
    rise: float
    verdict: Literal["underfitting", "overfitting", "balanced"]
    disagreements: tuple[int, ...]


@dataclass(frozen=True)
class Seconds:
    """Durations of a training. `compile`: tracing and compiling; `train`: the epochs with their validation."""

    total: float
    data: float
    compile: float
    train: float


@dataclass(frozen=True)
class Training:
    """The result of a training that is not saved yet.

    `stopped_epoch`: the last epoch trained. `keras_stopped_epoch`: the same as Keras' EarlyStopping counts it, from
    0, and 0 if it never stopped; None without early stopping. `kept_epoch`: the epoch whose weights the model has.
    `best_epoch`: the one with the lowest validation loss; None if the library reports no epochs.
    `outcome`: `stopped` by the user, `diverged` with the `fault` found in loss or weights, else `done`.
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
    """The software and hardware of a run. `versions`: by package. `backend`: of Keras; None without Keras.

    `processor`: model name. `switches`: environment variables of TensorFlow that change the bits of its results.
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
    """A training and everything known about it: the content of `train --json` and of `run.json`.

    `run`: its id, the name of its folder. `training`: scores of the saved model on the training images, dropout off.
    `model`: path of the saved model. `model_sha256`: of that file; None without one, and in records of older versions.
    `callbacks`: class names of the caller's callbacks, which may have changed the weights. `resumed_after`: the epochs
    after which another process resumed the training. `fault`: why the run failed. `notes`, `fault`: English text
    instead of Note in records of older versions.
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
    model_sha256: str | None = None
