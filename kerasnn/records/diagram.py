"""A network to be drawn."""

from dataclasses import dataclass, field
from typing import Any

from kerasnn.records.serialize import LEFT_OUT


@dataclass(frozen=True)
class DiagramLayer:
    """One column of a drawing. `activation`: None for the input. `dropout`: fraction dropped during training.

    `normalization`: number of parameters of a BatchNormalization of its outputs. `labels`: the class of each unit;
    empty if units have no names.
    """

    name: str
    units: int
    activation: str | None = None
    dropout: float = 0.0
    normalization: int = 0
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Diagram:
    """A fully connected network. `image_shape`: rows and columns, if a Flatten layer unrolls images.

    `weights`: for each pair of neighbouring layers the kernel, float32 of shape (inputs, units), and the bias of
    shape (units,); empty for an untrained network, and not in JSON.
    """

    name: str
    image_shape: tuple[int, int] | None
    layers: tuple[DiagramLayer, ...]
    parameters: int
    weights: tuple[tuple[Any, Any], ...] = field(default=(), metadata=LEFT_OUT, repr=False)
