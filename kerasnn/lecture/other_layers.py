"""Layers that only other people's models have, not the lecture's stages.

Shapes are those of one image, without the batch axis.
"""

from dataclasses import dataclass
from math import prod

import numpy as np

from kerasnn.lecture.activations import ACTIVATIONS, softmax
from kerasnn.lecture.layer import Layer, Reals, Shape


@dataclass(frozen=True)
class Reshape(Layer):
    """Gives each image another shape; one size of `target_shape` may be -1, and is computed from the others."""

    target_shape: Shape

    def output_shape(self, inputs: Shape) -> Shape:
        known = prod(size for size in self.target_shape if size != -1)  # -1 is what they leave over
        shape = tuple(prod(inputs) // known if size == -1 else size for size in self.target_shape)
        if prod(shape) != prod(inputs):
            raise ValueError(f"values of shape {inputs} cannot be reshaped to {self.target_shape}")
        return shape

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        return values.reshape(len(values), *self.target_shape)


@dataclass(frozen=True)
class Rescaling(Layer):
    """Multiplies each value by `scale` and adds `offset`: often the division by 255, as part of the network."""

    scale: float
    offset: float = 0.0

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        return values * np.float32(self.scale) + np.float32(self.offset)  # float32, as Keras computes


@dataclass(frozen=True)
class Activation(Layer):
    """Applies `activation` to each value, as a Dense layer can do itself."""

    activation: str

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        return ACTIVATIONS[self.activation].function(values)


@dataclass(frozen=True)
class Softmax(Layer):
    """Turns values into probabilities along `axis`, counted with the batch axis."""

    axis: int = -1

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        return np.moveaxis(softmax(np.moveaxis(values, self.axis, -1)), -1, self.axis)


@dataclass(frozen=True)
class ReLU(Layer):
    """Passes on values from `threshold` to `max_value`; below, scales the distance to it by `negative_slope`."""

    max_value: float | None = None
    negative_slope: float = 0.0
    threshold: float = 0.0

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        slope, threshold = np.float32(self.negative_slope), np.float32(self.threshold)
        above = values if self.max_value is None else np.minimum(values, np.float32(self.max_value))
        # `threshold` itself passes, as in Keras
        return np.where(values >= threshold, above, slope * (values - threshold))


@dataclass(frozen=True)
class LeakyReLU(Layer):
    """Passes on positive values, and scales negative ones by `negative_slope`."""

    negative_slope: float = 0.3  # the layer's default; that of the activation is 0.2

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        return np.where(values > 0, values, np.float32(self.negative_slope) * values)


@dataclass(frozen=True)
class ELU(Layer):
    """Passes on positive values, and bends negative ones towards -`alpha`."""

    alpha: float = 1.0

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        return np.where(values > 0, values, np.float32(self.alpha) * np.expm1(np.minimum(values, 0)))
