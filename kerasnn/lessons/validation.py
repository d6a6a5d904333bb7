"""A validation set and cross-validation, both carried out and timed."""

import time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.errors import UsageError
from kerasnn.language import N_, _
from kerasnn.lecture.optimizers import RMSprop
from kerasnn.lecture.stages import published_range
from kerasnn.lessons.context import Context
from kerasnn.lessons.learning import Examples, evaluate, fit, hold_out, initial_weights, logits
from kerasnn.lessons.parts import bars, check, section, table
from kerasnn.records import Explanation, Section

IMAGES: Final = 3000
FOLDS: Final = 5
EPOCHS: Final = 2
UNITS: Final = 50
LECTURE_VALIDATION: Final = 12_000
TYPICAL: Final = 0.88  # about what the lecture's networks reach

QUESTION: Final = N_(
    "An accuracy of {typical} was measured on 12,000 validation images. By how much may it be off because these images "
    "were chosen by chance?"
)
ANSWER: Final = N_(
    "In 19 of 20 cases by at most about {error:.4f} either way (two standard errors, 2 x the root of p (1 - p) / n), "
    "that is {images:.0f} images; with 600 images it would be {few:.4f}. The difference of two models on the same "
    "images is usually known better, as above; and another seed changes the score besides."
)
BOTH: Final = N_(
    "One Dense layer with softmax learns from {count:,} training images of {dataset} for {epochs} epochs. First one "
    "fifth is held out to evaluate it; then each fifth in turn evaluates a network that learnt from the others."
)
STEADINESS: Final = N_(
    "How steady a score is depends on the number of images it is measured on. Cross-validation measures on every image "
    "once: 5 folds have five times the images of one, so by chance their mean varies less, by a factor of about the "
    "root of 5. It takes five trainings. With the lecture's 12,000 validation images the error is small enough "
    "without; for the few hundred above, cross-validation is worth its time."
)
PAIRED: Final = N_(
    "One Dense layer, and one with {units} hidden units of ReLU before it, learn from the same images and answer the "
    "same {count} others. Most are right for both or wrong for both. The difference of their accuracies comes from the "
    "images that only one of them gets right, b and c: its standard error is the root of (b + c - (b - c)^2 / n), "
    "divided by n."
)
TOLD: Final = N_(
    "Two standard errors either side are {low:+.4f} to {high:+.4f}, which excludes 0: chance alone seldom makes so "
    "large a difference."
)
NOT_TOLD: Final = N_(
    "Two standard errors either side are {low:+.4f} to {high:+.4f}, with 0: these images do not tell which is better."
)
PUBLISHED: Final = N_(
    "The lecture's own score of SGDClassifier, {low:.4f} to {high:.4f}, is a mean of 5 folds over all 60,000 images: "
    "its training is short enough for that ('kerasnn compare-sklearn --cv 5')."
)


def explain(context: Context) -> Explanation:
    """Explain validation on images of the data set. Source: lecture, "validation set"."""
    error = 2 * _standard_error(LECTURE_VALIDATION)
    return context.explained(
        _both(context),
        _paired(context),
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
    if count < 2 * FOLDS:
        raise UsageError(
            _("{count} training and validation images are too few for {folds} folds", count=count, folds=FOLDS),
            expected=_("at least {least}", least=2 * FOLDS),
        )
    folds = np.array_split(np.random.default_rng(42).permutation(count), FOLDS)
    once, once_seconds = _hold_out(examples, folds, 1, classes)
    crossed, seconds = _hold_out(examples, folds, FOLDS, classes)
    mean = float(np.mean(crossed))
    spread = np.std(crossed, ddof=1)
    crossed_row = (_("{folds}-fold cross-validation", folds=FOLDS), FOLDS, mean, spread, seconds)
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


def _paired(context: Context) -> Section:
    """Compare two networks on the same held-out images: only those that one of them gets right count."""
    train, test = hold_out(context.images.learning(IMAGES))
    one, other = (
        _right(train, test, (train.inputs.shape[1], *hidden, len(context.names))) for hidden in ((), (UNITS,))
    )
    count = len(test.labels)
    gained, lost = int((other & ~one).sum()), int((one & ~other).sum())
    difference = (gained - lost) / count
    error = float(np.sqrt(gained + lost - (gained - lost) ** 2 / count)) / count
    apart = float(np.sqrt((one.var() + other.var()) / count))  # as if each had images of its own
    image_by_image = (_("deviation of the differences, image by image, / root of n"), _deviation(other, one))
    low, high = difference - 2 * error, difference + 2 * error
    return section(
        _("Two models on the same images"),
        _(PAIRED, units=UNITS, count=count),
        table(
            _("Right and wrong"),
            ("", _("images")),
            (
                (_("both right"), int((one & other).sum())),
                (_("only the one layer right"), lost),
                (_("only the one with ReLU right"), gained),
                (_("both wrong"), int((~one & ~other).sum())),
            ),
        ),
        table(
            _("The difference of their accuracies: {difference:+.4f}", difference=difference),
            ("", _("standard error"), _("+- points (two standard errors)")),
            (
                (_("on the same images"), error, 200 * error),  # percentage points
                (_("if each had images of its own"), apart, 200 * apart),
            ),
        ),
        check("paired-error", (_("standard error on the same images"), error), image_by_image, 1e-12),
        _(TOLD if low > 0 or high < 0 else NOT_TOLD, low=low, high=high),
    )


def _right(train: Examples, test: Examples, sizes: tuple[int, ...]) -> NDArray[np.bool_]:
    """Train a network of `sizes`; return for each image of `test` whether its answer is right."""
    weights = fit(initial_weights(sizes, seed=42), train, RMSprop, activation="relu", epochs=EPOCHS).weights
    right: NDArray[np.bool_] = logits(weights, test.inputs, "relu").argmax(axis=1) == test.labels
    return right


def _deviation(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    return float(np.std(one.astype(np.int64) - other) / np.sqrt(len(one)))


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
