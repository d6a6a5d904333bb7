"""The arrays that training and evaluation use, and the lecture's split."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.background import background_of
from kerasnn.data.blocks import reorder
from kerasnn.errors import DataError
from kerasnn.language import _
from kerasnn.records import DatasetInfo, Note, Pixels
from kerasnn.records.codes import Code

Bytes = NDArray[np.uint8]
Labels = NDArray[np.int32]

HELD_SHARE: Final = 5  # one image in five
SPLIT_SEED: Final = 42  # the lecture's random_state
ALIGNMENT: Final = 64  # bytes
COPIED: Final = 128 << 20  # bytes of images that the split may copy
CLASS_LIMITS: Final = (2, 1000)  # fewest and most classes
MOST_IMAGES: Final = 5_000_000  # of a part; each one costs time and memory, however small it is


@dataclass(frozen=True)
class Part:
    """Images, uint8 of shape (n, rows, columns) in 0..255, and their labels, int32 of shape (n,)."""

    images: Bytes
    labels: Labels

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Dataset:
    """The three parts of a data set: training, validation and test images; only the final evaluation uses the last."""

    info: DatasetInfo
    train: Part
    validation: Part
    test: Part

    @property
    def classes(self) -> int:
        return len(self.info.classes)


@dataclass(frozen=True)
class RawDataset:
    """A data set before the split. `learning`: the images that become the training and validation parts.

    `location`: the folder or file it came from. `stand_in`: True if kerasnn drew it in place of Fashion-MNIST.
    `form`, `conversions`, `by_name`: as in DatasetInfo.
    """

    name: str
    location: str
    learning: Part
    test: Part
    classes: tuple[str, ...]
    stand_in: bool = False
    form: str | None = None
    conversions: tuple[Note, ...] = ()
    by_name: bool = False


@dataclass(frozen=True)
class Contents:
    """What the reader of a data format found. `test`: None for data of a single part, which are then split.

    `names`: of the classes, in the order of the labels; None if not given. `labels`: the names that messages use for
    the labels of `learning` and of `test`, such as those of their files. `conversions`: as in DatasetInfo.
    """

    learning: Part
    test: Part | None
    names: tuple[str, ...] | None
    labels: tuple[str, str]
    conversions: tuple[Note, ...] = ()


def split(raw: RawDataset) -> Dataset:
    """Split off one fifth of the learning images, chosen by a fixed permutation, as validation images.

    Source: lecture, "validation set"; the textbook's notebooks.
    """
    content = digest(raw)  # first, for the images may change their places
    train, validation = hold_out(raw.learning)
    rows, columns = raw.learning.images.shape[1:]  # (images, rows, columns)
    info = DatasetInfo(
        name=raw.name,
        sha256=content,
        train=len(train),
        validation=len(validation),
        test=len(raw.test),
        shape=(rows, columns),
        classes=raw.classes,
        location=raw.location,
        stand_in=raw.stand_in,
        form=raw.form,
        conversions=raw.conversions,
        by_name=raw.by_name,
        background=background_of(train.images),
    )
    return Dataset(info, train, validation, raw.test)


def hold_out(part: Part) -> tuple[Part, Part]:
    """Split off one fifth of the images, chosen by a fixed permutation; return the others and the fifth.

    This is the same as scikit-learn's `train_test_split(test_size=0.2, random_state=42)`, which rounds the fifth up.
    Images of more than COPIED bytes that may be written are put into the new order in their place.
    """
    held = -(-len(part) // HELD_SHARE)  # rounded up
    order = np.random.RandomState(SPLIT_SEED).permutation(len(part))
    if part.images.nbytes <= COPIED or not part.images.flags.writeable:
        return _take(part, order[held:]), _take(part, order[:held])
    reorder(part.images, order)
    labels = part.labels[order]
    return Part(part.images[held:], labels[held:]), Part(part.images[:held], labels[:held])


def joined(one: Part, other: Part, where: str) -> Part:
    """Return the images of both parts as one. Raises: DataError if they have other sizes; `where`: for messages."""
    if one.images.shape[1:] != other.images.shape[1:]:
        raise other_size(where, one, other)
    return Part(np.concatenate([one.images, other.images]), np.concatenate([one.labels, other.labels]))


def learning_part(parts: Mapping[str, Part], where: str) -> tuple[Part, list[Note]]:
    """Return the training images of `parts` with the validation images added, and a note of it if there are any.

    Raises: as `joined`.
    """
    train, validation = parts["train"], parts.get("validation")
    if validation is None:
        return train, []
    return joined(train, validation, where), [Note(Code.PARTS_JOINED, {"count": len(validation)})]


def other_size(where: object, learning: Part, other: Part) -> DataError:
    """Return the error for parts whose images have other sizes than those to learn from."""
    return DataError(
        _(
            "{where}: training images are {shape}, others {shape2}",
            where=where,
            shape=learning.images.shape[1:],
            shape2=other.images.shape[1:],
        ),
        expected=_("images of one size"),
        hint=_("scale the images of all parts to one size, and write the files again"),
    )


def unsplit(dataset: Dataset) -> Part:
    """Return training and validation images together, in their order before `split`."""
    count = len(dataset.train) + len(dataset.validation)
    place = np.argsort(np.random.RandomState(SPLIT_SEED).permutation(count))  # the inverse of the permutation
    images = np.concatenate([dataset.validation.images, dataset.train.images])
    labels = np.concatenate([dataset.validation.labels, dataset.train.labels])
    return _take(Part(images, labels), place)


def _take(part: Part, order: NDArray[np.int64]) -> Part:
    images = _aligned((len(order), *part.images.shape[1:]))
    np.take(part.images, order, axis=0, out=images, mode="clip")  # the default mode would copy
    return Part(images, part.labels[order])


def _aligned(shape: tuple[int, ...]) -> Bytes:
    """Return a new array that begins at a multiple of 64 bytes, so that TensorFlow can use its memory as it is."""
    size = prod(shape)
    memory = np.empty(size + ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % ALIGNMENT
    return memory[start : start + size].reshape(shape)


def digest(raw: RawDataset) -> str:
    """Return the sha256 of all images and labels, which does not depend on how the files are compressed."""
    state = sha256()
    for part in (raw.learning, raw.test):
        state.update(repr(part.images.shape).encode())  # 2 x 8 and 4 x 4 pixels are the same bytes
        state.update(np.ascontiguousarray(part.images).data)
        state.update(part.labels.astype("<i4").data)  # little-endian on every machine
    return state.hexdigest()


def as_pixels(image: Bytes) -> Pixels:
    """Return an image as rows of grey values in plain Python integers."""
    return tuple(tuple(row) for row in image.tolist())


def checked_part(images: NDArray[np.generic], labels: NDArray[np.generic], *, where: str) -> Part:
    """Check types, shapes and lengths of `images` and `labels`, and return them as a Part.

    `where`: their place, for messages. Raises: DataError.
    """
    if images.dtype != np.uint8 or images.ndim != 3:
        raise DataError(
            _("{where}: the images are {dtype} of shape {shape}", where=where, dtype=images.dtype, shape=images.shape),
            expected=_("uint8 of shape (images, rows, columns)"),
            hint=_("write the images as bytes from 0 to 255, in an array whose first axis counts the images"),
        )
    if 0 in images.shape:
        raise DataError(
            _("{where}: the images have shape {shape}", where=where, shape=images.shape),
            expected=_("at least one image with at least one pixel"),
            hint=_("write the files again with images in them"),
        )
    if len(images) > MOST_IMAGES:
        raise DataError(
            _("{where}: there are {count:,} images", where=where, count=len(images)),
            expected=_("at most {most:,}", most=MOST_IMAGES),
            hint=_("write the files again with fewer images in them"),
        )
    if labels.dtype.kind not in "iu" or labels.shape != (len(images),):
        raise DataError(
            _("{where}: the labels are {dtype} of shape {shape}", where=where, dtype=labels.dtype, shape=labels.shape),
            expected=_("whole numbers of shape ({count},), one for each image", count=len(images)),
            hint=_hint(labels, len(images)),
        )
    if int(labels.max()) > np.iinfo(np.int32).max or int(labels.min()) < np.iinfo(np.int32).min:
        raise DataError(
            _("{where}: labels from {min} to {max}", where=where, min=labels.min(), max=labels.max()),
            expected=_("labels from 0 on, at most {CLASS_LIMITS:,} classes", CLASS_LIMITS=CLASS_LIMITS[1]),
            hint=_("number the classes from 0 on, and write the labels again"),
        )
    return Part(images.astype(np.uint8, copy=False), labels.astype(np.int32))  # without the check above it could wrap


def _hint(labels: NDArray[np.generic], count: int) -> str:
    """Return what to do with `labels` that are no whole numbers of shape (count,)."""
    if labels.ndim == 2 and labels.shape[0] < labels.shape[1] == count:
        return _("np.moveaxis(y, 1, 0) puts the axis of the images first")
    if labels.shape[:1] != (count,):
        return _("check whether these are the labels of another part, and write the files again")
    if labels.ndim == 2 and labels.dtype.kind in "iuf":
        return _(
            "not every row is one-hot, a single 1 among zeros; if the largest value tells the class: y.argmax(axis=1)"
        )
    return _("number the classes from 0 on, and write the labels again")
