"""Models measured, asked, and held against each other."""

from dataclasses import dataclass, field

from kerasnn.records.data import DatasetInfo
from kerasnn.records.note import Note
from kerasnn.records.serialize import LEFT_OUT, Pixels
from kerasnn.records.training import Scores


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

    `pixels`: the image as the model saw it, rows of grey values 0..255; left out of JSON. `index`: of a test image,
    counted from 0. `dataset`: the data set it is of.
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
    index: int | None = None
    dataset: DatasetInfo | None = field(default=None, metadata=LEFT_OUT, repr=False)


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
    notes: tuple[Note, ...]
