"""Data sets: which, whether they are good, what they look like."""

from dataclasses import dataclass, field
from typing import Literal

from kerasnn.records.serialize import LEFT_OUT, Pixels


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
