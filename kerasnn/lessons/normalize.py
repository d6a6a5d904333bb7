"""Pixels divided by 255: the numbers before and after, and what it costs to leave it out."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.language import _
from kerasnn.lecture.optimizers import OPTIMIZER_BY_NAME, Rule
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context, trace
from kerasnn.lessons.drawing import grey_images, lines, series
from kerasnn.lessons.learning import Learnt, Lesson, fresh_weights, judged, learn, parted
from kerasnn.networks.classifier import Reals
from kerasnn.records import BarsPicture, Cell, Explanation, Grid, Section

IMAGES = 3000
EPOCHS = 2
BINS = 8
COMPARED: Final = ("sgd", "rmsprop", "adam")
DRAWN: Final = "rmsprop"


def explain(context: Context) -> Explanation:
    """Source: lecture, "normalising"."""
    first = context.layers[0]
    raw = context.values * np.float32(255)
    lighter = raw @ (first.kernel / np.float32(255)) + first.bias
    away = float(np.abs(lighter - context.steps[0].z).max())
    return context.explained(
        _before_and_after(context),
        _fed_raw(context, raw),
        _learning(context),
        question=_(
            "The trained model wants pixels from 0 to 1. How would you change its weights so that it takes the bytes 0 "
            "to 255 as they are, and still answers the same?"
        ),
        answer=_(
            "Divide the weights of its first layer by 255 and leave the biases: (w / 255) x (255 x) = w x. On this "
            "image z then differs by {away:.1e} at the most. Dividing the pixels changes nothing that a network can "
            "express; it changes how easily it learns, for weights start small and steps are small.",
            away=away,
        ),
    )


def _before_and_after(context: Context) -> Section:
    pixels, values = context.image.astype(np.float64), context.values.astype(np.float64)
    standard = (pixels - pixels.mean()) / (pixels.std() or 1)
    rows: list[tuple[Cell, ...]] = [
        (name, *(float(figure(numbers)) for figure in (np.min, np.max, np.mean, np.std)))
        for name, numbers in (
            (_("bytes"), pixels),
            (_("normalised: divided by 255"), values),
            (_("standardised: minus mean, divided by deviation"), standard),
        )
    ]
    counts, _edges = np.histogram(pixels, bins=BINS, range=(0, 256))
    labels = tuple(f"{256 // BINS * place}-{256 // BINS * (place + 1) - 1}" for place in range(BINS))
    shares = tuple(float(count / pixels.size) for count in counts)
    return Section(
        _("One image before and after"),
        grids=(
            Grid(
                _("Its {count} pixels", count=pixels.size),
                ("", _("lowest"), _("highest"), _("mean"), _("standard deviation")),
                tuple(rows),
            ),
        ),
        checks=(
            check(
                "nothing-is-lost", (_("normalised x 255"), values * 255), (_("the bytes"), pixels.reshape(1, -1)), 1e-4
            ),
            check("mean", (_("mean of the bytes / 255"), pixels.mean() / 255), (_("mean normalised"), values.mean())),
        ),
        pictures=(
            grey_images("image", _("The image: {name}", name=context.names[context.label]), [("", context.image)]),
            BarsPicture("pixels", _("How many of its pixels have which brightness"), labels, shares),
        ),
    )


def _fed_raw(context: Context, raw: Reals) -> Section:
    """The trained model, given bytes where it has learnt to see 0 to 1."""
    first = context.layers[0]
    mistaken, usual = (
        _shares(outputs[0]) for outputs in (trace(context.layers, raw)[-1].outputs, context.steps[-1].outputs)
    )
    return Section(
        _("The trained model, fed without dividing"),
        sentences=(
            _(
                "Its weights were learnt for numbers from 0 to 1. Given the bytes, every term w x is 255 times as "
                "large: sums run far off, and the answer becomes all or nothing."
            ),
        ),
        grids=(
            Grid(
                _("Probabilities for this image"),
                (_("class"), _("normalised"), _("bytes as they are")),
                tuple(
                    (name, float(one), float(other))
                    for name, one, other in zip(context.names, usual, mistaken, strict=True)
                ),
            ),
        ),
        checks=(
            check(
                "z-grows-255-fold",
                (_("first layer: z of the bytes minus bias"), (raw @ first.kernel)[0]),
                (_("255 x (z minus bias)"), 255 * (context.values @ first.kernel)[0]),
                0.01,
            ),
        ),
    )


def _shares(outputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Outputs made to add up to 1: those of softmax do so already, those of one-vs-rest do not."""
    return outputs / (outputs.sum() or np.float32(1))


def _learning(context: Context) -> Section:
    train, test = parted(context.images.learning(IMAGES))
    rows: list[tuple[Cell, ...]] = []
    curves: list[tuple[str, Learnt]] = []
    for optimizer in map(OPTIMIZER_BY_NAME.__getitem__, COMPARED):
        for name, factor in ((_("0 to 1"), 1), (_("0 to 255"), 255)):
            learnt = _learn(train, factor, optimizer.rule, len(context.names))
            loss, accuracy = judged(learnt.weights, Lesson(test.inputs * np.float32(factor), test.labels))
            rows.append((optimizer.title, name, loss, accuracy))
            if optimizer.name == DRAWN:
                curves.append((name, learnt))
    drawn = [series(name, np.arange(len(each.losses)), _smooth(each.losses)) for name, each in curves]
    return Section(
        _("What it costs to leave it out, measured"),
        sentences=(
            _(
                "One Dense layer with softmax, just trained here on {train:,} images of {dataset}, {epochs} epochs, "
                "the same start and the same batches each time; judged on {test} others.",
                train=len(train.labels),
                dataset=context.images.name,
                epochs=EPOCHS,
                test=len(test.labels),
            ),
        ),
        grids=(
            Grid(
                _("Loss and accuracy afterwards"), (_("optimizer"), _("pixels"), _("loss"), _("accuracy")), tuple(rows)
            ),
        ),
        pictures=(lines("learning", _("RMSprop: loss of the batches, mean of ten"), (_("step"), _("loss")), *drawn),),
    )


def _learn(lesson: Lesson, factor: int, new_rule: Callable[[], Rule], classes: int) -> Learnt:
    scaled = Lesson(lesson.inputs * np.float32(factor), lesson.labels)
    start = fresh_weights((scaled.inputs.shape[1], classes), seed=42)
    return learn(start, scaled, new_rule, epochs=EPOCHS)


def _smooth(losses: tuple[float, ...], width: int = 10) -> list[float]:
    return [float(np.mean(losses[max(0, place - width + 1) : place + 1])) for place in range(len(losses))]
