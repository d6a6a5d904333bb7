"""Intervals, verdicts and numbers of seeds, for values whose right answer is known."""

import math
from collections import Counter

import numpy as np
import pytest
from scipy import stats

from kerasnn.records import Spread
from kerasnn.study.statistics import CONFIDENCE, POWER, decide, seeds_needed, spread


def test_the_interval_is_that_of_scipys_t_test() -> None:
    values = [0.1, 0.4, 0.2, 0.5, -0.1]
    found = spread(values)
    truth = stats.ttest_1samp(values, 0).confidence_interval(CONFIDENCE)
    assert found.mean == pytest.approx(np.mean(values))
    assert found.deviation == pytest.approx(np.std(values, ddof=1))
    assert [found.low, found.high] == pytest.approx([truth.low, truth.high])


def test_one_value_has_no_interval_and_none_no_mean() -> None:
    assert spread([0.3]) == Spread(0.3, None, None, None)
    assert decide([0.3], 0.0, None) == "not separable"
    infinite = spread([0.3, math.inf])
    assert infinite == Spread(math.inf, None, None, None)
    with pytest.raises(ValueError, match="no values"):
        spread([])


@pytest.mark.parametrize(
    ("values", "above", "below", "verdict"),
    [
        ([1.0, 1.1, 0.9, 1.0], 0.0, None, "holds"),
        ([-1.0, -1.1, -0.9, -1.0], 0.0, None, "does not hold"),
        ([1.0, -1.1, 0.9, -1.0], 0.0, None, "not separable"),
        ([-0.001, 0.001, 0.0, 0.0005], -0.003, None, "holds"),  # as good, within the bound
        ([-1.0, -1.1, -0.9, -1.0], None, 0.0, "holds"),
        ([0.0, 0.001, -0.001], -0.005, 0.005, "holds"),
        ([0.02, 0.021, 0.019], -0.005, 0.005, "does not hold"),
        ([0.004, 0.006, 0.005], -0.005, 0.005, "not separable"),
        ([0.0, 0.0, 0.0], 0.0, None, "not separable"),  # on the bound itself
        ([2.0, 2.0, 2.0], 0.0, None, "holds"),
        ([1.0, math.nan], 0.0, None, "not judged"),
    ],
)
def test_verdicts(values: list[float], above: float | None, below: float | None, verdict: str) -> None:
    assert decide(values, above, below) == verdict


@pytest.mark.parametrize("seeds", [3, 5, 10])
def test_without_any_difference_a_verdict_is_rare(seeds: int) -> None:
    """Of studies in which nothing is there, 2.5 % say `holds` and as many the contrary."""
    random = np.random.default_rng(seeds)
    studies = 2_000
    counts = Counter(decide(random.normal(0, 1, seeds).tolist(), 0.0, None) for _ in range(studies))
    low, high = stats.binom.interval(0.999, studies, 0.025)
    assert low <= counts["holds"] <= high
    assert low <= counts["does not hold"] <= high


def test_no_worse_is_rarely_said_of_what_is_worse_by_the_bound() -> None:
    random = np.random.default_rng(1)
    said = sum(decide(random.normal(-0.003, 0.004, 5).tolist(), -0.003, None) == "holds" for _ in range(2_000))
    assert said <= stats.binom.ppf(0.999, 2_000, 0.025)


@pytest.mark.parametrize("effect", [0.3, 0.8, 2.0])
def test_so_many_seeds_as_are_said_to_be_needed_tell_in_four_studies_of_five(effect: float) -> None:
    values = [effect - 1, effect + 1, effect - 1, effect + 1]
    values = [effect + (value - effect) / float(np.std(values, ddof=1)) for value in values]
    needed = seeds_needed(values, 0.0, None)
    assert needed is not None
    random = np.random.default_rng(2)
    told = np.mean([decide(random.normal(effect, 1, needed).tolist(), 0.0, None) == "holds" for _ in range(1_000)])
    assert told >= POWER - 0.04
    fewer = max(2, needed * 2 // 3)
    told = np.mean([decide(random.normal(effect, 1, fewer).tolist(), 0.0, None) == "holds" for _ in range(1_000)])
    assert told < POWER


@pytest.mark.parametrize(
    ("values", "above", "below"),
    [([1.0], 0.0, None), ([1.0, 1.0], 0.0, None), ([1.0, -1.0], 0.0, None), ([1.0, 2.0], None, None)],
)
def test_where_no_number_of_seeds_can_be_told(values: list[float], above: float | None, below: float | None) -> None:
    assert seeds_needed(values, above, below) is None
