"""The base class of the layers in `kerasnn.lecture.layers`: all that kerasnn needs to know about a layer.

Shapes are those of one image, without the batch axis.
"""

from dataclasses import MISSING, dataclass, fields
from math import prod
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

Shape = tuple[int, ...]
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
