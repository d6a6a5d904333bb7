"""The lecture's layers as data: one class each, with all that kerasnn knows about the layer.

Architectures, summaries, the Keras builders, the NumPy forward pass, the engine `fused`, the reader of other people's
models and the script writers all use these classes. To add a layer, add its class.

Shapes are those of one image, without the batch axis. Source: lecture, "layers" and "model summary".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar, Final

import numpy as np

from kerasnn.lecture.activations import ACTIVATIONS
from kerasnn.lecture.layer import Layer, Reals, Shape, Variable


@dataclass(frozen=True)
class Flatten(Layer):
    """Unrolls an image into one row of values."""

    def output_shape(self, inputs: Shape) -> Shape:
        return (prod(inputs),)

    def formula(self, inputs: Shape) -> str:
        return f"{' x '.join(map(str, inputs))} = {prod(inputs):,} values"

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        return values.reshape(len(values), -1)

    def pytorch_code(self, inputs: Shape) -> tuple[str, ...]:
        return ("nn.Flatten()",)


@dataclass(frozen=True)
class Dense(Layer):
    """Fully connected: every unit sums all inputs times its weights, adds its bias, and applies `activation`."""

    units: int
    activation: str = "linear"
    use_bias: bool = True

    def output_shape(self, inputs: Shape) -> Shape:
        return (*inputs[:-1], self.units)  # an image that is not unrolled: each of its rows separately

    def variables(self, inputs: Shape) -> tuple[Variable, ...]:
        kernel = Variable("kernel", (inputs[-1], self.units))
        return (kernel, Variable("bias", (self.units,))) if self.use_bias else (kernel,)

    def formula(self, inputs: Shape) -> str:
        bias = f" + {self.units}" if self.use_bias else ""
        return f"{inputs[-1]} x {self.units}{bias} = {self.parameters(inputs):,}"

    def z(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        """Compute the linear function of `values`, (n, ..., inputs), before the activation: (n, ..., units)."""
        kernel, *bias = variables  # no bias with use_bias=False
        return values @ kernel + bias[0] if bias else values @ kernel

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        return ACTIVATIONS[self.activation].function(self.z(values, variables))

    def keras_code(self) -> str:
        bias = "" if self.use_bias else ", use_bias=False"
        return f'keras.layers.Dense({self.units}, activation="{self.activation}"{bias})'

    def pytorch_code(self, inputs: Shape) -> tuple[str, ...]:
        bias = "" if self.use_bias else ", bias=False"
        activation = ACTIVATIONS[self.activation].pytorch
        # no line for softmax: PyTorch's loss wants logits
        return (f"nn.Linear({inputs[-1]}, {self.units}{bias})", *([activation] if activation else []))

    def _shown(self) -> tuple[Any, ...]:
        return (self.units, self.activation)


@dataclass(frozen=True)
class Dropout(Layer):
    """Sets a fraction `rate` of its inputs to 0 while training and scales up the rest; does nothing otherwise."""

    mode_dependent: ClassVar[bool] = True
    draws_mask: ClassVar[bool] = True

    rate: float

    def formula(self, inputs: Shape) -> str:
        return f"drops {self.rate:.0%} while training"

    def pytorch_code(self, inputs: Shape) -> tuple[str, ...]:
        return (f"nn.Dropout({self.rate:g})",)


@dataclass(frozen=True)
class BatchNormalization(Layer):
    """Normalises each input to mean 0 and standard deviation 1, then to a learnt mean (beta) and deviation (gamma).

    In training it normalises by the mean and variance of the batch, in prediction by their running averages. These are
    two of the four variables and not trainable. Each entry along `axis`, counted with the batch axis, is normalised
    separately. `center`, `scale`: whether beta and gamma are learnt.

    Source: Ioffe and Szegedy, "Batch normalization", 2015; Keras' defaults.
    """

    mode_dependent: ClassVar[bool] = True

    momentum: float = 0.99
    epsilon: float = 0.001
    axis: int = -1
    center: bool = True
    scale: bool = True

    def variables(self, inputs: Shape) -> tuple[Variable, ...]:
        size = ((0, *inputs)[self.axis],)  # 0 stands for the batch axis
        gamma = (Variable("gamma", size),) if self.scale else ()
        beta = (Variable("beta", size),) if self.center else ()
        return (*gamma, *beta, Variable("moving_mean", size, False), Variable("moving_variance", size, False))

    def formula(self, inputs: Shape) -> str:
        own = self.variables(inputs)
        trainable = "half of them trainable" if self.scale and self.center else "the running ones not trainable"
        return f"{len(own)} x {own[0].shape[0]} = {self.parameters(inputs):,}, {trainable}"

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        along = [1] * values.ndim
        along[self.axis] = -1  # the variables, of shape (size,), broadcast along the other axes
        *learnt, mean, variance = (variable.reshape(along) for variable in variables)
        scale = (learnt[0] if self.scale else 1) / np.sqrt(variance + self.epsilon)  # (x - mean) scale + beta
        outputs: Reals = values * scale + ((learnt[-1] if self.center else 0) - mean * scale)
        return outputs

    def pytorch_code(self, inputs: Shape) -> tuple[str, ...]:
        # PyTorch's momentum is the weight of the new batch, Keras' that of the running average
        return (f"nn.BatchNorm1d({inputs[-1]}, eps={self.epsilon:g}, momentum={1 - self.momentum:.3g})",)

    def _shown(self) -> tuple[Any, ...]:
        return ()


# by the name of the Keras class; those of `kerasnn.lecture.layer` are among them
LAYERS: Final[Mapping[str, type[Layer]]] = {kind.__name__: kind for kind in Layer.__subclasses__()}
