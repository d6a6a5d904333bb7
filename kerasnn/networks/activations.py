"""Activation functions with their derivatives, sampled for a curve."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from kerasnn.lecture.activations import ACTIVATIONS, Values, softmax
from kerasnn.records import ActivationCurve

NAMES: Final = ("sigmoid", "tanh", "relu", "linear", "softmax of two")


def softmax_of_two(z: Values) -> Values:
    """The first of two softmax outputs, where the other's input is 0: exp(z) / (exp(z) + exp(0)).

    Source: lecture, "sigmoid, softmax".
    """
    first: Values = softmax(np.stack([z, np.zeros_like(z)], axis=-1))[..., 0]
    return first


def _curve(name: str) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    if name == "softmax of two":
        return softmax_of_two, _slope("sigmoid")
    return ACTIVATIONS[name].function, _slope(name)


def _slope(name: str) -> Callable[[Any], Any]:
    slope = ACTIVATIONS[name].slope
    if slope is None:
        raise ValueError(f"nobody has written down the slope of {name}")
    return slope


def activation_curves(
    names: Sequence[str] = NAMES, *, low: float = -5, high: float = 5, steps: int = 200
) -> tuple[ActivationCurve, ...]:
    """Each activation at `steps` + 1 places from `low` to `high`. ReLU has no slope at 0; here it is 0, as in Keras."""
    z = np.linspace(low, high, steps + 1)
    return tuple(
        ActivationCurve(name, *(tuple(map(float, values)) for values in (z, function(z), slope(z))))
        for name, (function, slope) in ((name, _curve(name)) for name in names)
    )
