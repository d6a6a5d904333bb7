"""A network as a list of layers: Keras builds it, the summary counts it, and NumPy computes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.layer import FROZEN, Layer, Shape
from kerasnn.lecture.layers import BatchNormalization, Dense, Dropout, Flatten
from kerasnn.records import LayerSummary, ModelSummary, ParameterCount


@dataclass(frozen=True)
class Architecture:
    """Layers in the order of computation. `input_shape`: the shape in which the first layer receives one image.

    `frozen`: the places of those layers in `layers` that training leaves as they are.
    """

    input_shape: Shape
    layers: tuple[Layer, ...]
    frozen: frozenset[int] = frozenset()

    def with_inputs(self) -> Iterator[tuple[Layer, Shape]]:
        """Yield each layer with the shape of its input for one image."""
        shape = self.input_shape
        for layer in self.layers:
            yield layer, shape
            shape = layer.output_shape(shape)

    @property
    def output_shape(self) -> Shape:
        *_before, (last, inputs) = self.with_inputs()
        return last.output_shape(inputs)

    @property
    def classes(self) -> int:
        return self.output_shape[-1]

    @property
    def parameters(self) -> int:
        return sum(layer.parameters(inputs) for layer, inputs in self.with_inputs())

    @property
    def widest(self) -> int:
        """The largest number of values that any layer receives or returns for one image."""
        return max(prod(self.input_shape), *(prod(layer.output_shape(inputs)) for layer, inputs in self.with_inputs()))

    @property
    def products(self) -> int:
        """How many multiplications one image takes; anything else that a layer does to a value counts as eight."""
        # a Dense layer multiplies each parameter once for each row of its input
        return sum(
            layer.parameters(inputs) * prod(inputs[:-1]) + 8 * prod(layer.output_shape(inputs))
            for layer, inputs in self.with_inputs()
        )

    @property
    def is_drawable(self) -> bool:
        """Whether the network has the form of the lecture's: a chain of Dense layers, the last one with softmax.

        Only such networks are drawn and explained; each unit of their first Dense layer has one weight per pixel.
        """
        dense = [(layer, inputs) for layer, inputs in self.with_inputs() if isinstance(layer, Dense)]
        known = all(isinstance(layer, Flatten | Dense | Dropout | BatchNormalization) for layer in self.layers)
        flat = all(len(inputs) == 1 for _layer, inputs in dense)
        return known and flat and self.layers[-1] is dense[-1][0] and dense[-1][0].activation == "softmax"

    def summary(self, name: str) -> ModelSummary:
        """Count each layer's parameters; the numbers are those of Keras' `model.summary()`.

        Source: lecture, "model summary".
        """
        rows, trainable = [], 0
        for place, (layer, inputs) in enumerate(self.with_inputs()):
            output, formula, variables = layer.output_shape(inputs), layer.formula(inputs), layer.variables(inputs)
            if place not in self.frozen:
                trainable += sum(prod(variable.shape) for variable in variables if variable.trainable)
            elif variables:
                formula = formula.split(", ")[0] + FROZEN
            rows.append(LayerSummary(layer.name, layer.kind, (None, *output), layer.parameters(inputs), formula))
        total = sum(row.parameters for row in rows)
        count = ParameterCount(total, trainable, total - trainable)
        return ModelSummary(name, (None, *self.input_shape), tuple(rows), count)

    def __str__(self) -> str:
        return " > ".join(["x".join(map(str, self.input_shape)), *map(str, self.layers)])


def design(settings: Settings, *, image_shape: Shape, classes: int) -> Architecture:
    """Lay out the network that `settings` describe. `image_shape`: rows and columns.

    With `batch_norm` every Dense layer receives normalised values, even the first, so that `batch_norm` also works in
    a network of a single layer. Source: Géron, "Hands-On Machine Learning", chapter 11.
    """
    layers: list[Layer] = [Flatten("flatten")] if settings.flatten else []
    if settings.batch_norm:
        layers.append(BatchNormalization("normalization"))
    for number, units in enumerate(settings.hidden, start=1):
        suffix = f"_{number}" if len(settings.hidden) > 1 else ""
        layers.append(Dense(f"hidden{suffix}", units, settings.activation))
        if settings.batch_norm:
            layers.append(BatchNormalization(f"hidden{suffix}_normalization"))
        if settings.dropout > 0:
            layers.append(Dropout(f"dropout{suffix}", settings.dropout))
    layers.append(Dense("output", classes, "softmax"))
    return Architecture(image_shape if settings.flatten else (prod(image_shape),), tuple(layers))
