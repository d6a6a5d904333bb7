"""The arrays that training and evaluation work on, and the lecture's split."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.errors import DataError
from kerasnn.language import _
from kerasnn.records import DatasetInfo, Pixels

Bytes = NDArray[np.uint8]
Labels = NDArray[np.int32]

VALIDATION_SHARE: Final = 5  # one image in five
SPLIT_SEED: Final = 42
CLASS_LIMITS: Final = (2, 1000)


@dataclass(frozen=True)
class Part:
    """Images, uint8 of shape (n, rows, columns) in 0..255, and their labels, int32 of shape (n,)."""

    images: Bytes
    labels: Labels

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Dataset:
    """The three parts of a data set: one to learn from, one to judge by, one that only a final evaluation touches."""

    info: DatasetInfo
    train: Part
    validation: Part
    test: Part

    @property
    def classes(self) -> int:
        return len(self.info.classes)


@dataclass(frozen=True)
class RawDataset:
    """A data set before the split: images to learn from, images to test on, and what is known about them."""

    name: str
    location: str
    learning: Part
    test: Part
    classes: tuple[str, ...]
    stand_in: bool = False


def split(raw: RawDataset) -> Dataset:
    """The lecture's split: of the images to learn from one fifth, chosen by a fixed permutation, validates.

    Equal to scikit-learn's `train_test_split(test_size=0.2, random_state=42)`, whose validation set is rounded up.

    Source: lecture, "validation set"; the textbook's notebooks.
    """
    count = len(raw.learning)
    validation_count = -(-count // VALIDATION_SHARE)
    order = np.random.RandomState(SPLIT_SEED).permutation(count)
    validation, train = order[:validation_count], order[validation_count:]
    rows, columns = raw.learning.images.shape[1:]
    info = DatasetInfo(
        name=raw.name,
        sha256=digest(raw),
        train=len(train),
        validation=len(validation),
        test=len(raw.test),
        shape=(rows, columns),
        classes=raw.classes,
        location=raw.location,
        stand_in=raw.stand_in,
    )
    return Dataset(info, _take(raw.learning, train), _take(raw.learning, validation), raw.test)


def unsplit(dataset: Dataset) -> Part:
    """Training and validation images together, in the order they had before `split` parted them."""
    count = len(dataset.train) + len(dataset.validation)
    place = np.argsort(np.random.RandomState(SPLIT_SEED).permutation(count))
    images = np.concatenate([dataset.validation.images, dataset.train.images])
    labels = np.concatenate([dataset.validation.labels, dataset.train.labels])
    return _take(Part(images, labels), place)


def _take(part: Part, order: NDArray[np.int64]) -> Part:
    return Part(part.images[order], part.labels[order])


def digest(raw: RawDataset) -> str:
    """The sha256 of all images and labels, the same however the files are packed."""
    state = sha256()
    for part in (raw.learning, raw.test):
        state.update(repr(part.images.shape).encode())
        state.update(np.ascontiguousarray(part.images).data)
        state.update(part.labels.astype("<i4").data)
    return state.hexdigest()


def as_pixels(image: Bytes) -> Pixels:
    """One image as plain rows of grey values."""
    return tuple(tuple(row) for row in image.tolist())


def checked_part(images: NDArray[np.generic], labels: NDArray[np.generic], *, where: str) -> Part:
    """`images` and `labels` as a Part, after a look at their types, shapes and lengths.

    Raises: DataError that names `where`.
    """
    if images.dtype != np.uint8 or images.ndim != 3:
        raise DataError(
            _("{where}: the images are {dtype} of shape {shape}", where=where, dtype=images.dtype, shape=images.shape),
            expected=_("uint8 of shape (images, rows, columns)"),
            hint=_("write the images again as bytes from 0 to 255, one row of the array an image"),
        )
    if 0 in images.shape:
        raise DataError(
            _("{where}: the images have shape {shape}", where=where, shape=images.shape),
            expected=_("at least one image of one pixel"),
            hint=_("write the files again with images in them"),
        )
    if labels.dtype.kind not in "iu" or labels.shape != (len(images),):
        raise DataError(
            _("{where}: the labels are {dtype} of shape {shape}", where=where, dtype=labels.dtype, shape=labels.shape),
            expected=_("whole numbers of shape ({count},), one for each image", count=len(images)),
            hint=_("see whether the labels of another part were taken, and write the files again"),
        )
    if int(labels.max()) > np.iinfo(np.int32).max or int(labels.min()) < np.iinfo(np.int32).min:
        raise DataError(
            _("{where}: labels from {min} to {max}", where=where, min=labels.min(), max=labels.max()),
            expected=_("labels from 0 on, at most {CLASS_LIMITS:,} classes", CLASS_LIMITS=CLASS_LIMITS[1]),
            hint=_("number the classes from 0 on, and write the labels again"),
        )
    return Part(images.astype(np.uint8, copy=False), labels.astype(np.int32))


def class_names(parts: tuple[Part, Part], names: tuple[str, ...] | None, *, where: str) -> tuple[str, ...]:
    """`names`, or numbered ones where there are none, after a check that every label has one.

    Raises: DataError for a label below 0 or beyond the names, for fewer than 2 or more than 1,000 classes.
    """
    lowest = min(int(part.labels.min()) for part in parts)
    highest = max(int(part.labels.max()) for part in parts)
    count = len(names) if names is not None else highest + 1
    fewest, most = CLASS_LIMITS
    if lowest < 0 or highest >= count or not fewest <= count <= most:
        raise DataError(
            _(
                "{where}: labels from {lowest} to {highest} for {count} classes",
                where=where,
                lowest=lowest,
                highest=highest,
                count=count,
            ),
            expected=_("labels from 0 on, {fewest} to {most:,} classes", fewest=fewest, most=most),
            hint=_("write one name a line into classes.txt beside the files, in the order of the labels")
            if names is not None
            else _("number the classes from 0 on, and write the labels again"),
        )
    return names if names is not None else tuple(f"class {label}" for label in range(count))
