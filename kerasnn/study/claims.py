"""The lecture's claims on trial: everything that decides them is trained, measured and computed, then judged."""

import time
from collections.abc import Sequence
from pathlib import Path

from kerasnn.data.dataset import Dataset
from kerasnn.lecture.claims import Claim
from kerasnn.records import Judgement, Listener, ignore
from kerasnn.study.reproduce import TRAININGS
from kerasnn.study.results import trained
from kerasnn.study.verdicts import Evidence, jobs_for, judge, measurements_for


def judge_claims(
    claims: Sequence[Claim],
    dataset: Dataset,
    seeds: Sequence[int],
    *,
    out: Path,
    workers: int,
    ray: str | None = None,
    listener: Listener = ignore,
) -> Judgement:
    """The verdict on each of `claims` with `seeds`; what was trained or measured before is taken from `out`.

    Raises: what `trained` raises; Interrupted once what was finished is kept.
    """
    began = time.perf_counter()
    folder = out / TRAININGS
    jobs = jobs_for(claims, seeds)
    outcomes = trained(jobs, dataset, folder=folder, workers=workers, ray=ray, listener=listener) if jobs else {}
    from kerasnn.study.checks import check  # loads TensorFlow, which the workers must not share
    from kerasnn.study.measure import measured

    figures = measured(measurements_for(claims), dataset, seeds, folder=folder, listener=listener)
    evidence = Evidence(outcomes, figures, check(claims, dataset, outcomes))
    return Judgement(dataset.info, tuple(seeds), judge(claims, seeds, evidence), time.perf_counter() - began)
