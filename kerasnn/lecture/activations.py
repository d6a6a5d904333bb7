"""Activation functions as data: the NumPy function, its slope, and its names in PyTorch and scikit-learn.

Constants are Python floats, so that each function returns the dtype that it is given.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any]]
Function = Callable[[Any], NDArray[Any]]


@dataclass(frozen=True)
class Activation:
    """One activation function.

    `function` maps z to the output: element by element, but softmax along the last axis. `slope`: the derivative, if
    the lecture draws it. `pytorch`: code of the layer that computes it, if a script needs one.
    `scikit_learn`: its name in MLPClassifier, or None. `title`: its name in a sentence, unless that is `name`.
    """

    name: str
    function: Function
    slope: Function | None = None
    pytorch: str | None = None
    scikit_learn: str | None = None
    title: str = ""


def sigmoid(z: Any) -> Any:
    """Return 1 / (1 + exp(-z)), computed with tanh, which does not overflow."""
    return 0.5 * (np.tanh(0.5 * z) + 1)


def softmax(z: Any) -> Any:
    """Divide exp(z) by its sum along the last axis, without overflow."""
    powers = np.exp(z - z.max(axis=-1, keepdims=True))  # at most 1
    return powers / powers.sum(axis=-1, keepdims=True)


def log_softmax(z: Any) -> Any:
    """Return the logarithm of softmax along the last axis, without overflow."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def elu(z: Any) -> Any:
    """Return z above 0, and exp(z) - 1 below."""
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))  # minimum: `where` computes both, and exp would overflow


def gelu(z: Any) -> Any:
    """Return z times the share of a standard normal distribution below z. Source: Hendrycks and Gimpel, 2016."""
    from scipy.special import erfc  # erfc(-x) is 1 + erf(x), without rounding to 0 for large negative x

    return 0.5 * z * erfc(z * -(0.5**0.5))


ACTIVATIONS: Final = {
    each.name: each
    for each in (
        # the slope at 0 is 0, as in Keras
        Activation("relu", lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0), "nn.ReLU()", "relu", "ReLU"),
        Activation("sigmoid", sigmoid, lambda z: sigmoid(z) * sigmoid(-z), "nn.Sigmoid()", "logistic"),
        Activation("tanh", np.tanh, lambda z: 1 - np.tanh(z) ** 2, "nn.Tanh()", "tanh"),
        Activation("linear", lambda z: z, np.ones_like, pytorch="", scikit_learn="identity"),
        Activation("leaky_relu", lambda z: np.maximum(z, 0.2 * z), pytorch="nn.LeakyReLU(0.2)", title="leaky ReLU"),
        Activation("elu", elu, pytorch="nn.ELU()", title="ELU"),
        Activation("silu", lambda z: z * sigmoid(z), pytorch="nn.SiLU()", title="SiLU"),
        Activation("softmax", softmax),
        Activation("log_softmax", log_softmax),
        Activation("gelu", gelu, pytorch="nn.GELU()"),
        Activation(
            "selu",  # Source: Klambauer et al., "Self-normalizing neural networks", 2017
            lambda z: 1.05070098735548 * np.where(z > 0, z, 1.67326324235438 * np.expm1(np.minimum(z, 0))),
            pytorch="nn.SELU()",
        ),
        Activation("softplus", lambda z: np.logaddexp(z, 0), pytorch="nn.Softplus()"),  # log(1 + e^z)
        Activation("relu6", lambda z: np.clip(z, 0, 6), pytorch="nn.ReLU6()"),
    )
}
