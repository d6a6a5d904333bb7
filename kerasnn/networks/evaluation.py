"""Evaluate a model: loss, accuracy, scores of each class, confusions, worst mistakes; and predict single images."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import Dataset, Part, as_pixels
from kerasnn.errors import ModelFileError
from kerasnn.language import _
from kerasnn.networks.classifier import Classifier, Reals, in_batches
from kerasnn.networks.questions import Question
from kerasnn.records import ClassScores, Confusion, Evaluation, Mistake, Prediction, Scores

Matrix = NDArray[np.int64]

CONFUSED_PAIRS: Final = 5
MISTAKES: Final = 20


def score(classifier: Classifier, part: Part) -> Scores:
    """Return loss and accuracy of `classifier` on `part`, without dropout."""
    return _scores(in_batches(part.images, classifier), part.labels)


def _scores(logarithms: Reals, labels: NDArray[np.int32]) -> Scores:
    losses = -logarithms[np.arange(len(labels)), labels]
    right = logarithms.argmax(axis=1) == labels
    return Scores(float(losses.mean(dtype=np.float64)), float(right.mean()))


def require_its_classes(classifier: Classifier, dataset: Dataset) -> None:
    """Raise ModelFileError unless the labels of `dataset` can be what `classifier` answers."""
    if classifier.classes != dataset.classes:
        raise ModelFileError(
            _(
                "the model distinguishes {classes} classes, but {name} has {classes2}",
                classes=classifier.classes,
                name=dataset.info.name,
                classes2=dataset.classes,
            ),
            hint=_("name the data set the model was trained on with --dataset"),
        )


def evaluate(classifier: Classifier, dataset: Dataset, *, model: str, path: str) -> Evaluation:
    """Compute everything that `kerasnn evaluate` shows. `model`, `path`: the model's name and file.

    Raises: ModelFileError if the model does not fit the data set, or its outputs are not finite.
    """
    require_its_classes(classifier, dataset)
    test, names = dataset.test, dataset.info.classes
    logarithms = in_batches(test.images, classifier)
    matrix = confusion_matrix(test.labels, logarithms.argmax(axis=1), dataset.classes)
    return Evaluation(
        model=model,
        path=path,
        dataset=dataset.info,
        validation=score(classifier, dataset.validation),
        test=_scores(logarithms, test.labels),
        classes=class_scores(matrix, names),
        confusion=tuple(tuple(map(int, row)) for row in matrix),
        confused=_most_confused(matrix, names),
        mistakes=_worst_mistakes(logarithms, test, names),
        notes=classifier.notes,
    )


def confusion_matrix(truth: NDArray[np.int32], answers: NDArray[np.int64], classes: int) -> Matrix:
    """Count how often each class (row) was classified as each class (column): int64 of shape (classes, classes)."""
    return np.bincount(truth * classes + answers, minlength=classes**2).reshape(classes, classes)


def class_scores(matrix: Matrix, names: tuple[str, ...]) -> tuple[ClassScores, ...]:
    """Return precision, recall and F1 of each class; 0 in place of 0/0, as in scikit-learn."""
    hits, support, answered = matrix.diagonal(), matrix.sum(axis=1), matrix.sum(axis=0)
    return tuple(
        ClassScores(
            label=label,
            name=name,
            precision=_share(hits[label], answered[label]),
            recall=_share(hits[label], support[label]),
            f1=_share(2 * hits[label], support[label] + answered[label]),
            support=int(support[label]),
        )
        for label, name in enumerate(names)
    )


def _share(part: np.int64, whole: np.int64) -> float:
    return float(part / whole) if whole else 0.0


def _most_confused(matrix: Matrix, names: tuple[str, ...]) -> tuple[Confusion, ...]:
    """Return the most frequent pairs of true class and wrong answer, most frequent first."""
    wrong = matrix.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:CONFUSED_PAIRS]
    pairs = [divmod(int(place), len(names)) for place in order if wrong.flat[place] > 0]
    return tuple(
        Confusion(names[row], names[column], int(wrong[row, column]), _share(wrong[row, column], matrix[row].sum()))
        for row, column in pairs
    )


def _worst_mistakes(logarithms: Reals, test: Part, names: tuple[str, ...]) -> tuple[Mistake, ...]:
    """Return the wrong answers with the highest loss: those whose true class had the lowest probability."""
    answers, labels = logarithms.argmax(axis=1), test.labels
    truth_logarithms = logarithms[np.arange(len(labels)), labels]
    wrong = np.flatnonzero(answers != labels)
    worst = wrong[np.argsort(truth_logarithms[wrong], kind="stable")][:MISTAKES]
    return tuple(
        Mistake(
            index=int(index),
            truth=names[labels[index]],
            answer=names[answers[index]],
            probability=float(np.exp(logarithms[index, answers[index]])),
            truth_probability=float(np.exp(truth_logarithms[index])),
            pixels=as_pixels(test.images[index]),
        )
        for index in worst
    )


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
            original=None if question.original is None else as_pixels(question.original),
            notes=(*question.notes, *classifier.notes),
            index=question.index,
            dataset=question.dataset,
        )
        for question, row in zip(questions, probabilities, strict=True)
    )
