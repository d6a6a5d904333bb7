"""A model as a plain list of layers: what Keras builds, the summary counts and NumPy computes.

Only the layers of the lecture: Flatten, Dense, Dropout. Standard library only.
"""

from dataclasses import dataclass
from math import prod

from kerasnn.lecture.hyperparameters import Settings
from kerasnn.records import LayerSummary, ModelSummary, ParameterCount

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Flatten:
    """Unrolls an image into one row of values."""

    name: str

    def output_shape(self, inputs: Shape) -> Shape:
        return (prod(inputs),)

    def parameters(self, inputs: Shape) -> int:
        return 0

    def formula(self, inputs: Shape) -> str:
        return f"{' x '.join(map(str, inputs))} = {prod(inputs):,} values"

    def __str__(self) -> str:
        return "Flatten"


@dataclass(frozen=True)
class Dense:
    """Fully connected: every unit weighs all inputs, adds its bias, and passes the sum through `activation`."""

    name: str
    units: int
    activation: str

    def output_shape(self, inputs: Shape) -> Shape:
        return (*inputs[:-1], self.units)

    def parameters(self, inputs: Shape) -> int:
        return inputs[-1] * self.units + self.units

    def formula(self, inputs: Shape) -> str:
        return f"{inputs[-1]} x {self.units} + {self.units} = {self.parameters(inputs):,}"

    def __str__(self) -> str:
        return f"Dense({self.units}, {self.activation})"


@dataclass(frozen=True)
class Dropout:
    """Sets a fraction `rate` of its inputs to 0 while training and scales up the rest; does nothing otherwise."""

    name: str
    rate: float

    def output_shape(self, inputs: Shape) -> Shape:
        return inputs

    def parameters(self, inputs: Shape) -> int:
        return 0

    def formula(self, inputs: Shape) -> str:
        return f"drops {self.rate:.0%} while training"

    def __str__(self) -> str:
        return f"Dropout({self.rate:g})"


Layer = Flatten | Dense | Dropout


@dataclass(frozen=True)
class Architecture:
    """Layers in the order of computation. `input_shape`: of one image as the first layer takes it."""

    input_shape: Shape
    layers: tuple[Layer, ...]

    @property
    def classes(self) -> int:
        return self.summary("").layers[-1].output_shape[-1] or 0

    @property
    def parameters(self) -> int:
        return self.summary("").parameters.total

    def summary(self, name: str) -> ModelSummary:
        """Each layer with its arithmetic; the figures are those of Keras' `model.summary()`.

        Source: lecture, "model summary".
        """
        rows: list[LayerSummary] = []
        shape = self.input_shape
        for layer in self.layers:
            kind, count, formula = type(layer).__name__, layer.parameters(shape), layer.formula(shape)
            shape = layer.output_shape(shape)
            rows.append(LayerSummary(layer.name, kind, (None, *shape), count, formula))
        total = sum(row.parameters for row in rows)
        return ModelSummary(name, (None, *self.input_shape), tuple(rows), ParameterCount(total, total, 0))

    def __str__(self) -> str:
        return " > ".join(["x".join(map(str, self.input_shape)), *map(str, self.layers)])


def design(settings: Settings, *, image_shape: Shape, classes: int) -> Architecture:
    """The architecture that `settings` describe, for images of `image_shape` rows and columns."""
    layers: list[Layer] = [Flatten("flatten")] if settings.flatten else []
    for number, units in enumerate(settings.hidden, start=1):
        suffix = f"_{number}" if len(settings.hidden) > 1 else ""
        layers.append(Dense(f"hidden{suffix}", units, settings.activation))
        if settings.dropout > 0:
            layers.append(Dropout(f"dropout{suffix}", settings.dropout))
    layers.append(Dense("output", classes, "softmax"))
    return Architecture(image_shape if settings.flatten else (prod(image_shape),), tuple(layers))
