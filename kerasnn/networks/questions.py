"""The images that `predict` is asked about: from files, of which some may be unreadable, and from the test set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import Dataset
from kerasnn.data.misleading import is_blank
from kerasnn.data.picture_reader import Picture
from kerasnn.errors import KerasnnError, UsageError
from kerasnn.language import _
from kerasnn.records import Answers, DatasetInfo, Note, Prediction, Several, Unreadable
from kerasnn.records.picture_codes import PictureCode


@dataclass(frozen=True)
class Question:
    """An image to classify. `pixels`: uint8 of shape (rows, columns). `truth`: its class, if known.

    `index`, `dataset`: where a test image comes from. `original`: as in Prediction.
    """

    name: str
    pixels: NDArray[np.uint8]
    truth: str | None = None
    notes: tuple[Note, ...] = ()
    index: int | None = None
    dataset: DatasetInfo | None = None
    original: NDArray[np.uint8] | None = None


@dataclass(frozen=True)
class Failure:
    """An image file that could not be read, and why."""

    name: str
    error: KerasnnError


def question_of_file(name: str, read: Picture | KerasnnError) -> Question | Failure:
    """Return the question about the image file `name`, from what `read_pictures` returned for it."""
    if isinstance(read, KerasnnError):
        return Failure(name, read)
    return Question(name, read.pixels, notes=read.notes, original=read.original)


def questions_from_test_images(dataset: Dataset, indices: Sequence[int]) -> list[Question]:
    """Return the test images at `indices`, counted from 0.

    Raises: UsageError if an index is out of range.
    """
    for index in indices:
        if not 0 <= index < len(dataset.test):
            raise UsageError(
                _("there is no test image {index}", index=index),
                expected=_("a number from 0 to {count:,}", count=len(dataset.test) - 1),
            )
    names, name = dataset.info.classes, "test image"
    if dataset.info.stand_in:
        name = f"{dataset.info.name} {name}"
    return [
        Question(
            f"{name} {index}",
            dataset.test.images[index],
            truth=names[dataset.test.labels[index]],
            notes=(Note(PictureCode.BLANK),) if is_blank(dataset.test.images[index]) else (),
            index=index,
            dataset=dataset.info,
        )
        for index in indices
    ]


def answered(asked: Sequence[Question | Failure], predictions: Iterable[Prediction]) -> Several[Prediction]:
    """Return `predictions`, one for each question in `asked`.

    Raises: the error of the first failure in `asked`. If anything else was asked, its `record` holds all answers.
    """
    failures = [each for each in asked if isinstance(each, Failure)]
    if not failures:
        return Several(predictions)
    first, rest = failures[0].error, iter(predictions)
    if len(asked) == 1:
        raise first
    record = Answers(
        tuple(Unreadable(each.name, each.error.details) if isinstance(each, Failure) else next(rest) for each in asked)
    )
    raise _together(failures, len(asked), record)


def _together(failures: Sequence[Failure], total: int, record: Answers) -> KerasnnError:
    """Return one error for all failures, of the kind of the first."""
    errors = [each.error for each in failures]
    kind = type(errors[0])
    expected, hint = ({getattr(error, part) for error in errors} for part in ("expected", "hint"))
    common = {
        "expected": expected.pop() if len(expected) == 1 else None,
        "hint": hint.pop() if len(hint) == 1 else None,
    }
    if len(errors) == 1:
        return kind(errors[0].message, **common, record=record)
    reasons = "; ".join(error.message for error in errors)
    values = {"count": len(errors), "total": total, "reasons": reasons}
    return kind(_("{count} of {total} images could not be read: {reasons}", **values), **common, record=record)
