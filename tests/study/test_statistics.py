"""Intervals and verdicts, for values whose right answer is known."""

import math
from collections import Counter

import numpy as np
import pytest
from scipy import stats

from kerasnn.records import Spread
from kerasnn.study.statistics import CONFIDENCE, RISK, Bounds, decide, decide_together, spread


def test_the_interval_is_that_of_scipys_t_test() -> None:
    values = [0.1, 0.4, 0.2, 0.5, -0.1]
    found = spread(values)
    truth = stats.ttest_1samp(values, 0).confidence_interval(CONFIDENCE)
    assert found.mean == pytest.approx(np.mean(values))
    assert found.deviation == pytest.approx(np.std(values, ddof=1))
    assert [found.low, found.high] == pytest.approx([truth.low, truth.high])


def test_one_value_has_no_interval_and_none_no_mean() -> None:
    assert spread([0.3]) == Spread(0.3, None, None, None)
    assert decide([0.3], (0.0, None)) == "not separable"
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
    assert decide(values, (above, below)) == verdict


@pytest.mark.parametrize("seeds", [3, 5, 10])
def test_without_any_difference_a_verdict_is_rare(seeds: int) -> None:
    """Of studies in which nothing is there, 2.5 % say `holds` and as many the contrary."""
    random = np.random.default_rng(seeds)
    studies = 2_000
    counts = Counter(decide(random.normal(0, 1, seeds).tolist(), (0.0, None)) for _ in range(studies))
    low, high = stats.binom.interval(0.999, studies, 0.025)
    assert low <= counts["holds"] <= high
    assert low <= counts["does not hold"] <= high


def test_no_worse_is_rarely_said_of_what_is_worse_by_the_bound() -> None:
    random = np.random.default_rng(1)
    said = sum(decide(random.normal(-0.003, 0.004, 5).tolist(), (-0.003, None)) == "holds" for _ in range(2_000))
    assert said <= stats.binom.ppf(0.999, 2_000, 0.025)


@pytest.mark.parametrize("mean", [-0.004, -0.002, 0.0, 0.001, 0.003, 0.009])
@pytest.mark.parametrize("risk", [0.025, 0.05])
def test_a_verdict_is_that_of_two_one_sided_t_tests_by_scipy(mean: float, risk: float) -> None:
    values = (mean + np.random.default_rng(3).normal(0, 0.002, (40, 6))).tolist()
    low, high = -0.003, 0.003
    for each in values:
        above, below = (
            stats.ttest_1samp(each, bound, alternative=side).pvalue
            for bound, side in ((low, "greater"), (high, "less"))
        )
        beyond = min(
            stats.ttest_1samp(each, bound, alternative=side).pvalue
            for bound, side in ((low, "less"), (high, "greater"))
        )
        expected = "holds" if max(above, below) < risk else "does not hold" if beyond < risk else "not separable"
        assert decide(each, (low, high), risk) == expected


def test_a_deviation_known_from_elsewhere_widens_the_interval() -> None:
    values = [0.1, 0.4, 0.2, 0.5]
    known = stats.t.interval(CONFIDENCE, 3, loc=np.mean(values), scale=2 / math.sqrt(4))
    found = spread(values, least=2.0)
    assert (found.low, found.high) == pytest.approx(known)
    assert found.deviation == spread(values).deviation
    assert spread(values, least=0.01) == spread(values)
    assert (decide(values, (0.0, None)), decide(values, (0.0, None), least=2.0)) == ("holds", "not separable")


def by_holm(chances: list[float]) -> list[bool]:
    """Which are refuted, by the adjusted p-values of Holm's paper."""
    order = sorted(range(len(chances)), key=chances.__getitem__)
    adjusted = np.maximum.accumulate([(len(chances) - rank) * chances[each] for rank, each in enumerate(order)])
    return [bool(adjusted[order.index(each)] < RISK) for each in range(len(chances))]


def test_several_comparisons_are_corrected_as_holm_does() -> None:
    random = np.random.default_rng(4)
    bounds: list[Bounds] = [(0.0, None), (None, 0.0), (0.0, None)]
    changed = 0
    for _study in range(300):
        values = random.normal((-1.5, 1.5, -0.5), 1, (5, 3)).T.tolist()
        chances = [
            stats.ttest_1samp(each, 0, alternative="less" if above is not None else "greater").pvalue
            for each, (above, _below) in zip(values, bounds, strict=True)
        ]
        verdicts = decide_together(values, bounds)
        assert [verdict == "does not hold" for verdict in verdicts] == by_holm(chances)
        alone = [decide(*each) for each in zip(values, bounds, strict=True)]
        assert [verdict == "holds" for verdict in verdicts] == [verdict == "holds" for verdict in alone]
        changed += verdicts != alone
    assert changed > 10  # studies that are decided otherwise without the correction
