"""The base class of all layers, and those layers that only other people's models have, not the lecture's stages.

Shapes are those of one image, without the batch axis.
"""

from dataclasses import MISSING, dataclass, fields
from math import prod
from typing import Any, ClassVar, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kerasnn.language import _
from kerasnn.lecture.activations import ACTIVATIONS, softmax

Shape = tuple[int, ...]
FROZEN: Final = ", frozen"  # behind the formula of a layer that training leaves as it is
Reals = NDArray[np.float32]


class Variable(NamedTuple):
    """An array of a layer's weights. The optimizer changes only trainable ones."""

    name: str
    shape: Shape
    trainable: bool = True


@dataclass(frozen=True)
class Layer:
    """A layer. This base class returns its input unchanged, as Dropout does when predicting.

    Fields after `name` are options of the Keras class of the same name. `mode_dependent`: the layer computes something
    else while training, so it is called with `training=`. `draws_mask`: the layer has a random mask, which the engine
    `fused` draws in its place.
    """

    mode_dependent: ClassVar[bool] = False
    draws_mask: ClassVar[bool] = False  # a ClassVar is no field, so none of the options

    name: str

    @property
    def kind(self) -> str:
        """The name of the Keras class."""
        return type(self).__name__  # saved models name it, too

    @property
    def options(self) -> dict[str, Any]:
        """All arguments of the Keras class, except the name."""
        return {field.name: getattr(self, field.name) for field in fields(self)[1:]}  # the first is the name

    def output_shape(self, inputs: Shape) -> Shape:
        return inputs

    def variables(self, inputs: Shape) -> tuple[Variable, ...]:
        """Return the layer's variables in Keras' order."""
        return ()

    def parameters(self, inputs: Shape) -> int:
        return sum(prod(variable.shape) for variable in self.variables(inputs))

    def formula(self, inputs: Shape) -> str:
        """Return how the parameters are counted or, if there are none, what the layer does; for summaries."""
        return ""

    def compute(self, values: Reals, variables: tuple[Reals, ...]) -> Reals:
        """Compute what the layer gives when predicting: float32 of shape (n, *output_shape(inputs)).

        `values`: float32 of shape (n, *inputs). `variables`: arrays in the order of `variables()`.
        """
        return values

    def keras_code(self) -> str:
        """Return the layer as an expression for a Keras script, without options that have Keras' default."""
        arguments = []
        for field in fields(self)[1:]:
            value = getattr(self, field.name)
            if field.default is MISSING:
                arguments.append(repr(value))  # by position: Keras has it first
            elif value != field.default:
                arguments.append(f"{field.name}={value!r}")
        return f"keras.layers.{self.kind}({', '.join(arguments)})"

    def pytorch_code(self, inputs: Shape) -> tuple[str, ...] | None:
        """Return the layer as items of PyTorch's `nn.Sequential`; None if PyTorch scripts do not support it."""
        return None

    def __str__(self) -> str:
        options = ", ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in self._shown())
        return f"{self.kind}({options})" if options else self.kind

    def _shown(self) -> tuple[Any, ...]:
        """Return the options that a one-line description of the network shows."""
        return tuple(self.options.values())


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


def formula_in_language(formula: str) -> str:
    """Translate the words in a layer's formula; numbers stay as they are."""
    if formula.endswith(FROZEN):
        return _("{arithmetic}, frozen", arithmetic=formula.removesuffix(FROZEN))
    if formula.endswith(" values"):
        return _("{arithmetic} values", arithmetic=formula.removesuffix(" values"))
    if formula.startswith("drops "):  # such as 'drops 20% while training'
        return _("drops {share} while training", share=formula.split()[1])
    return formula
