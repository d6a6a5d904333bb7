"""Statistics over seeds: confidence intervals, and verdicts by them.

`python -m tests.study.error_rates` simulates how often the verdicts are wrong.
"""

import math
import statistics
from collections.abc import Sequence
from functools import cache
from typing import Final

from kerasnn.records import Spread
from kerasnn.records.claims import Verdict

Bounds = tuple[float | None, float | None]  # what a mean has to lie above, and below

CONFIDENCE: Final = 0.95
RISK: Final = (1 - CONFIDENCE) / 2  # the chance of a wrong verdict, as an interval misses on one side


def spread(values: Sequence[float], confidence: float = CONFIDENCE, *, least: float = 0.0) -> Spread:
    """Return mean, standard deviation and an interval of the mean (Student's t) of `values`, one per seed.

    `least`: the interval is that of values with at least this deviation, where more seeds than these have shown it. If
    there is a single value, or any is not finite, only the mean is given.

    Raises: ValueError if `values` is empty.
    """
    if not values:
        raise ValueError("an interval of no values")
    mean = statistics.fmean(values)
    if len(values) < 2 or not math.isfinite(mean):
        return Spread(mean, None, None, None)
    deviation = statistics.stdev(values)
    half = student_t(confidence, len(values) - 1) * max(deviation, least) / math.sqrt(len(values))
    return Spread(mean, deviation, mean - half, mean + half)


@cache
def student_t(confidence: float, degrees: int) -> float:
    """Return the two-sided critical value of Student's t with `degrees` degrees of freedom."""
    from scipy.stats import t  # takes 0.3 s

    return float(t.ppf(0.5 + confidence / 2, degrees))


def decide(values: Sequence[float], bounds: Bounds, risk: float = RISK, *, least: float = 0.0) -> Verdict:
    """Decide from an interval of the mean of `values` whether the mean lies between `bounds`.

    "holds" if the whole interval lies between them, "does not hold" if all of it lies beyond one of them, "not
    separable" otherwise; "not judged" if a value is not finite. Either answer is wrong with a probability of at most
    `risk` if values are normally distributed: "holds" with two bounds is the test of equivalence by two one-sided
    t-tests. `least`: as in `spread`.

    Source: Schuirmann, "A comparison of the two one-sided tests procedure and the power approach", 1987.
    """
    if not all(map(math.isfinite, values)):
        return "not judged"
    found = spread(values, 1 - 2 * risk, least=least)
    if found.low is None or found.high is None:
        return "not separable"
    above, below = bounds
    bottom, top = -math.inf if above is None else above, math.inf if below is None else below
    if found.low > bottom and found.high < top:
        return "holds"
    return "does not hold" if found.high < bottom or found.low > top else "not separable"


def decide_together(values: Sequence[Sequence[float]], bounds: Sequence[Bounds]) -> list[Verdict]:
    """Decide each of several comparisons of which one that does not hold refutes all.

    The probability that any wrongly "does not hold" is at most RISK (Holm's correction). "holds" needs none: all of
    them have to hold, which is wrong at most as often as for the comparison that does not.

    Source: Holm, "A simple sequentially rejective multiple test procedure", 1979.
    """
    left = set(range(len(values)))
    while refuted := {each for each in left if decide(values[each], bounds[each], RISK / len(left)) == "does not hold"}:
        left -= refuted
    alone = [decide(*each) for each in zip(values, bounds, strict=True)]
    return [
        "does not hold" if place not in left else "not separable" if verdict == "does not hold" else verdict
        for place, verdict in enumerate(alone)
    ]
