"""Data sets: which, whether they are good, what they look like."""

from dataclasses import dataclass, field
from typing import Final, Literal

from kerasnn.records.serialize import LEFT_OUT, Pixels

FASHION_MNIST: Final = "fashion-mnist"
GARMENTS: Final = "garments"
FASHION_MNIST_SHA256: Final = "3c9eb9fc8de5e7296fc59445a51a03fbfe0c125c97bdbf725213bbc2ee0595b4"


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

    @property
    def is_fashion_mnist(self) -> bool:
        """Whether these are the published images, whatever they are called: only on them figures compare."""
        return self.sha256 == FASHION_MNIST_SHA256

    @property
    def argument(self) -> str:
        """What `--dataset` calls them: a name that kerasnn knows, or the path of the user's own."""
        known = self.stand_in or (self.name == FASHION_MNIST and self.is_fashion_mnist)
        return self.name if known else self.location


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
