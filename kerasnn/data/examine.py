"""Find what keeps a user's data set from teaching, or its accuracies from meaning much, before anything is trained."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import Bytes, Dataset
from kerasnn.errors import DataError
from kerasnn.language import _
from kerasnn.records import Listener, Note, Notice
from kerasnn.records.codes import Code
from kerasnn.records.note import sentence

Counts = NDArray[np.int64]

DOMINATES: Final = 0.5  # share of the largest class, if three or more are taught
DOMINATES_TWO: Final = 0.75
FEW: Final = 5  # images of a part for each class
NOTABLE: Final = 0.01  # share of repeated, contradictory or blank images; Fashion-MNIST, MNIST and garments have none
DARK: Final = 31  # of 255; softmax on Fashion-MNIST divided to this range loses 2 points of accuracy in 5 epochs
MOST_NAMES: Final = 6


def examined(data: Dataset, listener: Listener) -> Dataset:
    """Return `data` with the notes on it, after a notice for each.

    Raises: DataError if all training images are the same.
    """
    notes = tuple(examine(data))
    for note in notes:
        listener(Notice(_("Note: {note}.", note=sentence(note)), warns=True))
    return replace(data, info=replace(data.info, notes=notes))


def examine(data: Dataset) -> Iterator[Note]:
    """Yield what keeps `data` from teaching, the worst first. Raises: as `examined`."""
    parts = (data.train, data.validation, data.test)
    images = [_hashes(part.images) for part in parts]
    if (images[0] == images[0][0]).all():
        raise _all_the_same(data)
    counts = np.array([np.bincount(part.labels, minlength=data.classes) for part in parts])
    yield from _alike(data.info.classes)
    yield from _missing(data.info.classes, counts)
    yield from _balance(data.info.classes, counts)
    brightest = int(data.train.images.max())
    if brightest <= DARK:
        yield Note(Code.DARK_IMAGES, {"brightest": brightest})
    yield from _repeated(data, images)


def _alike(names: tuple[str, ...]) -> Iterator[Note]:
    """Yield a note if names differ in capitals only; single letters, such as EMNIST's, are meant to."""
    plain = [name.casefold() for name in names]
    alike = [name for name, one in zip(names, plain, strict=True) if len(name) > 1 and plain.count(one) > 1]
    if alike:
        yield Note(Code.CLASSES_ALIKE, {"classes": _some(sorted(alike, key=str.casefold))})


def _some(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(names) if len(names) <= MOST_NAMES else (*names[: MOST_NAMES - 1], "...")


def _missing(names: tuple[str, ...], counts: Counts) -> Iterator[Note]:
    """Yield a note for each way in which classes lack images; `counts`: of shape (3 parts, classes)."""
    train, validation, test = counts
    present = counts.any(axis=0)
    lowest = int(present.argmax())
    below = np.arange(len(names)) < lowest
    untaught = present & (train == 0)
    shown = int((validation + test)[untaught].sum())
    found: tuple[tuple[Code, NDArray[np.bool_], dict[str, int]], ...] = (
        (Code.LABELS_START_LATE, below, {"lowest": lowest}),
        (Code.CLASS_WITHOUT_IMAGES, ~present & ~below, {}),
        (Code.CLASS_NOT_TAUGHT, untaught, {"count": shown}),
        (Code.CLASS_NOT_VALIDATED, (train > 0) & (validation == 0), {}),
        (Code.CLASS_NOT_TESTED, (train > 0) & (test == 0), {}),
    )
    for code, chosen, values in found:
        if chosen.any():
            yield Note(code, {"classes": _some([names[label] for label in np.flatnonzero(chosen)]), **values})


def _balance(names: tuple[str, ...], counts: Counts) -> Iterator[Note]:
    """Yield notes on a class that dominates and on parts that are too small; `counts`: as in `_missing`."""
    train, *measured = counts
    validation, test = (int(part.sum()) for part in measured)
    largest, taught = int(train.argmax()), int((train > 0).sum())
    if taught == 1:
        yield Note(Code.ONE_CLASS, {"name": names[largest]})
    elif train[largest] > train.sum() * (DOMINATES if taught > 2 else DOMINATES_TWO):
        shares = (round(float(part[largest] / part.sum()), 4) for part in measured)
        yield Note(
            Code.LARGEST_CLASS, {"name": names[largest], **dict(zip(("validation", "test"), shares, strict=True))}
        )
    if min(validation, test) < FEW * taught:
        margin = round(0.98 / min(validation, test) ** 0.5, 2)  # 1.96 standard errors of an accuracy of one half
        values = {"validation": validation, "test": test, "classes": taught, "margin": margin}
        yield Note(Code.FEW_IMAGES, values)


def _repeated(data: Dataset, images: list[Counts]) -> Iterator[Note]:
    """Yield notes on images that occur more than once; `images`: the hashes of each part's."""
    train, validation, test = images
    every = np.concatenate(images)
    in_order = np.sort(every)
    if not (in_order[1:] == in_order[:-1]).any():
        return
    blank = sum(_blank(part.images) for part in (data.train, data.validation, data.test))
    labels = np.concatenate([part.labels for part in (data.train, data.validation, data.test)])
    found = (
        (Code.BLANK_IMAGES, blank, len(every)),
        (Code.TEST_IMAGES_LEARNT, int(np.isin(test, np.concatenate([train, validation])).sum()), len(test)),
        (Code.VALIDATION_IMAGES_LEARNT, int(np.isin(validation, train).sum()), len(validation)),
        (Code.CONTRADICTORY_LABELS, _contradictory(every, labels), len(every)),
    )
    for code, count, total in found:
        if count >= total * NOTABLE:
            yield Note(code, {"count": count, "total": total})


def _hashes(images: Bytes) -> Counts:
    return np.fromiter((hash(image.tobytes()) for image in images), np.int64, len(images))


def _blank(images: Bytes) -> int:
    """Count the images whose pixels are all equal."""
    pixels = images.reshape(len(images), -1)
    return int((pixels.min(axis=1) == pixels.max(axis=1)).sum())


def _contradictory(images: Counts, labels: NDArray[np.int32]) -> int:
    """Count the images that occur with different labels; `images`: their hashes."""
    _, group, sizes = np.unique(images, return_inverse=True, return_counts=True)
    with_one_label = np.unique(np.stack([group, labels]), axis=1)[0]
    return int(sizes[np.bincount(with_one_label) > 1].sum())


def _all_the_same(data: Dataset) -> DataError:
    image = data.train.images[0]
    where = data.info.location
    if image.min() == image.max():
        text = _("{where}: every pixel of the training images is {value}", where=where, value=image.flat[0])
    else:
        text = _("{where}: all {count:,} training images are the same", where=where, count=len(data.train))
    cast = _("if values from 0 to 1 were cast to bytes, multiply them by 255 first: (x * 255).astype('uint8')")
    look = _("look at them: {command}", command=shlex.join(["kerasnn", "data", "show", str(where)]))
    return DataError(text, expected=_("images that differ"), hint=cast if image.max() <= 1 else look)
