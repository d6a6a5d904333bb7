"""Linear layers in a row are one linear layer: shown with numbers, then with networks."""

from typing import Final, NamedTuple

import numpy as np

from kerasnn.language import N_, _
from kerasnn.lecture.optimizers import Adam
from kerasnn.lessons.context import Context
from kerasnn.lessons.learning import Arrays, Examples, evaluate, fit, initial_weights, logits
from kerasnn.lessons.parts import check, lines, section, series, table
from kerasnn.records import Explanation, Grid, Section

UNITS: Final = 100
IMAGES: Final = 2000
EPOCHS: Final = 3
LONGER: Final = 5  # a layer with a tenth of the parameters may well take more epochs
COMPARED: Final = 100

ANSWER: Final = N_(
    "{inputs} x {classes} + {classes} = {after:,}. The other {spare:,} express nothing that these cannot: without an "
    "activation function a deep network is a shallow one written out at length."
)
BENT: Final = N_(
    "The slide puts a logarithm between the two: c = 3 log(4 a + 2) - 5. A straight line has the same slope "
    "everywhere; this curve has {first:.2f} at a = 0 and {last:.2f} at a = 8, so no 'a x something + something' can "
    "replace it."
)
NETWORKS: Final = N_(
    "{inputs}-{units}-{classes} without an activation function is trained on {count:,} images of {dataset} with Adam "
    "for {epochs} epochs. Then its two layers are multiplied into one: W = W1 W2 and b = b1 W2 + b2."
)
WHAT_DIFFERS: Final = N_(
    "Without an activation function, one layer and two differ in how fast they learn, not in what they can express: "
    "with more epochs the one layer gets as far or further. The advantage of ReLU shows once there is more to learn "
    "from: compare the stages 'softmax' and 'relu' on 48,000 images."
)


def explain(context: Context) -> Explanation:
    """Explain that linear layers collapse into one. Source: lecture, "why an activation function"."""
    classes = len(context.names)
    inputs = context.test.images[0].size
    before, after = inputs * UNITS + UNITS + UNITS * classes + classes, inputs * classes + classes
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
    sums = table(
        _("Two steps and one"),
        ("a", "b = 4 a + 2", "c = 3 b - 5", "12 a + 1"),
        (tuple(row) for row in zip(a, b, c, 12 * a + 1, strict=True)),
        digits=0,
    )
    return section(
        _("The slide's arithmetic"),
        _("c = 3 b - 5 = 3 (4 a + 2) - 5 = 12 a + 6 - 5 = 12 a + 1. The b is gone."),
        sums,
        check("arithmetic", ("3 (4 a + 2) - 5", c), ("12 a + 1", 12 * a + 1)),
    )


def _bent() -> Section:
    """Put the slide's logarithm between the two equations: the slope then differs from place to place."""
    a = np.linspace(0, 8, 81)
    bent = 3 * np.log(4 * a + 2) - 5
    slopes = np.gradient(bent, a)
    curves = (series(_("12 a + 1, divided by 10"), a, (12 * a + 1) / 10), series("3 log(4 a + 2) - 5", a, bent))
    return section(
        _("Bent in between"),
        _(BENT, first=float(slopes[0]), last=float(slopes[-1])),
        lines("bent", _("The same two equations, with and without a bend"), ("a", "c"), *curves),
    )


class _Network(NamedTuple):
    name: str
    weights: Arrays
    activation: str


def _networks(context: Context, inputs: int, classes: int) -> Section:
    train = Examples.of(context.images.learning(IMAGES))
    test = Examples.of(context.test, 0, 2000)
    networks = _train(train, (inputs, UNITS, classes))
    few = test.inputs[:COMPARED]
    two, one = (logits(network.weights, few, network.activation) for network in networks[:2])
    values = {
        "inputs": inputs,
        "units": UNITS,
        "classes": classes,
        "count": len(train.labels),
        "dataset": context.images.name,
        "epochs": EPOCHS,
    }
    return section(
        _("The same with networks, trained just now"),
        _(NETWORKS, **values),
        _scores(networks, test),
        check("equal-logits", (_("logits of the two layers"), two), (_("logits of the one layer"), one), 1e-4),
        _(WHAT_DIFFERS),
    )


def _train(train: Examples, sizes: tuple[int, int, int]) -> tuple[_Network, ...]:
    """Train the networks to compare; the first is the two linear layers, the second the same collapsed into one."""
    start = initial_weights(sizes, seed=42)
    linear = fit(start, train, Adam, epochs=EPOCHS).weights
    relu = fit(start, train, Adam, activation="relu", epochs=EPOCHS).weights
    single = fit(initial_weights((sizes[0], sizes[-1]), seed=42), train, Adam, epochs=EPOCHS * LONGER).weights
    return (
        _Network(_("two layers without activation"), linear, "linear"),
        _Network(_("the same, collapsed into one"), collapsed(linear), "linear"),
        _Network(_("one layer, trained as such, {epochs} epochs", epochs=EPOCHS * LONGER), single, "linear"),
        _Network(_("two layers with ReLU between"), relu, "relu"),
    )


def _scores(networks: tuple[_Network, ...], test: Examples) -> Grid:
    return table(
        _("Evaluated on {count:,} test images", count=len(test.labels)),
        (_("network"), _("parameters"), _("loss"), _("accuracy")),
        (
            (name, sum(part.size for part in weights), *evaluate(weights, test, activation))
            for name, weights, activation in networks
        ),
    )


def collapsed(weights: Arrays) -> Arrays:
    """Multiply Dense layers without activation into one, and return its kernel and its bias."""
    kernel, bias = weights[0], weights[1]
    for next_kernel, next_bias in zip(weights[2::2], weights[3::2], strict=True):
        kernel, bias = kernel @ next_kernel, bias @ next_kernel + next_bias
    return [kernel, bias]
