"""The lecture's baseline: scikit-learn's SGDClassifier, one binary logistic regression per class."""

import time
import warnings

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import cross_validate

from kerasnn.data.dataset import Dataset, Part, unsplit
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.networks.forward import OneVsRest
from kerasnn.records import ComparisonRow, Training
from kerasnn.records.codes import Code
from kerasnn.records.note import Note


def train_sgd(settings: Settings, dataset: Dataset) -> tuple[OneVsRest, Training]:
    """Fit an SGDClassifier to the training images.

    The history is empty, because scikit-learn does not report the loss after each epoch.
    """
    classifier = _classifier(settings)
    began = time.perf_counter()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        classifier.fit(_inputs(dataset.train), dataset.train.labels)
    seconds = time.perf_counter() - began
    passes = int(classifier.n_iter_)
    training = Training(
        engine="scikit-learn",
        outcome="done",
        history=(),
        best_epoch=None,
        stopped_epoch=passes,
        stopped_early=passes < settings.epochs,
        keras_stopped_epoch=None,
        kept_epoch=passes,
        compile_seconds=0.0,
        train_seconds=seconds,
        notes=(Note(Code.NOT_CONVERGED),) if caught else (),
    )
    return _one_vs_rest(classifier, dataset.classes), training


def cross_validated(settings: Settings, dataset: Dataset, folds: int) -> ComparisonRow:
    """Score an SGDClassifier by `folds`-fold cross-validation over training and validation images together."""
    part = unsplit(dataset)
    images = _inputs(part)
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        scores = cross_validate(_classifier(settings), images, part.labels, cv=folds)["test_score"]
    return ComparisonRow(
        model=f"SGDClassifier, {folds}-fold",
        parameters=(images.shape[1] + 1) * dataset.classes,
        accuracy=float(np.mean(scores)),
        log_loss=None,
        seconds=time.perf_counter() - began,
        spread=float(np.std(scores)),
        folds=folds,
    )


def _classifier(settings: Settings) -> SGDClassifier:
    # one class per thread; the result is bitwise the same with any number of threads
    return SGDClassifier(loss="log_loss", max_iter=settings.epochs, random_state=settings.seed, n_jobs=-1)


def _inputs(part: Part) -> NDArray[np.float64]:
    # (n, pixels), float64 as in the notebooks: float32 changes the fifth digit of the score
    return part.images.reshape(len(part), -1) / 255.0


def _one_vs_rest(classifier: SGDClassifier, classes: int) -> OneVsRest:
    """Return a model with one row of coefficients per label.

    scikit-learn stores a single row for two classes, and none for a class without images, whose probability is 0 here.
    """
    coefficients = np.zeros((classes, classifier.coef_.shape[1]), np.float32)
    intercepts = np.full(classes, -50.0, np.float32)  # a sigmoid of 2e-22, for classes without images
    if len(classifier.classes_) == 2:
        sign = np.array([[-1.0], [1.0]])
        coefficients[classifier.classes_] = sign * classifier.coef_
        intercepts[classifier.classes_] = sign[:, 0] * classifier.intercept_
    else:
        coefficients[classifier.classes_] = classifier.coef_
        intercepts[classifier.classes_] = classifier.intercept_
    return OneVsRest(coefficients, intercepts)
