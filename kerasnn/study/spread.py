"""A figure over several seeds: mean, standard deviation, interval."""

import math
import statistics
from collections.abc import Sequence
from typing import Final

from kerasnn.records import Spread

CONFIDENCE: Final = 0.95


def spread(values: Sequence[float]) -> Spread:
    """Mean, standard deviation and the 95 % interval of the mean, by Student's t, of one value a seed."""
    mean = statistics.fmean(values)
    if len(values) < 2:
        return Spread(mean, None, None, None)
    deviation = statistics.stdev(values)
    half = student(CONFIDENCE, len(values) - 1) * deviation / math.sqrt(len(values))
    return Spread(mean, deviation, mean - half, mean + half)


def student(confidence: float, freedom: int) -> float:
    """The t of `freedom` degrees of freedom that is exceeded, on either side, with chance 1 - `confidence`."""
    from scipy.stats import t  # 0.3 s

    return float(t.ppf(0.5 + confidence / 2, freedom))
