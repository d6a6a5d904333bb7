"""Sigmoid and softmax: their curves, and softmax of two classes as sigmoid of their difference."""

from typing import Final

import numpy as np

from kerasnn.errors import UsageError
from kerasnn.language import N_, _
from kerasnn.lecture.activations import Values, sigmoid, softmax
from kerasnn.lessons.context import Context
from kerasnn.lessons.parts import check, lines, section, series, table
from kerasnn.records import Check, Explanation, LinesPicture, Section

REACH: Final = 8
LARGEST: Final = 15  # z: from here on e^z has seven digits before the point

QUESTION: Final = N_("Add 100 to every z of this image. What becomes of the probabilities, and what of the sigmoids?")
ANSWER: Final = N_(
    "The probabilities stay: every e^z grows e^100-fold and so does their sum (rounding leaves a difference of at most "
    "{difference:.1e} here). Softmax depends only on the differences between the z. Each sigmoid depends on its own z "
    "alone: here each would be {lowest:.4f}, to four places."
)
TWO_CLASSES: Final = N_(
    "Take only the two classes with the largest z of this image, '{one}' ({z1:.4f}) and '{other}' ({z2:.4f}). "
    "e^z1 / (e^z1 + e^z2), with numerator and denominator divided by e^z1, is 1 / (1 + e^-(z1 - z2)): sigmoid of the "
    "difference."
)
OUTPUT_LAYERS: Final = N_(
    "Every hidden layer needs an activation function; that of the output layer follows from the task. The output of a "
    "regression has none, because any number may be the answer."
)


def explain(context: Context) -> Explanation:
    """Explain both functions on the model's z for the image. Source: lecture, "sigmoid, softmax"."""
    z = scores(context)
    moved = softmax((z + 100).astype(np.float32))
    return context.explained(
        _sigmoid(),
        _two_classes(context, z),
        _all_classes(context, z),
        _output_layers(),
        question=_(QUESTION),
        answer=_(ANSWER, difference=float(np.abs(moved - softmax(z)).max()), lowest=float(sigmoid(z + 100).min())),
    )


def scores(context: Context) -> Values:
    """Return the z that softmax gets for the image, of shape (classes,). Raises: UsageError for a model without it."""
    if context.network.ending.activation == "sigmoid":
        raise UsageError(
            _("'{name}' ends in sigmoids, not in softmax", name=context.found.name),
            expected=_("--model with a network that ends in softmax, such as 'softmax'"),
        )
    z: Values = context.network.logits(context.image[np.newaxis])[0].astype(np.float64)
    return z


def _sigmoid() -> Section:
    z = np.linspace(-REACH, REACH, 81)
    curve = 1 / (1 + np.exp(-z))
    slope = curve * (1 - curve)
    curves = series("sigmoid", z, curve), series(_("slope"), z, slope)
    some = np.array([-4.0, -1.0, 0.0, 1.0, 4.0])
    one, other = 1 / (1 + np.exp(-some)), 1 / (1 + np.exp(some))
    measured = (_("its slope, measured"), np.gradient(curve, z)[1:-1])  # at the ends it is one-sided and less exact
    return section(
        _("Sigmoid: one z"),
        table(
            _("sigmoid(z) = 1 / (1 + e^-z)"),
            ("z", "e^-z", _("sigmoid(z)"), _("sigmoid(-z)"), _("together")),
            zip(some, np.exp(-some), one, other, one + other, strict=True),
        ),
        check("both-forms", ("1 / (1 + e^-z)", curve), ("e^z / (e^z + 1)", np.exp(z) / (np.exp(z) + 1))),
        check("slope", measured, ("sigmoid x (1 - sigmoid)", slope[1:-1]), 2e-3),
        lines("sigmoid", _("Sigmoid and its slope"), ("z", _("value")), *curves),
    )


