"""List the lecture's claims, and judge them by training, measuring and computing."""

import time
from collections.abc import Sequence
from pathlib import Path

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import AUTO, load_data
from kerasnn.errors import UsageError, did_you_mean
from kerasnn.files.paths import REPRODUCTION
from kerasnn.language import N_, _
from kerasnn.lecture.claims import CLAIM_BY_NAME, CLAIMS, Claim
from kerasnn.lecture.settings import seed_numbers
from kerasnn.records import ClaimRow, Judgement, Listener, ignore
from kerasnn.study.reproduce import TRAININGS
from kerasnn.study.results import parallel_trainings, train_missing
from kerasnn.study.verdicts import Evidence, jobs_for, judge, measurements_for


def claims(names: Sequence[str] = ()) -> tuple[ClaimRow, ...]:
    """List the lecture's claims in its order, or those of `names`. Raises: UsageError for an unknown name."""
    return tuple(
        ClaimRow(
            name=claim.name,
            slide=claim.slide,
            kind=claim.kind,
            states=claim.states,
            evidence=tuple(each.says for each in claim.comparisons) or (N_("the largest difference, computed"),),
        )
        for claim in _chosen(names)
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
    listener: Listener = ignore,
) -> Judgement:
    """Judge the lecture's claims, or those of `names`, by training with each of `seeds`.

    `seeds`, `workers`, `ray`: as in `reproduce`. `out`: the folder to save trainings and measurements in; trainings
    that `reproduce` saved there are used too. `dataset`, `data_dir`: as in `load_data`.

    Raises: UsageError, DataError, EnvironmentFault; Interrupted, after finished trainings are saved.
    """
    chosen = _chosen(names)
    numbers, at_once = seed_numbers(seeds), parallel_trainings(workers, ray)
    data = load_data(dataset, data_dir=data_dir, listener=listener)
    began, folder = time.perf_counter(), Path(out) / TRAININGS
    jobs = jobs_for(chosen, numbers)
    outcomes = train_missing(jobs, data, folder=folder, workers=at_once, ray=ray, listener=listener) if jobs else {}
    from kerasnn.study.exact_claims import compute_exact_claims  # loads TensorFlow, which the workers must not share
    from kerasnn.study.measurements import measure_missing

    metrics = measure_missing(measurements_for(chosen), data, numbers, folder=folder, listener=listener)
    evidence = Evidence(outcomes, metrics, compute_exact_claims(chosen, data, outcomes))
    return Judgement(data.info, tuple(numbers), judge(chosen, numbers, evidence), time.perf_counter() - began)


def _chosen(names: Sequence[str]) -> tuple[Claim, ...]:
    for name in names:
        if name not in CLAIM_BY_NAME:
            raise UsageError(
                _("there is no claim '{name}'", name=name),
                expected=_("a claim's name"),
                hint=did_you_mean(name, CLAIM_BY_NAME, _("kerasnn claims lists them")),
            )
    return tuple(claim for claim in CLAIMS if not names or claim.name in names)
