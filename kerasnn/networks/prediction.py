"""What a model takes an image for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import Dataset, as_pixels
from kerasnn.data.pictures import read_picture
from kerasnn.errors import UsageError
from kerasnn.language import _
from kerasnn.networks.classifier import Classifier, in_batches
from kerasnn.records import DatasetInfo, Prediction


@dataclass(frozen=True)
class Question:
    """An image to be judged: uint8 of shape (rows, columns), what to call it, its true class where known.

    `index`, `dataset`: of a test image.
    """

    name: str
    pixels: NDArray[np.uint8]
    truth: str | None = None
    notes: tuple[str, ...] = ()
    index: int | None = None
    dataset: DatasetInfo | None = None


def questions_from_files(paths: Sequence[Path], *, shape: tuple[int, int], invert: bool) -> list[Question]:
    """One question an image file, made grey and `shape` rows and columns large.

    Raises: DataError where a file is missing or no image.
    """
    pictures = [read_picture(path, shape=shape, invert=invert) for path in paths]
    return [
        Question(str(path), picture.pixels, notes=picture.notes) for path, picture in zip(paths, pictures, strict=True)
    ]


def questions_from_test_images(dataset: Dataset, indices: Sequence[int]) -> list[Question]:
    """One question a test image, counted from 0.

    Raises: UsageError where there is no image of that number.
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
            index=index,
            dataset=dataset.info,
        )
        for index in indices
    ]


def predict(classifier: Classifier, questions: Sequence[Question], names: tuple[str, ...]) -> tuple[Prediction, ...]:
    """One answer a question: the class of the highest probability (argmax), and all probabilities.

    Raises: ModelFileError where the images have another size than the model takes, or it computes what is no number.
    """
    if not questions:
        return ()
    probabilities = np.exp(in_batches(np.stack([question.pixels for question in questions]), classifier))
    return tuple(
        Prediction(
            image=question.name,
            label=int(row.argmax()),
            name=names[int(row.argmax())],
            probability=float(row.max()),
            probabilities=tuple(map(float, row)),
            names=names,
            truth=question.truth,
            pixels=as_pixels(question.pixels),
            notes=(*question.notes, *classifier.notes),
            index=question.index,
            dataset=question.dataset,
        )
        for question, row in zip(questions, probabilities, strict=True)
    )
