"""Data sets: their identity, the state of their files, statistics of their pixels. Results of `kerasnn doctor`."""

from dataclasses import dataclass, field
from typing import Final, Literal

from kerasnn.records.note import Note
from kerasnn.records.serialize import LEFT_OUT, Pixels
from kerasnn.records.shown import Shown

FASHION_MNIST: Final = "fashion-mnist"
GARMENTS: Final = "garments"
PUBLISHED: Final = ("mnist", "kmnist", "emnist-letters")  # others that are known by name
# of images and labels, as `data.dataset.digest` computes it, not of the files
FASHION_MNIST_SHA256: Final = "3c9eb9fc8de5e7296fc59445a51a03fbfe0c125c97bdbf725213bbc2ee0595b4"


@dataclass(frozen=True)
class DatasetInfo:
    """A data set. `train`, `validation`, `test`: numbers of images. `sha256`: digest of the images and labels.

    `location`: the folder or file they came from. `stand_in`: drawn by kerasnn in place of Fashion-MNIST.
    `shape`: rows and columns of an image. `form`: name of the form of the user's own data in `data.formats`; None for
    other data, and in records of older versions. `background`: grey value around most training images, 0 in records of
    older versions; None if they share none. `notes`: what keeps the user's own data from teaching. `conversions`: what
    was done to the user's own data to read them. `by_name`: True for one of PUBLISHED, found by its name.
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
    form: str | None = None
    background: int | None = 0
    notes: tuple[Note, ...] = field(default=(), compare=False)  # they follow from the images
    conversions: tuple[Note, ...] = field(default=(), compare=False)
    by_name: bool = False

    @property
    def is_fashion_mnist(self) -> bool:
        """True if these are the published images, whatever their name: only then are metrics comparable."""
        return self.sha256 == FASHION_MNIST_SHA256

    @property
    def argument(self) -> str:
        """The value of `--dataset` that selects these images: a known name, or the path of the user's own data."""
        known = self.stand_in or self.by_name or (self.name == FASHION_MNIST and self.is_fashion_mnist)
        return self.name if known else self.location


@dataclass(frozen=True)
class DataFile:
    """One file of a data set. `detail`: the reason for its state, in a few words."""

    name: str
    path: str
    state: Literal["good", "missing", "corrupt"]
    detail: str


@dataclass(frozen=True)
class DataCheck(Shown, brief=("location", "good")):
    location: str
    good: bool
    files: tuple[DataFile, ...]


@dataclass(frozen=True)
class DataConversion(Shown, brief=("path", "dataset.train", "dataset.validation", "dataset.test")):
    """The result of `data convert`. `dataset`: what was written; `format`: npz or idx; `bytes`: of all files."""

    dataset: DatasetInfo
    path: str
    format: str
    bytes: int


@dataclass(frozen=True)
class PixelStatistics:
    minimum: float
    maximum: float
    mean: float
    deviation: float


@dataclass(frozen=True)
class DataOverview(Shown, brief=("dataset.name", "dataset.train", "dataset.validation", "dataset.test")):
    """The result of `data show`. `raw`, `normalised`: pixels before and after division by 255.

    `class_counts`: (class, training images, validation images, test images).
    `samples`: the first training images of each class, as rows of grey values 0..255, large ones thinned; not in JSON.
    """

    dataset: DatasetInfo
    class_counts: tuple[tuple[str, int, int, int], ...]
    raw: PixelStatistics
    normalised: PixelStatistics
    samples: tuple[tuple[Pixels, ...], ...] = field(metadata=LEFT_OUT, repr=False)


@dataclass(frozen=True)
class Finding:
    """One thing that `doctor` checked. `fatal`: training cannot work."""

    subject: str
    state: Literal["good", "note", "fault"]
    detail: str
    remedy: str | None = None
    fatal: bool = False


@dataclass(frozen=True)
class Checkup(Shown, brief=("healthy", "findings")):
    findings: tuple[Finding, ...]
    healthy: bool
