"""Linear layers in a row are one linear layer: shown with numbers, then with networks."""

from typing import Final

import numpy as np

from kerasnn.language import N_, _
from kerasnn.lecture.optimizers import Adam
from kerasnn.lessons.context import Context
from kerasnn.lessons.learning import Arrays, Examples, evaluate, fit, initial_weights, logits
from kerasnn.lessons.parameters import count
from kerasnn.lessons.parts import check, lines, section, series, table
from kerasnn.records import Explanation, Section

UNITS: Final = 100
IMAGES: Final = 2000
EPOCHS: Final = 5  # for all networks alike
COMPARED: Final = 100

ANSWER: Final = N_(
    "{inputs} x {classes} + {classes} = {after:,}. The other {spare:,} express nothing that these cannot: without an "
    "activation function a deep network is a shallow one written out at length."
)
BENT: Final = N_(
    "The slide puts a logarithm between the two: c = 3 log(4 a + 2) - 5. A straight line has the same slope "
    "everywhere; the slope of this curve is {first:.2f} at a = 0 and {last:.2f} at a = 8, so no 'a x something + "
    "something' can replace it."
)
NETWORKS: Final = N_(
    "{inputs}-{units}-{classes} without an activation function is trained on {count:,} images of {dataset} with Adam. "
    "Then its two layers are multiplied into one: W = W1 W2 and b = b1 W2 + b2. Beside it one layer trained as such, "
    "and the two layers with ReLU between; {epochs} epochs each."
)
WHAT_DIFFERS: Final = N_(
    "Without an activation function, one layer and two differ in how they learn, not in what they can express, as long "
    "as the first has no fewer units than there are classes: the second row is one layer, and does what the two do. "
    "Whether ReLU pays off depends on how much there is to learn from: compare the stages 'softmax' and 'relu', which "
    "learn from 48,000 images for equally many epochs."
)


def explain(context: Context) -> Explanation:
    """Explain that linear layers collapse into one. Source: lecture, "why an activation function"."""
    inputs, classes = context.test.images[0].size, len(context.names)
    before, after = count(inputs, (UNITS,), classes), count(inputs, (), classes)
    return context.explained(
        _arithmetic(),
        _bent(),
        _networks(context, inputs, classes),
        question=_("The two layers had {before:,} parameters. How many has the one that does the same?", before=before),
        answer=_(ANSWER, inputs=inputs, classes=classes, after=after, spare=before - after),
        on_image=False,
    )


def _arithmetic() -> Section:
    a = np.array([-2.0, 0.0, 1.0, 5.0])
    b = 4 * a + 2
    c = 3 * b - 5
    columns = ("a", "b = 4 a + 2", "c = 3 b - 5", "12 a + 1")
    return section(
        _("The slide's arithmetic"),
        _("c = 3 b - 5 = 3 (4 a + 2) - 5 = 12 a + 6 - 5 = 12 a + 1. The b is gone."),
        table(_("Two steps and one"), columns, zip(a, b, c, 12 * a + 1, strict=True), digits=0),
        check("arithmetic", ("3 (4 a + 2) - 5", c), ("12 a + 1", 12 * a + 1)),
    )


def _bent() -> Section:
    """Put the slide's logarithm between the two equations: the slope then differs from place to place."""
    a = np.linspace(0, 8, 81)
    bent = 3 * np.log(4 * a + 2) - 5
    measured = np.diff(bent) / np.diff(a)
    between = 12 / (2 * (a[:-1] + a[1:]) + 2)  # the slope halfway
    # divided by 10, so that both curves fit into one picture
    at_ends = [12 / (4 * end + 2) for end in (a[0], a[-1])]  # the derivative of 3 log(4 a + 2)
    curves = (series(_("12 a + 1, divided by 10"), a, (12 * a + 1) / 10), series("3 log(4 a + 2) - 5", a, bent))
    return section(
        _("Bent in between"),
        _(BENT, first=at_ends[0], last=at_ends[1]),
        check("slope", (_("slope of the curve, measured"), measured), ("12 / (4 a + 2)", between), 0.02),
        lines("bent", _("The same two equations, with and without a bend"), ("a", "c"), *curves),
    )


def _networks(context: Context, inputs: int, classes: int) -> Section:
    train, test = Examples.of(context.images.learning(IMAGES)), Examples.of(context.test, 0, 2000)
    networks = _train(train, (inputs, UNITS, classes))
    two, one = (logits(weights, test.inputs[:COMPARED], activation) for _name, weights, activation in networks[:2])
    rounding = float(1e-5 * np.abs(two).max() + 1e-4)
    sizes = {"inputs": inputs, "units": UNITS, "classes": classes, "count": len(train.labels), "epochs": EPOCHS}
    return section(
        _("The same with networks, trained just now"),
        _(NETWORKS, dataset=context.images.name, **sizes),
        table(
            _("Evaluated on {count:,} test images", count=len(test.labels)),
            (_("network"), _("parameters"), _("loss"), _("accuracy")),
            ((name, sum(part.size for part in own), *evaluate(own, test, kind)) for name, own, kind in networks),
        ),
        # both layers' sums of hundreds of terms are rounded
        check("equal-logits", (_("logits of the two layers"), two), (_("logits of the one layer"), one), rounding),
        _(WHAT_DIFFERS),
    )


def _train(train: Examples, sizes: tuple[int, int, int]) -> tuple[tuple[str, Arrays, str], ...]:
    """Train the networks to compare; return the name, the weights and the activation of each.

    The first is the two linear layers, the second the same collapsed into one.
    """
    start = initial_weights(sizes, seed=42)
    linear = fit(start, train, Adam, epochs=EPOCHS).weights
    relu = fit(start, train, Adam, activation="relu", epochs=EPOCHS).weights
    single = fit(initial_weights((sizes[0], sizes[-1]), seed=42), train, Adam, epochs=EPOCHS).weights
    return (
        (_("two layers without activation"), linear, "linear"),
        (_("the same, collapsed into one"), collapsed(linear), "linear"),
        (_("one layer, trained as such"), single, "linear"),
        (_("two layers with ReLU between"), relu, "relu"),
    )


def collapsed(weights: Arrays) -> Arrays:
    """Multiply Dense layers without activation into one, and return its kernel and its bias."""
    kernel, bias = weights[0], weights[1]
    for next_kernel, next_bias in zip(weights[2::2], weights[3::2], strict=True):
        kernel, bias = kernel @ next_kernel, bias @ next_kernel + next_bias  # (x W1 + b1) W2 + b2
    return [kernel, bias]
