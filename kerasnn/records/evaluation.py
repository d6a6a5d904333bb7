"""Evaluations, predictions and comparisons of models, and races of optimizers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kerasnn.records.data import DatasetInfo
from kerasnn.records.note import Note
from kerasnn.records.picture_codes import NOTHING
from kerasnn.records.serialize import LEFT_OUT, Pixels
from kerasnn.records.shown import Shown
from kerasnn.records.training import Epoch, Scores


@dataclass(frozen=True)
class ClassScores:
    """Scores of one class. `support`: number of images that belong to it."""

    label: int
    name: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Confusion:
    """`count` images of class `truth` were classified as `answer`; `share`: as a fraction of all images of `truth`."""

    truth: str
    answer: str
    count: int
    share: float


@dataclass(frozen=True)
class Mistake(Shown, brief=("index", "truth", "answer", "probability")):
    """A misclassified test image, with the probabilities of the wrong answer and of the true class.

    `pixels`: the image, as rows of grey values 0..255; not in JSON.
    """

    index: int
    truth: str
    answer: str
    probability: float
    truth_probability: float
    pixels: Pixels = field(metadata=LEFT_OUT, repr=False)


@dataclass(frozen=True)
class Evaluation(Shown, brief=("model", "dataset.name", "validation.loss", "test.accuracy")):
    """Metrics of a model. `classes`, `confusion` (rows: truth, columns: answer) and `mistakes` are of the test set."""

    model: str
    path: str
    dataset: DatasetInfo
    validation: Scores
    test: Scores
    classes: tuple[ClassScores, ...]
    confusion: tuple[tuple[int, ...], ...]
    confused: tuple[Confusion, ...]
    mistakes: tuple[Mistake, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Prediction(Shown, brief=("image", "name", "probability", "truth")):
    """A model's answer for one image; `probabilities`: by label, `truth`: None if unknown.

    `pixels`: the image as the model saw it, as rows of grey values 0..255; not in JSON. `index`: number of a test
    image, from 0. `dataset`: the data set of that image. `original`: the picture before it was prepared, in grey and
    small; None if it was not.
    """

    image: str
    label: int
    name: str
    probability: float
    probabilities: tuple[float, ...]
    names: tuple[str, ...]
    truth: str | None
    pixels: Pixels = field(metadata=LEFT_OUT, repr=False)
    notes: tuple[Note, ...]
    index: int | None = None
    dataset: DatasetInfo | None = field(default=None, metadata=LEFT_OUT, repr=False)
    original: Pixels | None = field(default=None, metadata=LEFT_OUT, repr=False)

    @property
    def shows_nothing(self) -> bool:
        """True if there is nothing to recognise in the image, so that the answer means nothing."""
        return any(note.code in NOTHING for note in self.notes)


@dataclass(frozen=True)
class Unreadable:
    """An image that could not be read. `error`: its code, message, expected and hint, as of a failed command."""

    image: str
    error: Mapping[str, int | str | None]


@dataclass(frozen=True)
class Answers(Shown, brief=("shown",)):
    """What `predict` has to show if some of its images could not be read."""

    shown: tuple[Prediction | Unreadable, ...]


@dataclass(frozen=True)
class ComparisonRow(Shown, brief=("model", "parameters", "accuracy", "seconds")):
    """One model of a comparison. `seconds`: training time, summed over all its trainings.

    `accuracy`, `log_loss`: on the validation set, averaged over `seeds` or over the `folds` of a cross-validation.
    `spread`: standard deviation of the accuracies; None for a single training.
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
class Comparison(Shown, brief=("dataset.name", "rows")):
    dataset: DatasetInfo
    rows: tuple[ComparisonRow, ...]
    notes: tuple[Note, ...]


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
class Contender(Shown, brief=("name", "learning_rate", "best_epoch", "seconds")):
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
class Race(Shown, brief=("stage", "dataset.name", "epochs", "contenders")):
    """`contenders` trained from the same weights on the same batches. `target`: the validation loss to reach."""

    dataset: DatasetInfo
    stage: str
    seed: int
    epochs: int
    batch_size: int
    target: float
    contenders: tuple[Contender, ...]
