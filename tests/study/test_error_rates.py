"""What `reproduce` and `claims` promise about their errors, simulated with fixed seeds and few studies."""

import numpy as np
import pytest
from scipy import stats

from kerasnn.study.reproduce import AGREEMENT_RISK
from kerasnn.study.statistics import CONFIDENCE, RISK
from tests.study.error_rates import (
    COMPARED,
    as_measured,
    between,
    covered,
    halved,
    judged,
    normal,
    reproduced,
    seeds_of,
    share,
)

STUDIES = 400


def at_most(risk: float) -> float:
    """A share that an event of this probability exceeds once in a thousand simulations."""
    return float(stats.binom.ppf(0.999, STUDIES, risk)) / STUDIES


@pytest.mark.parametrize("stage", COMPARED)
def test_the_simulated_accuracies_are_distributed_as_the_measured_ones(stage: str) -> None:
    known = seeds_of(stage)
    values = known["mean"] + known["deviation"] * as_measured(stage)(np.random.default_rng(0), (100_000,))
    assert values.mean() == pytest.approx(known["mean"], abs=known["deviation"] / 50)
    assert values.std() == pytest.approx(known["deviation"], rel=0.05)
    quartiles = np.quantile(values, (0.25, 0.5, 0.75))
    assert quartiles == pytest.approx(known["quantiles"][1:4], abs=known["deviation"] / 2)


@pytest.mark.parametrize("stage", ["softmax", "adam"])
@pytest.mark.parametrize("seeds", [4, 20])
@pytest.mark.parametrize("kind", ["normal", "measured"])
def test_reproduce_keeps_its_promise(stage: str, seeds: int, kind: str) -> None:
    draw = normal if kind == "normal" else as_measured(stage)
    for end in ("lower end", "upper end"):
        answers = reproduced(draw, stage, end, seeds, STUDIES)
        assert share(answers, "agrees") <= at_most(AGREEMENT_RISK)
        assert share(answers, "differs") <= at_most(AGREEMENT_RISK)
    assert share(reproduced(draw, stage, "as measured", seeds, STUDIES), "differs") == 0
    assert share(reproduced(draw, stage, "5 deviations lower", seeds, STUDIES), "agrees") == 0
    if seeds == 20:
        assert share(reproduced(draw, stage, "as measured", seeds, STUDIES), "agrees") > 0.95
        assert share(reproduced(draw, stage, "5 deviations lower", seeds, STUDIES), "differs") > 0.95


@pytest.mark.parametrize("comparisons", [1, 4])
def test_a_claim_is_rarely_refuted_or_confirmed_by_chance(comparisons: int) -> None:
    on_the_bound = judged(normal, [0.0] * comparisons, 5, STUDIES)
    assert share(on_the_bound, "does not hold") <= at_most(RISK)
    assert share(judged(normal, [0.0, *[50.0] * (comparisons - 1)], 5, STUDIES), "holds") <= at_most(RISK)
    assert share(judged(normal, [50.0] * comparisons, 5, STUDIES), "holds") == 1
    if comparisons > 1:
        without = judged(normal, [0.0] * comparisons, 5, STUDIES, corrected=False)
        assert share(without, "does not hold") > at_most(RISK)  # so the correction is needed


def test_intervals_contain_the_mean_and_halve_with_four_times_the_seeds() -> None:
    differences = between(as_measured("hidden"), as_measured("relu"))
    for draw in (normal, differences):
        assert 1 - covered(draw, 5, STUDIES) <= at_most(1 - CONFIDENCE)
        assert 0.35 < halved(draw, 5, STUDIES) < 0.5
