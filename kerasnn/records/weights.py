"""Trained weights of each unit."""

from dataclasses import dataclass, field

from kerasnn.records.serialize import LEFT_OUT

Map = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class OutgoingWeight:
    """The weight from a hidden unit to the unit `name` of the next layer."""

    name: str
    weight: float


@dataclass(frozen=True)
class UnitWeights:
    """A unit of the first layer: its bias, its smallest and largest weight.

    `strength`: root mean square of its incoming weights, times that of its outgoing weights. `reaches`: its outgoing
    weights, strongest first; empty for an output unit. `weights`: rows and columns as in the image; not in JSON.
    """

    unit: int
    name: str
    bias: float
    smallest: float
    largest: float
    strength: float
    reaches: tuple[OutgoingWeight, ...]
    weights: Map = field(metadata=LEFT_OUT, repr=False)


@dataclass(frozen=True)
class WeightMaps:
    """The weights of the first layer of `model`; `outputs`: True if its units are the classes."""

    model: str
    path: str
    layer: str
    outputs: bool
    units: tuple[UnitWeights, ...]
