"""What so many seeds can tell: intervals of Student's t, verdicts, and how many seeds a verdict would want."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy import stats

from kerasnn.records.claims import Verdict
from kerasnn.study.spread import CONFIDENCE, spread

POWER: Final = 0.8  # the share of studies that would find what is there
MOST_SEEDS: Final = 100_000


def interval(values: Sequence[float]) -> tuple[float, float | None, float | None]:
    """Mean of `values` and its 95 % interval, low and high; None where there is but one.

    Raises: ValueError where `values` is empty.
    """
    if not values:
        raise ValueError("an interval of no values")
    found = spread(values)
    return found.mean, found.low, found.high


def decide(values: Sequence[float], above: float | None, below: float | None) -> Verdict:
    """Whether the mean behind `values` lies above `above` and below `below`, as far as its interval tells.

    It holds where the whole interval lies within the bounds, and does not where the whole lies beyond one of them.
    """
    if not all(map(math.isfinite, values)):
        return "not judged"
    _, low, high = interval(values)
    if low is None or high is None:
        return "not separable"
    bottom, top = -math.inf if above is None else above, math.inf if below is None else below
    if low > bottom and high < top:
        return "holds"
    return "does not hold" if high < bottom or low > top else "not separable"


def seeds_needed(values: Sequence[float], above: float | None, below: float | None) -> int | None:
    """About how many seeds would settle on which side of the nearest bound the mean lies, in four studies of five.

    By the power of Student's t test at 5 %, were mean and standard deviation those of `values`. None where there are
    too few values, no bound, or where 100,000 seeds would not do.
    """
    bounds = [bound for bound in (above, below) if bound is not None]
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    if not bounds or not spread or not math.isfinite(spread):
        return None
    effect = min(abs(float(np.mean(values)) - bound) for bound in bounds) / spread
    few, many = 2, 4
    while _power(effect, many) < POWER:
        few, many = many, 2 * many
        if many > MOST_SEEDS:
            return None
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if _power(effect, middle) >= POWER else (middle, many)
    return many


def _power(effect: float, seeds: int) -> float:
    """The chance that `seeds` values, `effect` standard deviations off the bound, give an interval that misses it."""
    freedom = seeds - 1
    critical = stats.t.ppf((1 + CONFIDENCE) / 2, freedom)
    return float(stats.nct.sf(critical, freedom, effect * math.sqrt(seeds)))
