"""Read a few images quickly, for explanations: without unpacking all 60,000, and without a download."""

import gzip
from dataclasses import dataclass
from functools import cached_property
from hashlib import file_digest
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from kerasnn.data import fashion_mnist
from kerasnn.data.cloth import BATCH, SIZE, Cloth
from kerasnn.data.dataset import Dataset, Part, checked_part
from kerasnn.data.garments import weave
from kerasnn.data.idx_folder import LEARNING_IMAGES, LEARNING_LABELS, TEST_IMAGES, TEST_LABELS, IdxFile, read_part
from kerasnn.data.load import AUTO, Source, load
from kerasnn.data.silhouettes import GARMENTS
from kerasnn.errors import DataError
from kerasnn.language import _
from kerasnn.lecture import classes
from kerasnn.records import Listener, Notice, ignore
from kerasnn.records.data import FASHION_MNIST
from kerasnn.records.data import GARMENTS as GARMENTS_NAME

GARMENTS_SEED: Final = 42


class Portions(Protocol):
    """The test images and the first learning images, each read on demand."""

    name: str
    classes: tuple[str, ...]
    stand_in: bool

    @property
    def test(self) -> Part: ...

    def learning(self, count: int) -> Part:
        """Return the first `count` learning images, or all if there are fewer."""


@dataclass
class _FromFiles:
    """Fashion-MNIST in `folder`; each file is compared with its published digest before it is read."""

    folder: Path
    name: str = FASHION_MNIST
    classes: tuple[str, ...] = classes.ENGLISH
    stand_in: bool = False

    @cached_property
    def test(self) -> Part:
        self._check(TEST_IMAGES, TEST_LABELS)
        return read_part(self.folder, TEST_IMAGES, TEST_LABELS)

    def learning(self, count: int) -> Part:
        self._check(LEARNING_IMAGES, LEARNING_LABELS)
        # the header has 4 bytes, and 4 more for each dimension
        pixels = _beginning(self.folder, LEARNING_IMAGES, 16, count * SIZE * SIZE)
        labels = _beginning(self.folder, LEARNING_LABELS, 8, count)
        images = np.frombuffer(pixels, np.uint8).reshape(-1, SIZE, SIZE)
        return checked_part(images, np.frombuffer(labels, np.uint8), where=str(self.folder))

    def _check(self, *files: IdxFile) -> None:
        for file in files:
            if not _is_published(file, self.folder):
                raise DataError(
                    _(
                        "{find} is missing or not the published file",
                        find=file.find(self.folder) or self.folder / file.name,
                    ),
                    expected=_("the four files of Fashion-MNIST as published"),
                    hint=_(
                        "kerasnn data get --data-dir '{folder}' fetches what is missing or damaged", folder=self.folder
                    ),
                )


@dataclass
class _Drawn:
    """A few garments: 200 of each class to learn from, and 200 of each to test on."""

    name: str = GARMENTS_NAME
    classes: tuple[str, ...] = classes.ENGLISH
    stand_in: bool = True

    @cached_property
    def test(self) -> Part:
        return _draw(GARMENTS_SEED)

    def learning(self, count: int) -> Part:
        drawn = _draw(GARMENTS_SEED + 1)
        return Part(drawn.images[:count], drawn.labels[:count])


@dataclass
class _Loaded:
    """A data set that is loaded whole."""

    dataset: Dataset

    def __post_init__(self) -> None:
        info = self.dataset.info
        self.name, self.classes, self.stand_in = info.name, info.classes, info.stand_in

    @property
    def test(self) -> Part:
        return self.dataset.test

    def learning(self, count: int) -> Part:
        train = self.dataset.train
        return Part(train.images[:count], train.labels[:count])


def portions(source: Source | Dataset, listener: Listener = ignore) -> Portions:
    """Return the images of `source`; `auto` means Fashion-MNIST if it is on this machine, else garments.

    Raises: DataError if a data set that was named is missing or damaged.
    """
    if isinstance(source, Dataset):
        return _Loaded(source)
    if source.name == GARMENTS_NAME:
        return _Drawn()
    if source.name not in (AUTO, FASHION_MNIST):
        return _Loaded(load(source, listener))
    named = fashion_mnist.named_folder(source.folder)
    folder = named if named is not None else fashion_mnist.keras_cache()
    if named is not None or source.name == FASHION_MNIST or TEST_IMAGES.find(folder) is not None:
        return _FromFiles(folder)
    listener(
        Notice(
            _(
                "Fashion-MNIST is not available: using 'garments' instead, pictures drawn by kerasnn that the models "
                "have never seen. 'kerasnn data get' fetches the real data."
            )
        )
    )
    return _Drawn()


def _is_published(file: IdxFile, folder: Path) -> bool:
    path = file.find(folder)
    if path is None:
        return False
    expected = (fashion_mnist.PACKED_SHA256 if path.suffix == ".gz" else fashion_mnist.PLAIN_SHA256)[file]
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest() == expected


def _beginning(folder: Path, file: IdxFile, header: int, length: int) -> bytes:
    """Return `length` bytes after the header of an IDX file whose digest has been checked."""
    path = file.find(folder) or folder / file.name
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        stream.read(header)
        return stream.read(length)


def _draw(seed: int) -> Part:
    random = np.random.RandomState(seed)
    images = np.empty((len(GARMENTS), BATCH, SIZE, SIZE), np.uint8)
    for garment, batch in zip(GARMENTS, images, strict=True):
        cloth = Cloth(random)
        batch[:] = weave(cloth, *garment(cloth))
    order = random.permutation(len(GARMENTS) * BATCH)
    labels = np.arange(len(GARMENTS), dtype=np.int32).repeat(BATCH)
    return Part(images.reshape(-1, SIZE, SIZE)[order], labels[order])