def _two_classes(context: Context, z: Values) -> Section:
    best, second = np.argsort(-z, kind="stable")[:2]
    z1, z2 = map(float, z[[best, second]])
    ways = np.linspace(-REACH, REACH, 81, dtype=np.float32)
    pairs = softmax(np.stack([ways, np.zeros_like(ways)], axis=1))[:, 0]  # of (z, 0), shape (81, 2)
    power1, power2 = np.exp(np.array([z1, z2]) - _shift(z))
    of_two = (_("softmax of the two"), power1 / (power1 + power2))
    of_difference = (_("sigmoid of z1 - z2"), 1 / (1 + np.exp(-(z1 - z2))))
    return section(
        _("Softmax of two classes is sigmoid"),
        _(TWO_CLASSES, one=context.names[best], other=context.names[second], z1=z1, z2=z2),
        check("two-classes", of_two, of_difference, 1e-12),
        check("along-the-curve", (_("softmax of (z, 0)"), pairs), ("sigmoid(z)", sigmoid(ways)), 1e-6),
    )


def _all_classes(context: Context, z: Values) -> Section:
    with np.errstate(over="ignore"):  # e^-z may be infinite: the sigmoid is then 0
        sigmoids = 1 / (1 + np.exp(-z))  # `sigmoid` rounds values below 1e-16 to 0
    computed = (_("softmax of all z"), softmax(z))
    sums = {"one": float(softmax(z).sum()), "other": float(sigmoids.sum())}
    power, note = "e^z", _("softmax adds up to {one:.4f}, the sigmoids to {other:.4f}", **sums)
    shift = _shift(z)
    if shift:
        power = f"e^(z {-shift:+.4f})"
        note += "\n" + _("The largest z is subtracted first, as softmax does to keep its powers small.")
    return section(
        _("Softmax of all classes"),
        table(
            _("This image"),
            (_("class"), "z", power, "softmax(z)", "sigmoid(z)"),
            zip(context.names, z, np.exp(z - shift), softmax(z), sigmoids, strict=True),
            note=note,
        ),
        check("softmax", computed, (_("the model's probabilities"), context.probabilities)),
        *_one_z_moves(context, z),
    )


def _shift(z: Values) -> float:
    """Return what to subtract from all z before e^z is shown: the largest if its power is too large or small to read.

    It changes no probability.
    """
    largest = float(z.max())
    return largest if abs(largest) > LARGEST else 0.0


def _one_z_moves(context: Context, z: Values) -> tuple[Check, LinesPicture]:
    """Move the largest z and leave all others: the probability of its class again follows a sigmoid."""
    best = int(z.argmax())
    others = np.delete(z, best)
    level = float(np.logaddexp.reduce(others))  # where the probability is one half
    ways = np.linspace(level - REACH, level + REACH, 81)
    powers = np.exp(ways - level)  # each power divided by e^level, lest one be infinite
    probability = powers / (powers + np.exp(others - level).sum())
    moved = (_("softmax, only one z moving"), probability)
    expected = (_("sigmoid(z - log of the sum of all other e^z)"), 1 / (1 + np.exp(-(ways - level))))
    title = _("Probability of '{name}' as its z moves and all others stay", name=context.names[best])
    marked = float(np.clip(z[best], ways[0], ways[-1]))
    picture = lines("softmax", title, ("z", _("probability")), series("softmax", ways, probability), marked=marked)
    return check("one-moves", moved, expected, 1e-9), picture


def _output_layers() -> Section:
    """Source: lecture, "activation": the output of a regression has none."""
    rows = (
        (_("a number (regression)"), "Dense(1)", "mse"),
        (_("yes or no"), "Dense(1, sigmoid)", "binary_crossentropy"),
        (_("one of ten classes"), "Dense(10, softmax)", "sparse_categorical_crossentropy"),
        (_("any number of labels"), "Dense(10, sigmoid)", "binary_crossentropy"),
    )
    return section(
        _("The output layer that a task needs"),
        _(OUTPUT_LAYERS),
        table(_("Tasks and their output layers"), (_("task"), _("output layer"), _("loss")), rows),
    )
