"""The paths of the optimizers down a bowl: a loss with two weights, steep in one direction and shallow in the other.

Source: lecture, "optimizers".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.lecture.optimizers import VARIANTS, Rule

Values = NDArray[np.floating[Any]]

START: Final = (-2.0, 1.0)
STEPS: Final = 40


@dataclass(frozen=True)
class Bowl:
    """The loss (across x^2 + down y^2) / 2 of two weights x and y."""

    across: float = 1.0
    down: float = 12.0

    def loss(self, point: Values) -> float:
        return float(0.5 * (self.across * point[0] ** 2 + self.down * point[1] ** 2))

    def slope(self, point: Values) -> Values:
        return np.array([self.across, self.down]) * point


def walk(rule: Rule, slope: Callable[[Values], Values], start: Sequence[float], *, steps: int) -> tuple[Values, Values]:
    """Follow `rule` downhill from `start`; return points, (steps + 1, weights), and rates, (steps, weights)."""
    points, rates = [np.array(start)], []
    for _ in range(steps):
        points.append(points[-1] + rule.step(slope(points[-1])))
        rates.append(np.broadcast_to(rule.rates, len(start)))
    return np.array(points), np.array(rates)


def variant_walks(steps: int = STEPS) -> dict[str, tuple[Values, Values]]:
    """Follow each variant of an optimizer from START down `Bowl()`; return points and rates of `walk` by its title."""
    return {
        variant.title: walk(
            optimizer.rule(rate=variant.bowl_rate, **variant.settings), Bowl().slope, START, steps=steps
        )
        for optimizer, variant in VARIANTS
    }
