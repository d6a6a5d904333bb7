"""A trained network computed in NumPy: what Keras computes to predict, in the open and without TensorFlow."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.networks.architecture import Architecture, Dense
from kerasnn.networks.classifier import Images, Reals, batch_of, log_softmax, unrolled


def sigmoid(values: Reals) -> Reals:
    """1 / (1 + exp(-z)), by way of tanh, which does not overflow."""
    half = np.float32(0.5)
    result: Reals = half * (np.tanh(values * half) + np.float32(1))
    return result


ACTIVATION_FUNCTIONS: Final[dict[str, Callable[[Reals], Reals]]] = {
    "linear": lambda z: z,
    "relu": lambda z: np.maximum(z, np.float32(0)),
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "leaky_relu": lambda z: np.where(z > 0, z, np.float32(0.2) * z),
    "elu": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, np.float32(0)))),
    "silu": lambda z: z * sigmoid(z),
}


@dataclass(frozen=True)
class Weights:
    """A Dense layer's `kernel`, float32 of shape (inputs, units), and `bias`, of shape (units,)."""

    kernel: Reals
    bias: Reals


@dataclass(frozen=True)
class Network:
    """An architecture whose last layer is a softmax, and the weights of its Dense layers in their order."""

    architecture: Architecture
    weights: tuple[Weights, ...]

    @property
    def input_size(self) -> int:
        return prod(self.architecture.input_shape)

    @property
    def classes(self) -> int:
        return self.architecture.classes

    @property
    def parameters(self) -> int:
        return self.architecture.parameters

    @property
    def batch(self) -> int:
        return batch_of(max(self.input_size, *(len(layer.bias) for layer in self.weights)))

    def work(self, images: int) -> int:
        return images * self.parameters

    def logits(self, images: Images) -> NDArray[np.float32]:
        """What softmax receives, float32 of shape (n, classes). Dropout does nothing here: this is prediction."""
        dense_layers = [layer for layer in self.architecture.layers if isinstance(layer, Dense)]
        values = unrolled(images)
        for layer, weights in zip(dense_layers[:-1], self.weights[:-1], strict=True):
            values = ACTIVATION_FUNCTIONS[layer.activation](values @ weights.kernel + weights.bias)
        return values @ self.weights[-1].kernel + self.weights[-1].bias

    def log_probabilities(self, images: Images) -> Reals:
        return log_softmax(self.logits(images))
