"""Read a few images quickly, for explanations: without unpacking all 60,000, and without a download."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data import fashion_mnist
from kerasnn.data.cloth import SIZE
from kerasnn.data.dataset import Dataset, Part, checked_part
from kerasnn.data.garments import weave_batches
from kerasnn.data.idx import LEARNING, TEST, IdxFile, read_part
from kerasnn.data.load import AUTO, Source, load
from kerasnn.language import _
from kerasnn.lecture import classes
from kerasnn.records import Listener, Notice, ignore
from kerasnn.records.data import FASHION_MNIST, GARMENTS

GARMENTS_SEED: Final = 42


@dataclass
class Portions:
    """The test images and the first learning images, each read on demand.

    `read_learning`: reads at least as many learning images as asked for, or all if there are fewer.
    """

    name: str
    classes: tuple[str, ...]
    stand_in: bool
    read_test: Callable[[], Part]
    read_learning: Callable[[int], Part]

    @cached_property
    def test(self) -> Part:
        return self.read_test()

    def learning(self, count: int) -> Part:
        """Return the first `count` learning images, or all if there are fewer."""
        part = self.read_learning(count)
        return Part(part.images[:count], part.labels[:count])


def portions(source: Source | Dataset, listener: Listener = ignore) -> Portions:
    """Return the images of `source`; `auto` means Fashion-MNIST if it is on this machine, else a few garments.

    Raises: DataError if a data set that was named is missing or damaged.
    """
    if isinstance(source, Source) and source.name in (AUTO, FASHION_MNIST):
        return _known_portions(source, listener)
    data = load(source, listener)
    return Portions(data.info.name, data.info.classes, data.info.stand_in, lambda: data.test, lambda _count: data.train)


def _known_portions(source: Source, listener: Listener) -> Portions:
    named = fashion_mnist.named_folder(source.folder)
    folder = named if named is not None else fashion_mnist.keras_cache()
    if source.name == FASHION_MNIST or named is not None or TEST[0].find(folder) is not None:
        published = partial(_published_test, folder), partial(_published_learning, folder)
        return Portions(FASHION_MNIST, classes.ENGLISH, False, *published)
    text = _(
        "Fashion-MNIST is not available: using 'garments' instead, pictures drawn by kerasnn that the models have "
        "never seen. 'kerasnn data get' fetches the real data."
    )
    listener(Notice(text))
    # other images to learn from than to test on
    return Portions(
        GARMENTS, classes.ENGLISH, True, lambda: _draw(GARMENTS_SEED), lambda _count: _draw(GARMENTS_SEED + 1)
    )


def _published_test(folder: Path) -> Part:
    fashion_mnist.refuse_changed(folder, *TEST)
    return read_part(folder, TEST)


def _published_learning(folder: Path, count: int) -> Part:
    fashion_mnist.refuse_changed(folder, *LEARNING)
    pixels = _beginning(folder, LEARNING[0], count * SIZE * SIZE).reshape(-1, SIZE, SIZE)
    return checked_part(pixels, _beginning(folder, LEARNING[1], count), where=str(folder))


def _beginning(folder: Path, file: IdxFile, length: int) -> NDArray[np.uint8]:
    """Return `length` bytes after the header of an IDX file whose digest has been checked."""
    path = file.find(folder) or folder / file.name
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        stream.read(4 + 4 * file.dimensions)  # the header
        return np.frombuffer(stream.read(length), np.uint8)


def _draw(seed: int) -> Part:
    random = np.random.RandomState(seed)
    images = weave_batches(random, 1)  # (classes, 1, BATCH, rows, columns)
    order = random.permutation(images[..., 0, 0].size)
    labels = np.arange(len(images), dtype=np.int32).repeat(images.shape[2])
    return Part(images.reshape(-1, SIZE, SIZE)[order], labels[order])
