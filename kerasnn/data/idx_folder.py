"""A data set as a folder of four IDX files, plain or gzip, named like those of MNIST and Fashion-MNIST."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import Contents, Part, checked_part
from kerasnn.data.idx import read_idx
from kerasnn.data.user_data import NAMES_FILE, read_class_names


class ReadImages(Protocol):
    """A function that reads an IDX file into an array with `dimensions` dimensions."""

    def __call__(self, path: Path, /, *, dimensions: int) -> NDArray[np.uint8]: ...


@dataclass(frozen=True)
class IdxFile:
    """One of the four files: its `name` without `.gz`, and the number of dimensions of its array."""

    name: str
    dimensions: int

    def find(self, folder: Path) -> Path | None:
        """Return the file in `folder`, gzip before plain, or None."""
        candidates = (folder / f"{self.name}.gz", folder / self.name)
        return next((path for path in candidates if path.is_file()), None)


LEARNING_IMAGES: Final = IdxFile("train-images-idx3-ubyte", 3)
LEARNING_LABELS: Final = IdxFile("train-labels-idx1-ubyte", 1)
TEST_IMAGES: Final = IdxFile("t10k-images-idx3-ubyte", 3)
TEST_LABELS: Final = IdxFile("t10k-labels-idx1-ubyte", 1)
FOUR_FILES: Final = (LEARNING_IMAGES, LEARNING_LABELS, TEST_IMAGES, TEST_LABELS)


def recognise(path: Path) -> bool:
    """Return True for a folder with at least one of the four files; `read` then says which ones are missing."""
    return any(file.find(path) for file in FOUR_FILES)


def read(path: Path) -> Contents:
    """Read the four files in the folder `path` and, if there is a `classes.txt`, the names of the classes.

    Raises: DataError if a file is missing or damaged, or images and labels do not match.
    """
    return Contents(
        learning=read_part(path, LEARNING_IMAGES, LEARNING_LABELS),
        test=read_part(path, TEST_IMAGES, TEST_LABELS),
        names=read_class_names(path / NAMES_FILE),
        labels=(LEARNING_LABELS.name, TEST_LABELS.name),
    )


def read_part(folder: Path, images: IdxFile, labels: IdxFile, read_images: ReadImages = read_idx) -> Part:
    """Read the images and labels of one part of the data set in `folder`; `read_images`: reads the file of images.

    Raises: DataError if a file is missing or damaged, or the two do not match.
    """
    image_path = images.find(folder) or folder / f"{images.name}.gz"
    label_path = labels.find(folder) or folder / f"{labels.name}.gz"
    image_array = read_images(image_path, dimensions=images.dimensions)
    label_array = read_idx(label_path, dimensions=labels.dimensions)
    return checked_part(image_array, label_array, where=f"{image_path.name} and {label_path.name} in {folder}")
