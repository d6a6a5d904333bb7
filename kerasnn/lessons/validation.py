"""A validation set and cross-validation, both done on the spot and timed."""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kerasnn.language import _
from kerasnn.lecture.optimizers import RMSprop
from kerasnn.lecture.published import published_range
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context
from kerasnn.lessons.learning import Lesson, fresh_weights, judged, learn
from kerasnn.records import BarsPicture, Explanation, Grid, Section

IMAGES = 3000
FOLDS = 5
EPOCHS = 2
LECTURE_VALIDATION = 12_000
TYPICAL = 0.88


@dataclass(frozen=True)
class _Scored:
    accuracies: tuple[float, ...]
    seconds: float


def explain(context: Context) -> Explanation:
    """Source: lecture, "validation set"."""
    return context.explained(
        _both(context),
        _spread(),
        question=_(
            "An accuracy of {typical} was measured on 12,000 validation images. By how much may it be off by chance?",
            typical=TYPICAL,
        ),
        answer=_(
            "By about {error:.4f} either way (two standard errors, 2 x the root of p (1 - p) / n), that is "
            "{images:.0f} images. Two models that differ by less are not told apart by this set; on 600 images it "
            "would be {few:.4f}.",
            error=2 * _standard_error(LECTURE_VALIDATION),
            images=2 * _standard_error(LECTURE_VALIDATION) * LECTURE_VALIDATION,
            few=2 * _standard_error(600),
        ),
        on_image=False,
    )


def _standard_error(count: int, share: float = TYPICAL) -> float:
    return float(np.sqrt(share * (1 - share) / count))


def _both(context: Context) -> Section:
    lesson = Lesson.of(context.images.learning(IMAGES))
    folds = np.array_split(np.random.default_rng(42).permutation(len(lesson.labels)), FOLDS)
    once = _trained(lesson, folds, 1, len(context.names))
    crossed = _trained(lesson, folds, FOLDS, len(context.names))
    mean, spread = float(np.mean(crossed.accuracies)), float(np.std(crossed.accuracies))
    seen = np.bincount(np.concatenate(folds), minlength=len(lesson.labels))
    return Section(
        _("Both, done just now"),
        sentences=(
            _(
                "One Dense layer with softmax learns from {count:,} training images of {dataset}, {epochs} epochs. "
                "Once one fifth is put aside and judges; then each fifth in turn judges a network that learnt from "
                "the others.",
                count=len(lesson.labels),
                dataset=context.images.name,
                epochs=EPOCHS,
            ),
        ),
        grids=(
            Grid(
                _("Scores and time"),
                ("", _("trainings"), _("accuracy"), _("spread"), _("seconds")),
                (
                    (_("validation set"), 1, once.accuracies[0], None, once.seconds),
                    (_("{folds}-fold cross-validation", folds=FOLDS), FOLDS, mean, spread, crossed.seconds),
                ),
                note=_("spread: standard deviation of the folds"),
            ),
        ),
        checks=(
            check("every-image-judges-once", (_("how often each image validates"), seen), ("1", np.ones_like(seen))),
            check(
                "first-fold",
                (_("the validation set's score"), once.accuracies[0]),
                (_("the first fold's score"), crossed.accuracies[0]),
            ),
        ),
        pictures=(
            BarsPicture(
                "folds",
                _("Accuracy of each fold"),
                (*(_("fold {number}", number=number + 1) for number in range(FOLDS)), _("mean")),
                (*crossed.accuracies, mean),
                (FOLDS,),
            ),
        ),
    )


def _trained(lesson: Lesson, folds: list[NDArray[np.int64]], judging: int, classes: int) -> _Scored:
    """The first `judging` folds each as the judge of a training on all others."""
    began = time.perf_counter()
    accuracies = []
    for number in range(judging):
        others = np.concatenate([fold for place, fold in enumerate(folds) if place != number])
        start = fresh_weights((lesson.inputs.shape[1], classes), seed=42)
        learnt = learn(start, lesson.take(others), RMSprop, epochs=EPOCHS)
        accuracies.append(judged(learnt.weights, lesson.take(folds[number]))[1])
    return _Scored(tuple(accuracies), time.perf_counter() - began)


def _spread() -> Section:
    published = published_range("sgd")
    rows = tuple(
        (count, _standard_error(count), 2 * _standard_error(count) * 100) for count in (600, 3000, 12_000, 60_000)
    )
    sentences = [
        _(
            "How steady a score is depends on how many images judge. The slide is right for the lecture's 12,000; "
            "on the few hundred above, cross-validation is worth its time."
        )
    ]
    if published is not None:
        sentences.append(
            _(
                "The lecture's own figure for SGDClassifier, {low:.4f} to {high:.4f}, is a mean of 5 folds over all "
                "60,000 images: scikit-learn trains in seconds, so there it was affordable ('kerasnn "
                "compare-sklearn --cv 5').",
                low=published.low,
                high=published.high,
            )
        )
    return Section(
        _("How many images make a score steady"),
        sentences=tuple(sentences),
        grids=(
            Grid(
                _("Chance alone, at an accuracy of {typical}", typical=TYPICAL),
                (_("images that judge"), _("standard error"), _("+- points (two standard errors)")),
                rows,
            ),
        ),
    )
