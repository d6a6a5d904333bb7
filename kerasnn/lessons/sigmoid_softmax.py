"""Sigmoid and softmax: both curves, and softmax of two classes as sigmoid of their difference."""

import numpy as np

from kerasnn.language import _
from kerasnn.lecture.activations import sigmoid, softmax
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context
from kerasnn.lessons.drawing import lines, series
from kerasnn.networks.classifier import Reals
from kerasnn.records import Explanation, Grid, Section

REACH = 8


def explain(context: Context) -> Explanation:
    """Source: lecture, "sigmoid, softmax"."""
    z = context.network.logits(context.image[np.newaxis])[0]
    moved = softmax(z + np.float32(100))
    return context.explained(
        _sigmoid(),
        _two_classes(context, z),
        _all_classes(context, z),
        _output_layers(),
        question=_(
            "Add 100 to every z of this image. What becomes of the probabilities, and what of the ten sigmoids?"
        ),
        answer=_(
            "The probabilities stay: every e^z grows e^100-fold and so does their sum (largest difference here "
            "{difference:.1e}). Softmax looks only at how far the z lie apart. Each sigmoid looks at its own z "
            "alone and would be 1.",
            difference=float(np.abs(moved - softmax(z)).max()),
        ),
    )


def _sigmoid() -> Section:
    z = np.linspace(-REACH, REACH, 81)
    curve = 1 / (1 + np.exp(-z))
    few = np.array([-4.0, -1.0, 0.0, 1.0, 4.0])
    values = 1 / (1 + np.exp(-few))
    return Section(
        _("Sigmoid: one z"),
        grids=(
            Grid(
                _("sigmoid(z) = 1 / (1 + e^-z)"),
                ("z", "e^-z", _("sigmoid(z)"), _("sigmoid(-z)"), _("together")),
                tuple(
                    (
                        float(at),
                        float(np.exp(-at)),
                        float(value),
                        float(1 / (1 + np.exp(at))),
                        float(value + 1 / (1 + np.exp(at))),
                    )
                    for at, value in zip(few, values, strict=True)
                ),
            ),
        ),
        checks=(
            check(
                "both-forms",
                ("1 / (1 + e^-z)", curve),
                ("e^z / (e^z + 1)", np.exp(z) / (np.exp(z) + 1)),
            ),
            check(
                "slope",
                (_("its slope, measured"), np.gradient(curve, z)[1:-1]),
                ("sigmoid x (1 - sigmoid)", (curve * (1 - curve))[1:-1]),
                2e-3,
            ),
        ),
        pictures=(
            lines(
                "sigmoid",
                _("Sigmoid and its slope"),
                ("z", _("value")),
                series("sigmoid", z, curve),
                series(_("slope"), z, curve * (1 - curve)),
            ),
        ),
    )


def _two_classes(context: Context, z: Reals) -> Section:
    best, second = (int(place) for place in np.argsort(-z, kind="stable")[:2])
    pair = z[[best, second]].astype(np.float64)
    powers = np.exp(pair)
    ways = np.linspace(-REACH, REACH, 81, dtype=np.float32)
    two = softmax(np.stack([ways, np.zeros_like(ways)], axis=1))[:, 0]
    return Section(
        _("Softmax of two classes is sigmoid"),
        sentences=(
            _(
                "Take only the two classes with the largest z of this image, '{one}' ({z1:.4f}) and '{other}' "
                "({z2:.4f}). e^z1 / (e^z1 + e^z2), divided above and below by e^z1, is 1 / (1 + e^-(z1 - z2)): "
                "sigmoid of the difference.",
                one=context.names[best],
                other=context.names[second],
                z1=float(pair[0]),
                z2=float(pair[1]),
            ),
        ),
        checks=(
            check(
                "two-classes",
                (_("softmax of the two"), float(powers[0] / powers.sum())),
                (_("sigmoid of z1 - z2"), float(1 / (1 + np.exp(-(pair[0] - pair[1]))))),
                1e-12,
            ),
            check("along-the-curve", (_("softmax of (z, 0)"), two), ("sigmoid(z)", sigmoid(ways)), 1e-6),
        ),
    )


def _all_classes(context: Context, z: Reals) -> Section:
    """The probability of the answer while its z moves and all others stay: again a sigmoid."""
    best = int(z.argmax())
    others = np.delete(z.astype(np.float64), best)
    level = float(np.logaddexp.reduce(others))
    ways = np.linspace(level - REACH, level + REACH, 81)
    probability = np.array([np.exp(at) / (np.exp(at) + np.exp(others).sum()) for at in ways])
    name = context.names[best]
    return Section(
        _("Softmax of all classes"),
        grids=(
            Grid(
                _("This image"),
                (_("class"), "z", "e^z", "softmax(z)", "sigmoid(z)"),
                tuple(
                    (each, float(z[label]), float(np.exp(z[label])), float(softmax(z)[label]), float(sigmoid(z)[label]))
                    for label, each in enumerate(context.names)
                ),
                note=_(
                    "softmax adds up to {one:.4f}, the sigmoids to {other:.4f}",
                    one=float(softmax(z).sum()),
                    other=float(sigmoid(z).sum()),
                ),
            ),
        ),
        checks=(
            check(
                "softmax",
                (_("softmax of the ten z"), softmax(z)),
                (
                    _("the model's probabilities"),
                    np.exp(context.classifier.log_probabilities(context.image[np.newaxis]))[0],
                ),
            ),
            check(
                "one-moves",
                (_("softmax, only one z moving"), probability),
                (_("sigmoid(z - log of the sum of all other e^z)"), 1 / (1 + np.exp(-(ways - level)))),
                1e-9,
            ),
        ),
        pictures=(
            lines(
                "softmax",
                _("Probability of '{name}' as its z moves, all others staying", name=name),
                ("z", _("probability")),
                series("softmax", ways, probability),
                marked=float(np.clip(z[best], ways[0], ways[-1])),
            ),
        ),
    )


def _output_layers() -> Section:
    """Source: lecture, "activation": the output of a regression has none."""
    rows = (
        (_("a number (regression)"), "Dense(1)", "mse"),
        (_("yes or no"), "Dense(1, sigmoid)", "binary_crossentropy"),
        (_("one of ten classes"), "Dense(10, softmax)", "sparse_categorical_crossentropy"),
        (_("any number of labels"), "Dense(10, sigmoid)", "binary_crossentropy"),
    )
    return Section(
        _("What the output layer of a task needs"),
        sentences=(
            _(
                "Every hidden layer has an activation function; the output layer's follows from the task. A "
                "regression's has none, for any number may come out."
            ),
        ),
        grids=(Grid(_("Tasks and their output layers"), (_("task"), _("output layer"), _("loss")), rows),),
    )
