"""What so many seeds can tell: mean and interval of a figure, verdicts, and how many seeds a verdict would want."""

import math
import statistics
from collections.abc import Sequence
from typing import Final

from kerasnn.records import Spread
from kerasnn.records.claims import Verdict

CONFIDENCE: Final = 0.95
POWER: Final = 0.8  # the share of studies that would find what is there
MOST_SEEDS: Final = 100_000


def spread(values: Sequence[float]) -> Spread:
    """Mean, standard deviation and the 95 % interval of the mean, by Student's t, of one value a seed.

    Of one value, or where one is no finite number, there is the mean alone. Raises: ValueError where `values` is empty.
    """
    if not values:
        raise ValueError("an interval of no values")
    mean = statistics.fmean(values)
    if len(values) < 2 or not math.isfinite(mean):
        return Spread(mean, None, None, None)
    deviation = statistics.stdev(values)
    half = student(CONFIDENCE, len(values) - 1) * deviation / math.sqrt(len(values))
    return Spread(mean, deviation, mean - half, mean + half)


def student(confidence: float, freedom: int) -> float:
    """The t of `freedom` degrees of freedom that is exceeded, on either side, with chance 1 - `confidence`."""
    from scipy.stats import t  # 0.3 s

    return float(t.ppf(0.5 + confidence / 2, freedom))


def decide(values: Sequence[float], above: float | None, below: float | None) -> Verdict:
    """Whether the mean behind `values` lies above `above` and below `below`, as far as its interval tells.

    It holds where the whole interval lies within the bounds, and does not where the whole lies beyond one of them.
    """
    if not all(map(math.isfinite, values)):
        return "not judged"
    found = spread(values)
    low, high = found.low, found.high
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
    if not bounds or not all(map(math.isfinite, values)):
        return None
    found = spread(values)
    if not found.deviation:
        return None
    effect = min(abs(found.mean - bound) for bound in bounds) / found.deviation
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
    from scipy.stats import nct

    freedom = seeds - 1
    return float(nct.sf(student(CONFIDENCE, freedom), freedom, effect * math.sqrt(seeds)))
