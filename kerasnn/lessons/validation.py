"""A validation set and cross-validation, both carried out and timed."""

import time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.language import N_, _
from kerasnn.lecture.optimizers import RMSprop
from kerasnn.lecture.stages import published_range
from kerasnn.lessons.context import Context
from kerasnn.lessons.learning import Examples, evaluate, fit, initial_weights
from kerasnn.lessons.parts import bars, check, section, table
from kerasnn.records import Explanation, Section

IMAGES: Final = 3000
FOLDS: Final = 5
EPOCHS: Final = 2
LECTURE_VALIDATION: Final = 12_000
TYPICAL: Final = 0.88  # about what the lecture's networks reach

QUESTION: Final = N_(
    "An accuracy of {typical} was measured on 12,000 validation images. By how much may it be off by chance?"
)
ANSWER: Final = N_(
    "By about {error:.4f} either way (two standard errors, 2 x the root of p (1 - p) / n), that is {images:.0f} "
    "images. This set cannot tell two models apart that differ by less; with 600 images it would be {few:.4f}."
)
BOTH: Final = N_(
    "One Dense layer with softmax learns from {count:,} training images of {dataset} for {epochs} epochs. First one "
    "fifth is held out to evaluate it; then each fifth in turn evaluates a network that learnt from the others."
)
STEADINESS: Final = N_(
    "How steady a score is depends on the number of images it is measured on. The slide is right for the lecture's "
    "12,000; for the few hundred above, cross-validation is worth its time."
)
PUBLISHED: Final = N_(
    "The lecture's own score of SGDClassifier, {low:.4f} to {high:.4f}, is a mean of 5 folds over all 60,000 images: "
    "scikit-learn trains in seconds, so there it was affordable ('kerasnn compare-sklearn --cv 5')."
)


def explain(context: Context) -> Explanation:
    """Explain validation on images of the data set. Source: lecture, "validation set"."""
    error = 2 * _standard_error(LECTURE_VALIDATION)
    return context.explained(
        _both(context),
        _steadiness(),
        question=_(QUESTION, typical=TYPICAL),
        answer=_(ANSWER, error=error, images=error * LECTURE_VALIDATION, few=2 * _standard_error(600)),
        on_image=False,
    )


def _standard_error(count: int) -> float:
    return float(np.sqrt(TYPICAL * (1 - TYPICAL) / count))


def _both(context: Context) -> Section:
    examples = Examples.of(context.images.learning(IMAGES))
    count, classes = len(examples.labels), len(context.names)
    folds = np.array_split(np.random.default_rng(42).permutation(count), FOLDS)
    once, once_seconds = _hold_out(examples, folds, 1, classes)
    crossed, seconds = _hold_out(examples, folds, FOLDS, classes)
    mean = float(np.mean(crossed))
    crossed_row = (_("{folds}-fold cross-validation", folds=FOLDS), FOLDS, mean, np.std(crossed), seconds)
    validated = np.bincount(np.concatenate(folds), minlength=count)  # shape (count,): once each
    often = (_("how often each image validates"), validated)
    names = (*(_("fold {number}", number=number + 1) for number in range(FOLDS)), _("mean"))
    return section(
        _("Both, done just now"),
        _(BOTH, count=count, dataset=context.images.name, epochs=EPOCHS),
        table(
            _("Scores and time"),
            ("", _("trainings"), _("accuracy"), _("spread"), _("seconds")),
            ((_("validation set"), 1, once[0], None, once_seconds), crossed_row),
            note=_("spread: standard deviation of the folds"),
        ),
        check("every-image-judges-once", often, ("1", np.ones_like(validated))),
        check("first-fold", (_("the validation set's score"), once[0]), (_("the first fold's score"), crossed[0])),
        bars("folds", _("Accuracy of each fold"), names, (*crossed, mean), FOLDS),
    )


def _hold_out(
    examples: Examples, folds: list[NDArray[np.int64]], trainings: int, classes: int
) -> tuple[list[float], float]:
    """Hold out each of the first `trainings` folds in turn: train on all others, evaluate on it.

    `folds`: the indices of the examples in each. Return the accuracy on each, and the seconds it all took.
    """
    began = time.perf_counter()
    accuracies = []
    for number in range(trainings):
        others = np.concatenate([fold for place, fold in enumerate(folds) if place != number])
        start = initial_weights((examples.inputs.shape[1], classes), seed=42)
        trained = fit(start, examples.take(others), RMSprop, epochs=EPOCHS)
        accuracies.append(evaluate(trained.weights, examples.take(folds[number]))[1])
    return accuracies, time.perf_counter() - began


def _steadiness() -> Section:
    published = published_range("sgd")
    counts = (600, 3000, 12_000, 60_000)
    rows = ((count, _standard_error(count), 2 * _standard_error(count) * 100) for count in counts)  # points: percent
    columns = (_("images evaluated"), _("standard error"), _("+- points (two standard errors)"))
    return section(
        _("How many images make a score steady"),
        _(STEADINESS),
        *([_(PUBLISHED, low=published.low, high=published.high)] if published is not None else []),
        table(_("Chance alone, at an accuracy of {typical}", typical=TYPICAL), columns, rows),
    )
