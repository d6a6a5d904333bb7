"""The names of the four files that Fashion-MNIST, and any data set in its form, consists of."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import Part, checked_part
from kerasnn.data.idx import read_idx


class Reader(Protocol):
    """Reads an IDX file into an array of so many dimensions."""

    def __call__(self, path: Path, /, *, dimensions: int) -> NDArray[np.uint8]: ...


@dataclass(frozen=True)
class IdxFile:
    """One of the four: `name` as it is called unpacked, and how many dimensions it has."""

    name: str
    dimensions: int

    def find(self, folder: Path) -> Path | None:
        """The file in `folder`, packed before plain, or None."""
        candidates = (folder / f"{self.name}.gz", folder / self.name)
        return next((path for path in candidates if path.is_file()), None)


LEARNING_IMAGES: Final = IdxFile("train-images-idx3-ubyte", 3)
LEARNING_LABELS: Final = IdxFile("train-labels-idx1-ubyte", 1)
TEST_IMAGES: Final = IdxFile("t10k-images-idx3-ubyte", 3)
TEST_LABELS: Final = IdxFile("t10k-labels-idx1-ubyte", 1)
FOUR_FILES: Final = (LEARNING_IMAGES, LEARNING_LABELS, TEST_IMAGES, TEST_LABELS)


def read_part(folder: Path, images: IdxFile, labels: IdxFile, read_images: Reader = read_idx) -> Part:
    """The images and labels of one part of the data set in `folder`. `read_images`: how the file of images is read.

    Raises: DataError where a file is missing or damaged, or the two do not fit.
    """
    image_path = images.find(folder) or folder / f"{images.name}.gz"
    label_path = labels.find(folder) or folder / f"{labels.name}.gz"
    image_array = read_images(image_path, dimensions=images.dimensions)
    label_array = read_idx(label_path, dimensions=labels.dimensions)
    return checked_part(image_array, label_array, where=f"{image_path.name} and {label_path.name} in {folder}")
