"""The layers of the lecture as data: one class each, with all that kerasnn knows about a layer.

Architectures, summaries, the Keras builders, the NumPy forward pass, the engine `fused`, the reader of other people's
models and the script writers iterate over LAYERS. A new layer is one class here.

Shapes are those of one image, without the batch axis. Source: lecture, "layers" and "model summary".
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from math import prod
from typing import Any, ClassVar, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kerasnn.lecture.activations import ACTIVATIONS

Shape = tuple[int, ...]
Reals = NDArray[np.float32]


class Variable(NamedTuple):
    """An array that a layer owns, in the order in which Keras keeps them; the optimizer changes the trainable ones."""

    name: str
    shape: Shape
    trainable: bool = True


@dataclass(frozen=True)
class Layer:
    """A layer that passes its input on. Fields after `name` are options of the Keras class with the same name.

    `mode_dependent`: the layer computes something else while training, so it has to be called with `training=`.
    `draws_mask`: the engine `fused` draws the layer's random mask itself.
    """

    mode_dependent: ClassVar[bool] = False
    draws_mask: ClassVar[bool] = False

    name: str

    @property
    def kind(self) -> str:
        """The name of the Keras class."""
        return type(self).__name__

    @property
    def options(self) -> dict[str, Any]:
        """Arguments of the Keras class, all of them."""
        return {field.name: getattr(self, field.name) for field in fields(self)[1:]}

    def output_shape(self, inputs: Shape) -> Shape:
        return inputs

    def variables(self, inputs: Shape) -> tuple[Variable, ...]:
        return ()

    def parameters(self, inputs: Shape) -> int:
        return sum(prod(variable.shape) for variable in self.variables(inputs))

    def formula(self, inputs: Shape) -> str:
        """How the parameters are counted, or what the layer does where it has none; shown in summaries."""
        return ""

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        """What the layer predicts for `values`, float32 of shape (n, *inputs): shape (n, *output_shape(inputs)).

        `variables`: arrays in the order of `variables()`, without a batch axis.
        """
        return values

    def keras_code(self) -> str:
        """The layer as a line of a Keras script; options that have Keras' default are left out."""
        arguments = []
        for field in fields(self)[1:]:
            value = getattr(self, field.name)
            if field.default is MISSING:
                arguments.append(repr(value))
            elif value != field.default:
                arguments.append(f"{field.name}={value!r}")
        return f"keras.layers.{self.kind}({', '.join(arguments)})"

    def pytorch_code(self, inputs: Shape) -> tuple[str, ...]:
        """The layer as lines of `nn.Sequential`."""
        raise NotImplementedError(f"no script of kerasnn's has a layer {self.kind}")

    def __str__(self) -> str:
        options = ", ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in self._shown())
        return f"{self.kind}({options})" if options else self.kind

    def _shown(self) -> tuple[Any, ...]:
        """The options that a one-line description of the network names."""
        return tuple(self.options.values())


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
    """Fully connected: every unit weighs all inputs, adds its bias, and passes the sum through `activation`."""

    units: int
    activation: str = "linear"
    use_bias: bool = True

    def output_shape(self, inputs: Shape) -> Shape:
        return (*inputs[:-1], self.units)

    def variables(self, inputs: Shape) -> tuple[Variable, ...]:
        kernel = Variable("kernel", (inputs[-1], self.units))
        return (kernel, Variable("bias", (self.units,))) if self.use_bias else (kernel,)

    def formula(self, inputs: Shape) -> str:
        bias = f" + {self.units}" if self.use_bias else ""
        return f"{inputs[-1]} x {self.units}{bias} = {self.parameters(inputs):,}"

    def z(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        """The linear function of `values`, before the activation."""
        kernel, *bias = variables
        return values @ kernel + bias[0] if bias else values @ kernel

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        outputs: Reals = ACTIVATIONS[self.activation].function(self.z(values, variables))
        return outputs

    def keras_code(self) -> str:
        bias = "" if self.use_bias else ", use_bias=False"
        return f'keras.layers.Dense({self.units}, activation="{self.activation}"{bias})'

    def pytorch_code(self, inputs: Shape) -> tuple[str, ...]:
        bias = "" if self.use_bias else ", bias=False"
        activation = ACTIVATIONS[self.activation].pytorch
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
    """Shifts and scales each input to mean 0 and deviation 1, then to a mean and deviation that are learnt.

    While training these are the batch's own; predictions use running means, which no gradient reaches: two of the four
    variables are not trainable. `axis`, counted with the batch axis, is the one whose entries are normalised apart;
    `center` and `scale` tell whether a mean (beta) and a deviation (gamma) are learnt.

    Source: Ioffe and Szegedy, "Batch normalization", 2015; Keras' defaults.
    """

    mode_dependent: ClassVar[bool] = True

    momentum: float = 0.99
    epsilon: float = 0.001
    axis: int = -1
    center: bool = True
    scale: bool = True

    def variables(self, inputs: Shape) -> tuple[Variable, ...]:
        size = ((0, *inputs)[self.axis],)
        gamma = (Variable("gamma", size),) if self.scale else ()
        beta = (Variable("beta", size),) if self.center else ()
        return (*gamma, *beta, Variable("moving_mean", size, False), Variable("moving_variance", size, False))

    def formula(self, inputs: Shape) -> str:
        own = self.variables(inputs)
        trainable = "half of them trainable" if self.scale and self.center else "the running ones not trainable"
        return f"{len(own)} x {own[0].shape[0]} = {self.parameters(inputs):,}, {trainable}"

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        along = [1] * values.ndim
        along[self.axis] = -1
        *learnt, mean, variance = (variable.reshape(along) for variable in variables)
        scale = (learnt[0] if self.scale else 1) / np.sqrt(variance + self.epsilon)
        outputs: Reals = values * scale + ((learnt[-1] if self.center else 0) - mean * scale)
        return outputs

    def pytorch_code(self, inputs: Shape) -> tuple[str, ...]:
        # PyTorch's momentum is the weight of the new batch, Keras' that of the past
        return (f"nn.BatchNorm1d({inputs[-1]}, eps={self.epsilon:g}, momentum={1 - self.momentum:.3g})",)

    def _shown(self) -> tuple[Any, ...]:
        return ()


@dataclass(frozen=True)
class Reshape(Layer):
    """Gives each image another shape with as many values; one size of `target_shape` may be -1, which is worked out."""

    target_shape: Shape

    def output_shape(self, inputs: Shape) -> Shape:
        known = prod(size for size in self.target_shape if size != -1)
        shape = tuple(prod(inputs) // known if size == -1 else size for size in self.target_shape)
        if prod(shape) != prod(inputs):
            raise ValueError(f"values of shape {inputs} cannot be reshaped to {self.target_shape}")
        return shape

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        return values.reshape(len(values), *self.target_shape)


@dataclass(frozen=True)
class Rescaling(Layer):
    """Multiplies each value by `scale` and adds `offset`: division by 255 as a part of the network."""

    scale: float
    offset: float = 0.0

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        return values * np.float32(self.scale) + np.float32(self.offset)


@dataclass(frozen=True)
class Activation(Layer):
    """Passes each value through `activation`, which a Dense layer would do itself."""

    activation: str

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        outputs: Reals = ACTIVATIONS[self.activation].function(values)
        return outputs


@dataclass(frozen=True)
class Softmax(Layer):
    """Turns values into probabilities along `axis`, counted with the batch axis."""

    axis: int = -1

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        outputs: Reals = np.moveaxis(ACTIVATIONS["softmax"].function(np.moveaxis(values, self.axis, -1)), -1, self.axis)
        return outputs


@dataclass(frozen=True)
class ReLU(Layer):
    """Passes values from `threshold` to `max_value` on, and those below it scaled by `negative_slope`."""

    max_value: float | None = None
    negative_slope: float = 0.0
    threshold: float = 0.0

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        slope, threshold = np.float32(self.negative_slope), np.float32(self.threshold)
        above = values if self.max_value is None else np.minimum(values, np.float32(self.max_value))
        return np.where(values >= threshold, above, slope * (values - threshold))


@dataclass(frozen=True)
class LeakyReLU(Layer):
    """Passes positive values on, and negative ones scaled by `negative_slope`."""

    negative_slope: float = 0.3

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        return np.where(values > 0, values, np.float32(self.negative_slope) * values)


@dataclass(frozen=True)
class ELU(Layer):
    """Passes positive values on, and bends negative ones towards -`alpha`."""

    alpha: float = 1.0

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        return np.where(values > 0, values, np.float32(self.alpha) * np.expm1(np.minimum(values, 0)))


LAYERS: Final[Mapping[str, type[Layer]]] = {
    kind.__name__: kind
    for kind in (
        *(Flatten, Dense, Dropout, BatchNormalization),
        *(Reshape, Rescaling, Activation, Softmax, ReLU, LeakyReLU, ELU),
    )
}
