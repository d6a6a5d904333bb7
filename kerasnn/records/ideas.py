"""The lecture's ideas in numbers: what pictures of them are drawn from."""

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class ActivationCurve:
    """An activation function `name` at the inputs `z`: its `values`, and its `slopes`, the derivative."""

    name: str
    z: tuple[float, ...]
    values: tuple[float, ...]
    slopes: tuple[float, ...]


@dataclass(frozen=True)
class OptimizerPath:
    """The way an optimizer takes over a bowl: `points` and their `losses`, from the start on.

    `rates`: the effective learning rate of every step, for each of the two weights; one fewer than points.
    `settings`: its learning rate and whatever else it was given, in words.
    """

    name: str
    settings: str
    points: tuple[Point, ...]
    losses: tuple[float, ...]
    rates: tuple[Point, ...]
