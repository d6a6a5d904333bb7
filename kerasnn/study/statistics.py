"""Statistics over seeds: confidence intervals, verdicts, and the seeds that a verdict needs."""

import math
import statistics
from collections.abc import Sequence
from typing import Final

from kerasnn.records import Spread
from kerasnn.records.claims import Verdict

CONFIDENCE: Final = 0.95
POWER: Final = 0.8  # the chance to find a difference that exists
MOST_SEEDS: Final = 100_000


def spread(values: Sequence[float]) -> Spread:
    """Return mean, standard deviation and the 95 % interval of the mean (Student's t) of `values`, one per seed.

    If there is a single value, or any is not finite, only the mean is given.

    Raises: ValueError if `values` is empty.
    """
    if not values:
        raise ValueError("an interval of no values")
    mean = statistics.fmean(values)
    if len(values) < 2 or not math.isfinite(mean):
        return Spread(mean, None, None, None)
    deviation = statistics.stdev(values)
    half = student_t(CONFIDENCE, len(values) - 1) * deviation / math.sqrt(len(values))
    return Spread(mean, deviation, mean - half, mean + half)


def student_t(confidence: float, degrees: int) -> float:
    """Return the two-sided critical value of Student's t with `degrees` degrees of freedom."""
    from scipy.stats import t  # takes 0.3 s

    return float(t.ppf(0.5 + confidence / 2, degrees))


def decide(values: Sequence[float], above: float | None, below: float | None) -> Verdict:
    """Decide from the 95 % interval of the mean of `values` whether the mean lies above `above` and below `below`.

    "holds" if the whole interval lies between the bounds, "does not hold" if all of it lies beyond one of them, "not
    separable" otherwise; "not judged" if a value is not finite.
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
    """Estimate how many seeds decide, with a power of 80 %, on which side of the nearest bound the mean lies.

    This assumes Student's t test at the 5 % level, and the mean and standard deviation of `values`. None if there are
    too few values or no bound, or if more than 100,000 seeds are needed.
    """
    bounds = [bound for bound in (above, below) if bound is not None]
    if not bounds or not all(map(math.isfinite, values)):
        return None
    found = spread(values)
    if not found.deviation:
        return None
    effect = min(abs(found.mean - bound) for bound in bounds) / found.deviation
    few, many = 2, 4  # double `many` until it is enough, then bisect
    while _power(effect, many) < POWER:
        few, many = many, 2 * many
        if many > MOST_SEEDS:
            return None
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if _power(effect, middle) >= POWER else (middle, many)
    return many


def _power(effect: float, seeds: int) -> float:
    """Return the chance that the interval of `seeds` values excludes a bound `effect` standard deviations away."""
    from scipy.stats import nct

    degrees = seeds - 1
    return float(nct.sf(student_t(CONFIDENCE, degrees), degrees, effect * math.sqrt(seeds)))
