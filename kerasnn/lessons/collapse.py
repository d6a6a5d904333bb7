"""Linear layers in a row are one linear layer: first with numbers, then with networks."""

import numpy as np

from kerasnn.language import _
from kerasnn.lecture.optimizers import Adam
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context
from kerasnn.lessons.drawing import lines, series
from kerasnn.lessons.learning import Arrays, Lesson, fresh_weights, judged, learn, logits
from kerasnn.records import Explanation, Grid, Section

UNITS = 100
IMAGES = 2000
EPOCHS = 3
LONGER = 5  # a layer of a tenth of the parameters may well take more epochs
COMPARED = 100


def explain(context: Context) -> Explanation:
    """Source: lecture, "why an activation function"."""
    classes = len(context.names)
    inputs = context.test.images[0].size
    before, after = inputs * UNITS + UNITS + UNITS * classes + classes, inputs * classes + classes
    return context.explained(
        _arithmetic(),
        _bent(),
        _networks(context, inputs, classes),
        question=_("The two layers had {before:,} parameters. How many has the one that does the same?", before=before),
        answer=_(
            "{inputs} x {classes} + {classes} = {after:,}. The other {spare:,} could say nothing that these cannot: "
            "without an activation function a deep network is a shallow one written down at length.",
            inputs=inputs,
            classes=classes,
            after=after,
            spare=before - after,
        ),
        on_image=False,
    )


def _arithmetic() -> Section:
    a = np.array([-2.0, 0.0, 1.0, 5.0])
    b = 4 * a + 2
    c = 3 * b - 5
    return Section(
        _("The slide's arithmetic"),
        sentences=(_("c = 3 b - 5 = 3 (4 a + 2) - 5 = 12 a + 6 - 5 = 12 a + 1. The b is gone."),),
        grids=(
            Grid(
                _("Two steps and one"),
                ("a", "b = 4 a + 2", "c = 3 b - 5", "12 a + 1"),
                tuple(
                    (float(one), float(two), float(three), float(12 * one + 1))
                    for one, two, three in zip(a, b, c, strict=True)
                ),
                digits=0,
            ),
        ),
        checks=(check("arithmetic", ("3 (4 a + 2) - 5", c), ("12 a + 1", 12 * a + 1)),),
    )


def _bent() -> Section:
    """With the slide's logarithm in between no line is left: the slope differs from place to place."""
    a = np.linspace(0, 8, 81)
    bent = 3 * np.log(4 * a + 2) - 5
    slopes = np.gradient(bent, a)
    return Section(
        _("Bent in between"),
        sentences=(
            _(
                "The slide puts a logarithm between the two: c = 3 log(4 a + 2) - 5. A line has one slope "
                "everywhere; this has {first:.2f} at a = 0 and {last:.2f} at a = 8, so no 'a x something + "
                "something' can replace it.",
                first=float(slopes[0]),
                last=float(slopes[-1]),
            ),
        ),
        pictures=(
            lines(
                "bent",
                _("The same two equations, with and without a bend"),
                ("a", "c"),
                series(_("12 a + 1, divided by 10"), a, (12 * a + 1) / 10),
                series("3 log(4 a + 2) - 5", a, bent),
            ),
        ),
    )


def _networks(context: Context, inputs: int, classes: int) -> Section:
    lesson = Lesson.of(context.images.learning(IMAGES))
    test = Lesson.of(context.test, 0, 2000)
    sizes = (inputs, UNITS, classes)
    two = learn(fresh_weights(sizes, seed=42), lesson, Adam, epochs=EPOCHS).weights
    bent = learn(fresh_weights(sizes, seed=42), lesson, Adam, activation="relu", epochs=EPOCHS).weights
    direct = learn(fresh_weights((inputs, classes), seed=42), lesson, Adam, epochs=EPOCHS * LONGER).weights
    one = collapsed(two)
    few = test.inputs[:COMPARED]
    rows = tuple(
        (name, sum(part.size for part in weights), *judged(weights, test, activation))
        for name, weights, activation in (
            (_("two layers without activation"), two, "linear"),
            (_("the same, collapsed into one"), one, "linear"),
            (_("one layer, trained as such, {epochs} epochs", epochs=EPOCHS * LONGER), direct, "linear"),
            (_("two layers with ReLU between"), bent, "relu"),
        )
    )
    return Section(
        _("The same with networks, trained just now"),
        sentences=(
            _(
                "{inputs}-{units}-{classes} without an activation function, on {count:,} images of {dataset}, "
                "{epochs} epochs of Adam. Its two layers are then multiplied into one: W = W1 W2 and b = b1 W2 + b2.",
                inputs=inputs,
                units=UNITS,
                classes=classes,
                count=len(lesson.labels),
                dataset=context.images.name,
                epochs=EPOCHS,
            ),
        ),
        grids=(
            Grid(
                _("Judged on {count:,} test images", count=len(test.labels)),
                (_("network"), _("parameters"), _("loss"), _("accuracy")),
                rows,
            ),
        ),
        checks=(
            check(
                "equal-logits",
                (_("logits of the two layers"), logits(two, few, "linear")),
                (_("logits of the one layer"), logits(one, few, "linear")),
                1e-4,
            ),
        ),
        remarks=(
            _(
                "One layer or two without activation differ in how fast they learn, not in what they can say: with "
                "more epochs the one layer gets as far or further. ReLU's advantage shows once there is more to "
                "learn from: the stages 'softmax' and 'relu' on 48,000 images."
            ),
        ),
    )


def collapsed(weights: Arrays) -> Arrays:
    """Dense layers without activation as one: its kernel and its bias."""
    kernel, bias = weights[0], weights[1]
    for next_kernel, next_bias in zip(weights[2::2], weights[3::2], strict=True):
        kernel, bias = kernel @ next_kernel, bias @ next_kernel + next_bias
    return [kernel, bias]
