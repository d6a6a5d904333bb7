"""The update rules of the lecture's optimizers, in NumPy: what Keras does to each weight, in the open.

Each rule keeps for every weight of one array what it needs to remember, and turns slopes into steps of the same type.
Unless told otherwise its rate is Keras' own. `walk` goes downhill by one of them.

Source: lecture, "optimizers"; Keras 3's `update_step` of each.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any]]

EPSILON: Final = 1e-7


class Rule(Protocol):
    @property
    def rates(self) -> Values | float:
        """The learning rate that the last step used for each weight."""

    def step(self, slope: Values) -> Values:
        """What to add to the weights, whose loss rises by `slope`."""


@dataclass
class SGD:
    """w <- w - rate * slope; with momentum a share of the last step is taken again, with Nesterov before looking."""

    rate: float = 0.01
    momentum: float = 0.0
    nesterov: bool = False
    last: Values | float = 0.0

    @property
    def rates(self) -> Values | float:
        return self.rate

    def step(self, slope: Values) -> Values:
        self.last = self.momentum * self.last - self.rate * slope
        return self.momentum * self.last - self.rate * slope if self.nesterov else self.last


@dataclass
class Adagrad:
    """Divides by the root of all squared slopes so far: the rate of a weight only ever shrinks."""

    rate: float = 0.001
    total: Values | float = 0.1

    @property
    def rates(self) -> Values | float:
        result: Values = self.rate / np.sqrt(self.total + EPSILON)
        return result

    def step(self, slope: Values) -> Values:
        self.total = self.total + slope**2
        return -self.rates * slope


@dataclass
class RMSprop:
    """Unlike Adagrad: squared slopes are forgotten, a tenth at every step."""

    rate: float = 0.001
    rho: float = 0.9
    mean: Values | float = 0.0

    @property
    def rates(self) -> Values | float:
        result: Values = self.rate / np.sqrt(self.mean + EPSILON)
        return result

    def step(self, slope: Values) -> Values:
        self.mean = self.rho * self.mean + (1 - self.rho) * slope**2
        return -self.rates * slope


@dataclass
class Adam:
    """RMSprop on a running mean of the slopes, both means corrected for having begun at 0."""

    rate: float = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    slopes: Values | float = 0.0
    squares: Values | float = 0.0
    count: int = 0

    @property
    def rates(self) -> Values | float:
        # of math, not of NumPy, whose float64 would turn float32 into its own kind
        rate = self.rate * math.sqrt(1 - self.beta_2**self.count) / (1 - self.beta_1**self.count)
        result: Values = rate / (np.sqrt(self.squares) + EPSILON)
        return result

    def step(self, slope: Values) -> Values:
        self.count += 1
        self.slopes = self.beta_1 * self.slopes + (1 - self.beta_1) * slope
        self.squares = self.beta_2 * self.squares + (1 - self.beta_2) * slope**2
        return -self.rates * self.slopes


@dataclass(frozen=True)
class Bowl:
    """The loss (a x^2 + b y^2) / 2 of two weights: steep one way and shallow the other, as losses often are."""

    across: float = 0.1
    down: float = 2.0

    def loss(self, point: Values) -> float:
        return float(0.5 * (self.across * point[0] ** 2 + self.down * point[1] ** 2))

    def slope(self, point: Values) -> Values:
        return np.array([self.across, self.down]) * point


def walk(rule: Rule, slope: Callable[[Values], Values], start: Sequence[float], *, steps: int) -> tuple[Values, Values]:
    """Where `rule` comes to from `start`: points of shape (steps + 1, weights), rates of shape (steps, weights)."""
    points, rates = [np.array(start)], []
    for _ in range(steps):
        points.append(points[-1] + rule.step(slope(points[-1])))
        rates.append(np.broadcast_to(rule.rates, len(start)))
    return np.array(points), np.array(rates)
