"""Trained weights, unit by unit."""

from dataclasses import dataclass, field

from kerasnn.records.serialize import LEFT_OUT

Map = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Reach:
    """The weight with which a hidden unit speaks to the unit `name` of the next layer."""

    name: str
    weight: float


@dataclass(frozen=True)
class UnitWeights:
    """A unit of the layer that sees the pixels: its bias, its smallest and largest weight.

    `strength`: root of the mean square of its weights, times that of those that go out from it. `reaches`: its
    weights to the next layer, the strongest first; empty for an output. `weights`: rows and columns as the image
    has, left out of JSON.
    """

    unit: int
    name: str
    bias: float
    smallest: float
    largest: float
    strength: float
    reaches: tuple[Reach, ...]
    weights: Map = field(metadata=LEFT_OUT, repr=False)


@dataclass(frozen=True)
class WeightMaps:
    """The weights of `model`'s first layer, which sees the pixels; `outputs`: whether its units are the classes."""

    model: str
    path: str
    layer: str
    outputs: bool
    units: tuple[UnitWeights, ...]
