"""Predict the classes of images, from files or from the test set."""

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
    """An image to classify. `pixels`: uint8 of shape (rows, columns). `truth`: its class, if known.

    `index`, `dataset`: where a test image comes from.
    """

    name: str
    pixels: NDArray[np.uint8]
    truth: str | None = None
    notes: tuple[str, ...] = ()
    index: int | None = None
    dataset: DatasetInfo | None = None


def questions_from_files(paths: Sequence[Path], *, shape: tuple[int, int], invert: bool) -> list[Question]:
    """Read image files as grey values. `shape`: rows and columns of the result.

    Raises: DataError if a file is missing or not an image.
    """
    pictures = [read_picture(path, shape=shape, invert=invert) for path in paths]
    return [
        Question(str(path), picture.pixels, notes=picture.notes) for path, picture in zip(paths, pictures, strict=True)
    ]


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
            index=index,
            dataset=dataset.info,
        )
        for index in indices
    ]


def predict(classifier: Classifier, questions: Sequence[Question], names: tuple[str, ...]) -> tuple[Prediction, ...]:
    """Predict for each image the class with the highest probability (argmax), and return all its probabilities.

    Raises: ModelFileError if the images do not have the model's size, or its outputs are not finite.
    """
    if not questions:
        return ()
    images = np.stack([question.pixels for question in questions])
    probabilities = np.exp(in_batches(images, classifier))  # (n, classes)
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
