"""Claims judged from outcomes, measurements and exact differences whose right verdict is known."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kerasnn.lecture.claims import (
    CLAIM_BY_NAME,
    CLAIMS,
    CROSS_VALIDATION,
    DROPOUT,
    EARLY_STOPPING,
    HIDDEN,
    OVERFIT,
    RELU,
    SOFTMAX,
    Measured,
    Trial,
)
from kerasnn.lecture.settings import resolve
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.records import Epoch, Exactness, Job, Outcome, Scores, Seconds
from kerasnn.study.claims import METRICS, Evidence, job_of, jobs_for, judge, measurements_for

SEEDS = range(5)
OUTCOME = Outcome(
    job=Job("adam", 0),
    parameters=1,
    history=(Epoch(1, 0.5, 0.8, 0.40, 0.85), Epoch(2, 0.4, 0.9, 0.38, 0.86), Epoch(3, 0.3, 0.9, 0.40, 0.87)),
    best_epoch=2,
    stopped_epoch=3,
    kept_epoch=3,
    training=Scores(0.25, 0.95),
    validation=Scores(0.40, 0.87),
    test=Scores(0.42, 0.86),
    seconds=Seconds(1, 0, 0, 1),
    weights="",
)


def outcomes(accuracies: Mapping[Trial, Callable[[int], float]]) -> dict[Job, Outcome]:
    """An outcome for each trial and seed with that validation accuracy; the loss is 1 less it."""
    return {
        job_of(trial, seed): replace(OUTCOME, validation=Scores(1 - accuracy(seed), accuracy(seed)))
        for trial, accuracy in accuracies.items()
        for seed in SEEDS
    }


def wobble(trial: str) -> Callable[[int], float]:
    """Noise of a training with a seed, with a standard deviation of 0.002."""
    return lambda seed: float(np.random.default_rng([seed, len(trial)]).normal(0, 0.002))


@pytest.mark.parametrize(("better_by", "verdict"), [(0.02, "holds"), (-0.02, "does not hold"), (0.0, "not separable")])
def test_a_claim_whose_truth_is_known(better_by: float, verdict: str) -> None:
    noise = wobble("hidden"), wobble("softmax")
    known = outcomes(
        {HIDDEN: lambda seed: 0.86 + better_by + noise[0](seed), SOFTMAX: lambda seed: 0.86 + noise[1](seed)}
    )
    (judged,) = judge([CLAIM_BY_NAME["hidden-beats-softmax"]], SEEDS, Evidence(known))
    assert judged.verdict == verdict
    (estimate,) = judged.estimates
    assert estimate.low is not None
    assert estimate.high is not None
    assert estimate.low <= better_by <= estimate.high
    assert len(estimate.values) == 5


def test_pairing_by_seed_separates_what_the_seeds_themselves_hide() -> None:
    """Seeds differ by 0.05, the two stages of each by 0.001."""
    known = outcomes({HIDDEN: lambda seed: 0.8 + 0.05 * seed + 0.001, SOFTMAX: lambda seed: 0.8 + 0.05 * seed})
    (judged,) = judge([CLAIM_BY_NAME["hidden-beats-softmax"]], SEEDS, Evidence(known))
    assert judged.verdict == "holds"
    assert judged.estimates[0].mean == pytest.approx(0.001)


def test_at_least_holds_of_equals_and_better_than_does_not() -> None:
    noise = [0.0001, -0.0001, 0.0, 0.0001, -0.0001]
    known = outcomes({RELU: lambda seed: 0.87 + noise[seed], HIDDEN: lambda seed: 0.87, SOFTMAX: lambda seed: 0.87})
    claims = [CLAIM_BY_NAME[name] for name in ("relu-at-least-sigmoid", "hidden-beats-softmax")]
    assert [each.verdict for each in judge(claims, SEEDS, Evidence(known))] == ["holds", "not separable"]


def test_a_claim_of_several_comparisons_holds_where_all_do() -> None:
    claim = CLAIM_BY_NAME["dropout-lowers-loss-and-gap"]
    noise = [0.0001, -0.0001, 0.0, 0.0001, -0.0001]
    known = outcomes({DROPOUT: lambda seed: 0.89 + noise[seed], OVERFIT: lambda seed: 0.88})
    assert judge([claim], SEEDS, Evidence(known))[0].verdict == "holds"
    wider = {
        job: replace(outcome, training=Scores(0.0 + noise[job.seed], 1.0)) if job.stage == "dropout" else outcome
        for job, outcome in known.items()
    }
    judged = judge([claim], SEEDS, Evidence(wider))[0]
    assert [each.verdict for each in judged.estimates] == ["holds", "does not hold"]
    assert judged.verdict == "does not hold"


def test_what_lacks_evidence_is_not_judged() -> None:
    known = outcomes({HIDDEN: lambda seed: 0.9, SOFTMAX: lambda seed: 0.8})
    del known[job_of(SOFTMAX, 3)]
    assert {each.verdict for each in judge(CLAIMS, SEEDS, Evidence(known))} == {"not judged"}
    assert {each.verdict for each in judge(CLAIMS, SEEDS, Evidence({}))} == {"not judged"}


def test_measured_figures_within_two_bounds() -> None:
    figures = {"distance from the cross-validated accuracy": 0.004, "spread of the folds": 0.005, "cost ratio": 5.0}
    measured = {(CROSS_VALIDATION.name, seed): figures for seed in SEEDS}
    claim = CLAIM_BY_NAME["validation-is-stable"]
    assert judge([claim], SEEDS, Evidence({}, measured))[0].verdict == "holds"
    for changed in ({"cost ratio": 1.0}, {"spread of the folds": 0.02}):
        other = {key: {**figures, **changed} for key in measured}
        assert judge([claim], SEEDS, Evidence({}, other))[0].verdict == "does not hold"


@pytest.mark.parametrize(("difference", "verdict"), [(0.0, "holds"), (1e-6, "holds"), (2e-6, "does not hold")])
def test_exact_claims_go_by_the_largest_difference(difference: float, verdict: str) -> None:
    name = "softmax-of-two-is-sigmoid"
    exact = {name: Exactness(difference, 1e-6)}
    (judged,) = judge([CLAIM_BY_NAME[name]], SEEDS, Evidence({}, {}, exact))
    assert (judged.verdict, judged.kind, judged.exact) == (verdict, "exact", exact[name])


def test_figures_of_an_outcome() -> None:
    found = {name: metric(OUTCOME) for name, metric in METRICS.items()}
    assert found == pytest.approx(
        {
            "validation accuracy": 0.87,
            "validation loss": 0.40,
            "test loss": 0.42,
            "gap": 0.15,
            "rise of the validation loss": 0.40 / 0.38 - 1,
            "fall of the training loss": 0.1,
            "epochs in disagreement": 1,
        }
    )


def test_every_claim_is_whole() -> None:
    """Its trials resolve to settings, its figures exist, it has a bound, and its name stands once."""
    assert len(CLAIM_BY_NAME) == len(CLAIMS) == 20
    for job in jobs_for(CLAIMS, [1]):
        settings, _ = resolve(STAGE_BY_NAME[job.stage], {**job.overrides, "seed": job.seed})
        assert settings.seed == 1
    for claim in CLAIMS:
        for each in claim.comparisons:
            assert not (each.above is None and each.below is None)
            assert isinstance(each.first, Measured) or each.figure in METRICS


def test_every_training_and_measurement_is_asked_for_once() -> None:
    jobs = jobs_for(CLAIMS, [1, 2])
    assert len(jobs) == len(set(jobs)) == 24
    assert [job.stage for job in jobs_for([CLAIM_BY_NAME["early-stopping-returns-the-best"]], [3])] == [
        "early-stopping"
    ]
    assert job_of(EARLY_STOPPING, 3) == Job("early-stopping", 3)
    names: list[Any] = measurements_for(CLAIMS)
    assert names == ["softmax, not normalised", "adam, not normalised", "cross-validation", "dropout passes"]
