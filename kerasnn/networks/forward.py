"""A trained network computed in NumPy: what Keras computes to predict, in the open and without TensorFlow."""

from dataclasses import dataclass
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kerasnn.lecture.layers import Dense
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.classifier import Images, Reals, batch_of, log_softmax, unrolled


class Weights(NamedTuple):
    """A Dense layer's `kernel`, float32 of shape (inputs, units), and `bias`, of shape (units,)."""

    kernel: Reals
    bias: Reals


@dataclass(frozen=True)
class Network:
    """An architecture whose last layer is a softmax, and its arrays: for each layer those of `Layer.variables`."""

    architecture: Architecture
    variables: tuple[tuple[Reals, ...], ...]

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
        return batch_of(self.architecture.widest)

    @property
    def weights(self) -> tuple[Weights, ...]:
        """Kernel and bias of each Dense layer in their order; a layer without bias has zeros."""
        layers = zip(self.architecture.layers, self.variables, strict=True)
        return tuple(
            Weights(own[0], own[1] if layer.use_bias else np.zeros(layer.units, np.float32))
            for layer, own in layers
            if isinstance(layer, Dense)
        )

    def work(self, images: int) -> int:
        return images * self.parameters

    def logits(self, images: Images) -> NDArray[np.float32]:
        """What softmax receives, float32 of shape (n, classes). Dropout does nothing here: this is prediction."""
        values = unrolled(images).reshape(len(images), *self.architecture.input_shape)
        *before, last = self.architecture.layers
        for layer, own in zip(before, self.variables[:-1], strict=True):
            values = layer.compute(values, own)
        if not isinstance(last, Dense) or last.activation != "softmax":
            raise ValueError(f"the network ends with {last}, where a Dense layer with softmax was expected")
        return last.z(values, self.variables[-1])

    def log_probabilities(self, images: Images) -> Reals:
        return log_softmax(self.logits(images))
