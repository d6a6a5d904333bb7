"""A network as it is drawn."""

from dataclasses import dataclass, field
from typing import Any

from kerasnn.records.serialize import LEFT_OUT


@dataclass(frozen=True)
class DiagramLayer:
    """One column of a drawing. `activation`: None for the input. `dropout`: the share dropped while training.

    `labels`: what the units stand for, one each; empty where they have no names.
    """

    name: str
    units: int
    activation: str | None = None
    dropout: float = 0.0
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Diagram:
    """A fully connected network. `image_shape`: rows and columns, where a Flatten layer unrolls images.

    `weights`: of a trained network, between each two layers, float32 of shape (from, to), and the biases of the
    second, of shape (to,); empty where it is drawn untrained, and left out of JSON.
    """

    name: str
    image_shape: tuple[int, int] | None
    layers: tuple[DiagramLayer, ...]
    parameters: int
    weights: tuple[tuple[Any, Any], ...] = field(default=(), metadata=LEFT_OUT, repr=False)
