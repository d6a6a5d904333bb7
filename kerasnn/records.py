"""The plain values that cross between floors: what was trained, measured, predicted. All frozen.

Accuracies and shares are fractions, not percent; durations are seconds; epochs count from 1.
`plain` turns any of them into what JSON can hold.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from os import PathLike, fspath
from typing import Any, Final, Literal

from kerasnn.lecture.published import PublishedRange
from kerasnn.lecture.stages import Settings

Pixels = tuple[tuple[int, ...], ...]
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

LEFT_OUT: Final = {"json": False}  # marks a field that is there to be drawn, and left out of JSON


def plain(value: Any) -> Json:
    """`value` as JSON can hold it: records become objects, paths strings; not-a-number and infinity null."""
    if is_dataclass(value):
        shown = (each.name for each in fields(value) if each.metadata.get("json", True))
        return {name: plain(getattr(value, name)) for name in shown}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, PathLike):
        return str(fspath(value))
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"a record holds a {type(value).__name__}, which is no plain value")


@dataclass(frozen=True)
class StageRow:
    """One line of `kerasnn stages`; `model` in one line of Keras' words, `parameters` on Fashion-MNIST."""

    stage: str
    title: str
    step: str
    model: str
    optimizer: str
    epochs: int
    batch_size: int
    parameters: int
    published: PublishedRange | None


@dataclass(frozen=True)
class LayerSummary:
    """One layer: its output shape (None: the batch dimension) and how its parameters are counted."""

    name: str
    type: str
    output_shape: tuple[int | None, ...]
    parameters: int
    formula: str


@dataclass(frozen=True)
class ParameterCount:
    total: int
    trainable: int
    non_trainable: int


@dataclass(frozen=True)
class ModelSummary:
    """A model's layers as Keras' `model.summary()` counts them. `stage`: the stage or the model's name."""

    stage: str
    input_shape: tuple[int | None, ...]
    layers: tuple[LayerSummary, ...]
    parameters: ParameterCount


@dataclass(frozen=True)
class DatasetInfo:
    """Which images were used. `train`, `validation`, `test`: how many. `sha256`: of the images and labels.

    `location`: the folder or file they came from. `stand_in`: drawn by the program in place of Fashion-MNIST.
    `shape`: rows and columns of an image.
    """

    name: str
    sha256: str
    train: int
    validation: int
    test: int
    shape: tuple[int, int]
    classes: tuple[str, ...]
    location: str
    stand_in: bool = False


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
class Progress:
    """A sign of life from a training: `seen` of `images` images of `epoch`. `finished` once the epoch is over."""

    epoch: int
    epochs: int
    seen: int
    images: int
    loss: float
    finished: Epoch | None = None


@dataclass(frozen=True)
class Notice:
    """A sentence the user should read now, before the result is there."""

    text: str


@dataclass(frozen=True)
class Download:
    """How far the download of a file is, in bytes. `total`: 0 where the server does not say."""

    name: str
    done: int
    total: int


Event = Progress | Notice | Download
Listener = Callable[[Event], None]


def ignore(_: Event) -> None:
    """The listener of who wants to hear nothing."""


@dataclass(frozen=True)
class Training:
    """What a training learnt, without where it was kept.

    `stopped_epoch`: the last epoch trained. `keras_stopped_epoch`: the same as Keras' EarlyStopping counts it,
    from 0, and 0 where it never stopped; None without early stopping. `kept_epoch`: the epoch whose weights the
    model has. `best_epoch`: the lowest validation loss; None where the library reports no epochs.
    `engine`: what trained. `outcome`: `stopped` by the user, `diverged` where loss or weights were no longer
    numbers, else `done`.
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
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Environment:
    """What a run ran on: versions by package, and the device."""

    versions: Mapping[str, str]
    platform: str
    device: str
    threads: int


@dataclass(frozen=True)
class Run:
    """A training and all that is known of it; what `train --json` prints and `run.json` holds.

    `run`: its id, the name of its folder. `training`: scores of the kept model on the training images, dropout off.
    `model`: path of the saved model. `parameters`: how many the model has.
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
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClassScores:
    """How one class fares. `support`: images that truly belong to it."""

    label: int
    name: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Confusion:
    """`count` images of class `truth` were taken for class `answer`; `share` of all images of `truth`."""

    truth: str
    answer: str
    count: int
    share: float


@dataclass(frozen=True)
class Mistake:
    """A wrong answer for the test image `index`; the probability of that answer, and of the right one.

    `pixels`: the image, rows of grey values 0..255; left out of JSON.
    """

    index: int
    truth: str
    answer: str
    probability: float
    truth_probability: float
    pixels: Pixels = field(metadata=LEFT_OUT, repr=False)


@dataclass(frozen=True)
class Evaluation:
    """A model measured. `classes`, `confusion` (rows: truth, columns: answer) and `mistakes` are of the test set."""

    model: str
    path: str
    dataset: DatasetInfo
    validation: Scores
    test: Scores
    classes: tuple[ClassScores, ...]
    confusion: tuple[tuple[int, ...], ...]
    confused: tuple[Confusion, ...]
    mistakes: tuple[Mistake, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prediction:
    """A model's answer for one image; `probabilities` by label, `truth` where it is known.

    `pixels`: the image as the model saw it, rows of grey values 0..255; left out of JSON.
    """

    image: str
    label: int
    name: str
    probability: float
    probabilities: tuple[float, ...]
    names: tuple[str, ...]
    truth: str | None
    pixels: Pixels = field(metadata=LEFT_OUT, repr=False)
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ComparisonRow:
    """One model of a comparison; `seconds`: of its training, one after the other where it was trained several times.

    `accuracy`, `log_loss`: on the validation set, the mean over `seeds`; or over the `folds` of a cross-validation.
    `spread`: standard deviation of the accuracies, where there are several.
    """

    model: str
    parameters: int
    accuracy: float
    log_loss: float | None
    seconds: float
    spread: float | None = None
    seeds: tuple[int, ...] = ()
    folds: int | None = None


@dataclass(frozen=True)
class Comparison:
    dataset: DatasetInfo
    rows: tuple[ComparisonRow, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class DataFile:
    """One file of a data set and whether it is good. `sha256`: expected digest of the published file."""

    name: str
    path: str
    state: Literal["good", "missing", "corrupt"]
    detail: str


@dataclass(frozen=True)
class DataCheck:
    location: str
    good: bool
    files: tuple[DataFile, ...]


@dataclass(frozen=True)
class PixelStatistics:
    minimum: float
    maximum: float
    mean: float
    deviation: float


@dataclass(frozen=True)
class DataOverview:
    """What `data show` tells: how many images a class has in each part, and the pixels before and after / 255.

    `samples`: for each class its first training images, rows of grey values 0..255; left out of JSON.
    """

    dataset: DatasetInfo
    class_counts: tuple[tuple[str, int, int, int], ...]
    raw: PixelStatistics
    normalised: PixelStatistics
    samples: tuple[tuple[Pixels, ...], ...] = field(metadata=LEFT_OUT, repr=False)


@dataclass(frozen=True)
class Finding:
    """One thing `doctor` looked at. `fatal`: training could not work."""

    subject: str
    state: Literal["good", "note", "fault"]
    detail: str
    remedy: str | None = None
    fatal: bool = False


@dataclass(frozen=True)
class Checkup:
    findings: tuple[Finding, ...]
    healthy: bool
