"""Results of a training, and everything known about a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final, Literal

from kerasnn.errors import EnvironmentFault
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.stages import PublishedRange
from kerasnn.records.data import DatasetInfo
from kerasnn.records.note import Note
from kerasnn.records.shown import Shown

if TYPE_CHECKING:
    import pandas


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


LASTING: Final = 4  # epochs after which a rise of the validation loss counts as lasting
Verdict = Literal["not-learning", "diverging", "still-learning", "done", "noisy", "overfitting"]


@dataclass(frozen=True)
class Chance:
    """What a model scores that gives every image the shares of the classes: a loss of the shares' entropy.

    Its accuracy is the share of the largest class. `validation`, `test`: by the labels of these parts.
    """

    validation: Scores
    test: Scores


@dataclass(frozen=True)
class CurveReading:
    """A diagnosis of learning curves.

    `best_loss`: the lowest validation loss. `gap`: validation loss minus training loss at the last epoch. `rise`:
    increase of the validation loss from its minimum to the last epoch, as a fraction of the minimum. `chance_loss`,
    `chance_accuracy`: as in Chance, of the validation set. `disagreements`: epochs in which validation loss and
    accuracy both rose or both fell, so that one improved and the other got worse. `causes`: why it did
    not learn, or wavers, as far as known. `next_command`: what helps most. `hasty`: early stopping ended the training
    far from its last epoch, although the validation loss had risen by no more than it wavers.
    """

    verdict: Verdict
    best_epoch: int
    last_epoch: int
    best_loss: float
    gap: float
    rise: float
    chance_loss: float
    chance_accuracy: float
    stopped_early: bool
    disagreements: tuple[int, ...]
    causes: tuple[Note, ...] = ()
    next_command: str | None = None
    hasty: bool = False

    @property
    def failed(self) -> bool:
        """True if the network learnt nothing, or lost what it had learnt."""
        return self.verdict in ("not-learning", "diverging")

    @property
    def too_early(self) -> bool:
        """True if there are too few epochs after the lowest validation loss to tell whether it rises."""
        return self.verdict == "noisy" and self.last_epoch - self.best_epoch < LASTING


@dataclass(frozen=True)
class Seconds:
    """Durations of a training. `compile`: tracing and compiling; `train`: the epochs with their validation."""

    total: float
    data: float
    compile: float
    train: float


@dataclass(frozen=True)
class Training(Shown, brief=("engine", "outcome", "stopped_epoch", "kept_epoch")):
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
class Run(Shown, brief=("run", "status", "parameters", "validation.loss", "test.accuracy")):
    """A training and everything known about it: the content of `train --json` and of `run.json`.

    `run`: its id, the name of its folder. `training`: scores of the saved model on the training images, dropout off.
    `model`: path of the saved model. `model_sha256`: of that file; None without one, and in records of older versions.
    `callbacks`: class names of the caller's callbacks, which may have changed the weights. `resumed_after`: the epochs
    after which another process resumed the training. `fault`: why the run failed. `notes`, `fault`: English text
    instead of Note in records of older versions. `chance`: None in these. `stuck_units`: what was found in the hidden
    layers of a network that did not learn. `name`, `tags`: what the user calls it; runs of the tour have its tag.
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
    chance: Chance | None = None
    stuck_units: tuple[Note, ...] = ()
    name: str | None = None
    tags: tuple[str, ...] = ()

    def history_frame(self) -> "pandas.DataFrame":
        """Return `history` as a DataFrame: a row per epoch, indexed by it, and a column per metric.

        Raises: EnvironmentFault if pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise EnvironmentFault(
                _("a DataFrame needs pandas, which is not installed"), hint=_("pip install pandas")
            ) from None
        metrics = [each.name for each in fields(Epoch) if each.name != "epoch"]
        rows = [[getattr(each, name) for name in metrics] for each in self.history]
        return pd.DataFrame(rows, pd.Index([each.epoch for each in self.history], name="epoch"), metrics, dtype=float)
