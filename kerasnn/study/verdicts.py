"""Judge the lecture's claims from the outcomes of trainings, measurements and computations.

Each claim is judged by itself at the 5 % level, so of twenty claims about one may come out wrong by chance.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kerasnn.lecture.claims import CLAIMS, EVIDENCE_OF_EXACT, Claim, Comparison, Measured, Trial
from kerasnn.records import CurveReading, Estimate, Exactness, Job, JudgedClaim, Outcome
from kerasnn.records.claims import Verdict
from kerasnn.study.statistics import decide, seeds_needed, spread
from kerasnn.training.reading import read_curves

Metrics = Mapping[str, float]

# the verdict on a claim is the first of these that any of its comparisons has; it holds if all hold
ORDER: Final[tuple[Verdict, ...]] = ("does not hold", "not judged", "not separable")


@dataclass(frozen=True)
class Evidence:
    """Outcomes by job, metrics by measurement and seed, and exact differences by claim."""

    outcomes: Mapping[Job, Outcome]
    measured: Mapping[tuple[str, int], Metrics] = field(default_factory=dict)
    exact: Mapping[str, Exactness] = field(default_factory=dict)


def judge(claims: Iterable[Claim], seeds: Sequence[int], evidence: Evidence) -> tuple[JudgedClaim, ...]:
    """Return a verdict on each of `claims`; it is `not judged` if the evidence for any of `seeds` is missing."""
    return tuple(_judge(claim, seeds, evidence) for claim in claims)


def judge_decidable(outcomes: Mapping[Job, Outcome], seeds: Sequence[int]) -> tuple[JudgedClaim, ...]:
    """Return verdicts on those of the lecture's claims that `outcomes`, trainings with `seeds`, can decide."""
    judged = judge((claim for claim in CLAIMS if claim.comparisons), seeds, Evidence(outcomes))
    return tuple(claim for claim in judged if claim.verdict != "not judged")


def jobs_for(claims: Iterable[Claim], seeds: Sequence[int]) -> list[Job]:
    """Return the trainings needed to judge `claims`, each once, seed by seed."""
    trials: dict[Trial, None] = {}
    for claim in claims:
        sources = [source for each in claim.comparisons for source in (each.first, each.second)]
        for source in (*sources, EVIDENCE_OF_EXACT.get(claim.name)):
            if isinstance(source, Trial):
                trials[source] = None
    return [job_of(trial, seed) for seed in seeds for trial in trials]


def measurements_for(claims: Iterable[Claim]) -> list[str]:
    """Return the names of the measurements needed to judge `claims`, each once."""
    sources = (source for claim in claims for each in claim.comparisons for source in (each.first, each.second))
    return list(dict.fromkeys(source.name for source in sources if isinstance(source, Measured)))


def job_of(trial: Trial, seed: int) -> Job:
    """Return the job that trains `trial` with `seed`."""
    return Job(trial.stage, seed, dict(trial.overrides))


def _judge(claim: Claim, seeds: Sequence[int], evidence: Evidence) -> JudgedClaim:
    estimates = tuple(_estimate(each, seeds, evidence) for each in claim.comparisons)
    found = evidence.exact.get(claim.name)
    reached = [each.verdict for each in estimates if each is not None]
    if found is not None:
        reached = ["holds" if found.difference <= found.tolerance else "does not hold"]
    complete = bool(reached) and None not in estimates
    return JudgedClaim(
        name=claim.name,
        slide=claim.slide,
        kind=claim.kind,
        states=claim.states,
        verdict=next((each for each in ORDER if each in reached), "holds") if complete else "not judged",
        estimates=tuple(each for each in estimates if each is not None),
        exact=found,
    )


def _estimate(comparison: Comparison, seeds: Sequence[int], evidence: Evidence) -> Estimate | None:
    """Compare over all `seeds`; return None if any evidence is missing."""
    values = []
    for seed in seeds:
        first = _value(comparison.first, comparison.figure, seed, evidence)
        second = _value(comparison.second, comparison.figure, seed, evidence) if comparison.second else 0.0
        if first is None or second is None:
            return None
        values.append(first - second)
    found = spread(values)
    above, below = comparison.above, comparison.below
    verdict = decide(values, above, below)
    needed = seeds_needed(values, above, below) if verdict == "not separable" else None
    return Estimate(
        says=comparison.says,
        figure=comparison.figure,
        values=tuple(values),
        mean=found.mean,
        low=found.low,
        high=found.high,
        above=above,
        below=below,
        verdict=verdict,
        # the estimate can be lower than the number of seeds already used; suggest at least one more
        seeds_needed=None if needed is None else max(needed, len(values) + 1),
    )


def _value(source: Trial | Measured, metric: str, seed: int, evidence: Evidence) -> float | None:
    if isinstance(source, Measured):
        return evidence.measured.get((source.name, seed), {}).get(metric)
    outcome = evidence.outcomes.get(job_of(source, seed))
    return METRICS[metric](outcome) if outcome is not None else None


def _of_curves(outcome: Outcome, read: Callable[[CurveReading], float]) -> float:
    reading = read_curves(outcome.history)
    return float(read(reading)) if reading else float("nan")  # scikit-learn has no curves


# measured on the saved model, without dropout; those that compare epochs come from the history
METRICS: Final[Mapping[str, Callable[[Outcome], float]]] = {
    "validation accuracy": lambda outcome: outcome.validation.accuracy,
    "validation loss": lambda outcome: outcome.validation.loss,
    "test loss": lambda outcome: outcome.test.loss,
    "gap": lambda outcome: outcome.validation.loss - outcome.training.loss,
    "rise of the validation loss": lambda outcome: _of_curves(outcome, lambda reading: reading.rise),
    # from the epoch with the lowest validation loss to the last one
    "fall of the training loss": lambda outcome: (
        min(outcome.history, key=lambda epoch: epoch.val_loss).loss - outcome.history[-1].loss
    ),
    "epochs in disagreement": lambda outcome: _of_curves(outcome, lambda reading: len(reading.disagreements)),
}
