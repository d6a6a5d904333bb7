"""Activation functions with their derivatives."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.records import ActivationCurve

Values = NDArray[np.floating[Any]]

NAMES: Final = ("sigmoid", "tanh", "relu", "linear", "softmax of two")


def sigmoid(z: Values) -> Values:
    """1 / (1 + exp(-z)), by way of tanh, which does not overflow."""
    result: Values = 0.5 * (np.tanh(0.5 * z) + 1)
    return result


def softmax_of_two(z: Values) -> Values:
    """The first of two softmax outputs, where the other's input is 0: exp(z) / (exp(z) + exp(0)).

    Source: lecture, "sigmoid, softmax".
    """
    pair = np.stack([z, np.zeros_like(z)])
    powers = np.exp(pair - pair.max(axis=0))
    first: Values = powers[0] / powers.sum(axis=0)
    return first


def _slope_of_sigmoid(z: Values) -> Values:
    slope: Values = sigmoid(z) * sigmoid(-z)
    return slope


_FUNCTIONS: Final[dict[str, tuple[Callable[[Values], Values], Callable[[Values], Values]]]] = {
    "sigmoid": (sigmoid, _slope_of_sigmoid),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "linear": (lambda z: z, np.ones_like),
    "softmax of two": (softmax_of_two, _slope_of_sigmoid),
}


def activation_curves(
    names: Sequence[str] = NAMES, *, low: float = -5, high: float = 5, steps: int = 200
) -> tuple[ActivationCurve, ...]:
    """Each activation at `steps` + 1 places from `low` to `high`. ReLU has no slope at 0; here it is 0, as in Keras."""
    z = np.linspace(low, high, steps + 1)
    return tuple(
        ActivationCurve(name, *(tuple(map(float, values)) for values in (z, function(z), slope(z))))
        for name, (function, slope) in ((name, _FUNCTIONS[name]) for name in names)
    )
