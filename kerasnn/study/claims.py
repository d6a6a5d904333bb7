"""List the lecture's claims, and judge them by the outcomes of trainings, measurements and computations.

Each claim is judged by itself, so of the many a verdict may be wrong by chance.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import AUTO, load_data
from kerasnn.errors import look_up
from kerasnn.files.paths import REPRODUCTION, expanded
from kerasnn.language import N_, _
from kerasnn.lecture.claims import CLAIM_BY_NAME, CLAIMS, EVIDENCE_OF_EXACT, Claim, Comparison, Measured, Trial
from kerasnn.lecture.settings import seed_numbers
from kerasnn.records import Epoch, Job, Listener, Outcome, Several, show_in_notebook
from kerasnn.records.claims import ClaimRow, Estimate, Exactness, JudgedClaim, Judgement, Verdict
from kerasnn.study.results import TRAININGS, parallel_trainings, train_missing
from kerasnn.study.statistics import decide_together, spread
from kerasnn.training.reading import disagreements_of, rise_of


def claims(names: Sequence[str] = ()) -> Several[ClaimRow]:
    """List the lecture's claims in its order, or those of `names`. Raises: UsageError for an unknown name."""
    computed = (N_("the largest difference, computed"),)
    return Several(
        ClaimRow(each.name, each.slide, each.kind, each.states, tuple(one.says for one in each.comparisons) or computed)
        for each in _chosen(names)
    )


def judge_claims(
    names: Sequence[str] = (),
    *,
    seeds: int | Sequence[int] = 5,
    workers: int | None = None,
    ray: str | None = None,
    dataset: str | Path | Dataset = AUTO,
    data_dir: str | Path | None = None,
    out: str | Path = REPRODUCTION,
    listener: Listener = show_in_notebook,
) -> Judgement:
    """Judge the lecture's claims, or those of `names`, by training with each of `seeds`.

    `seeds`, `workers`, `ray`: as in `reproduce`. `out`: the folder to save trainings and measurements in; trainings
    that `reproduce` saved there are used too. `dataset`, `data_dir`: as in `load_data`.

    Raises: UsageError, DataError, EnvironmentFault; Interrupted, after finished trainings are saved.
    """
    chosen = _chosen(names)
    numbers, at_once = seed_numbers(seeds), parallel_trainings(workers, ray)
    data = load_data(dataset, data_dir=data_dir, listener=listener)
    began, folder = time.perf_counter(), expanded(out) / TRAININGS
    jobs = jobs_for(chosen, numbers)
    outcomes, _trained = (
        train_missing(jobs, data, folder=folder, workers=at_once, ray=ray, listener=listener) if jobs else ({}, 0)
    )
    from kerasnn.study.exact_claims import compute_exact_claims  # loads TensorFlow, which the workers must not share
    from kerasnn.study.measurements import measure_missing

    metrics = measure_missing(measurements_for(chosen), data, numbers, folder=folder, listener=listener)
    evidence = Evidence(outcomes, metrics, compute_exact_claims(chosen, data, outcomes))
    return Judgement(data.info, tuple(numbers), judge(chosen, numbers, evidence), time.perf_counter() - began)


def _chosen(names: Sequence[str]) -> tuple[Claim, ...]:
    otherwise = _("kerasnn claims lists them")
    chosen = [look_up(name, CLAIM_BY_NAME, _("there is no claim '{name}'", name=name), otherwise) for name in names]
    return tuple(claim for claim in CLAIMS if not names or claim in chosen)


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
    trials = dict.fromkeys(source for claim in claims for source in _sources(claim) if isinstance(source, Trial))
    return [job_of(trial, seed) for seed in seeds for trial in trials]


def measurements_for(claims: Iterable[Claim]) -> list[str]:
    """Return the names of the measurements needed to judge `claims`, each once."""
    return list(dict.fromkeys(each.name for claim in claims for each in _sources(claim) if isinstance(each, Measured)))


def _sources(claim: Claim) -> Iterator[Trial | Measured | None]:
    yield from (source for each in claim.comparisons for source in (each.first, each.second))
    yield EVIDENCE_OF_EXACT.get(claim.name)


def job_of(trial: Trial, seed: int) -> Job:
    """Return the job that trains `trial` with `seed`."""
    return Job(trial.stage, seed, dict(trial.overrides))


def _judge(claim: Claim, seeds: Sequence[int], evidence: Evidence) -> JudgedClaim:
    estimates = _estimates(claim.comparisons, seeds, evidence)
    found = evidence.exact.get(claim.name)
    reached = [each.verdict for each in estimates]
    if found is not None:
        reached = ["holds" if found.difference <= found.tolerance else "does not hold"]
    return JudgedClaim(
        name=claim.name,
        slide=claim.slide,
        kind=claim.kind,
        states=claim.states,
        verdict=next((each for each in ORDER if each in reached), "holds") if reached else "not judged",
        estimates=estimates,
        exact=found,
    )


def _estimates(comparisons: Sequence[Comparison], seeds: Sequence[int], evidence: Evidence) -> tuple[Estimate, ...]:
    try:
        values = [[_difference(each, seed, evidence) for seed in seeds] for each in comparisons]
    except KeyError:  # a training or measurement is missing
        return ()
    verdicts = decide_together(values, [(each.above, each.below) for each in comparisons])
    return tuple(_estimate(*each) for each in zip(comparisons, values, verdicts, strict=True))


def _difference(comparison: Comparison, seed: int, evidence: Evidence) -> float:
    first = _value(comparison.first, comparison.figure, seed, evidence)
    return first - _value(comparison.second, comparison.figure, seed, evidence) if comparison.second else first


def _estimate(comparison: Comparison, values: Sequence[float], verdict: Verdict) -> Estimate:
    found = spread(values)
    return Estimate(
        says=comparison.says,
        figure=comparison.figure,
        values=tuple(values),
        mean=found.mean,
        low=found.low,
        high=found.high,
        above=comparison.above,
        below=comparison.below,
        verdict=verdict,
    )


def _value(source: Trial | Measured, metric: str, seed: int, evidence: Evidence) -> float:
    if isinstance(source, Measured):
        return evidence.measured[source.name, seed][metric]
    return METRICS[metric](evidence.outcomes[job_of(source, seed)])


def _of_curves(outcome: Outcome, measure: Callable[[tuple[Epoch, ...]], float]) -> float:
    return measure(outcome.history) if outcome.history else float("nan")  # scikit-learn has no curves


# measured on the saved model, without dropout; those that compare epochs come from the history
METRICS: Final[Mapping[str, Callable[[Outcome], float]]] = {
    "validation accuracy": lambda outcome: outcome.validation.accuracy,
    "validation loss": lambda outcome: outcome.validation.loss,
    "test loss": lambda outcome: outcome.test.loss,
    "gap": lambda outcome: outcome.validation.loss - outcome.training.loss,
    "rise of the validation loss": lambda outcome: _of_curves(outcome, rise_of),
    # from the epoch with the lowest validation loss to the last one
    "fall of the training loss": lambda outcome: (
        min(outcome.history, key=lambda epoch: epoch.val_loss).loss - outcome.history[-1].loss
    ),
    "epochs in disagreement": lambda outcome: _of_curves(outcome, lambda history: len(disagreements_of(history))),
}
