"""Finished trainings, kept as files as they come: what is there is not trained again.

A file is named by its stage, its seed, and a digest of all that its figures depend on: the settings, the engine, the
images and labels, the versions of the libraries. So one folder may serve any number of studies.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np

from kerasnn.atomic import write_text
from kerasnn.data.dataset import Dataset
from kerasnn.errors import Interrupted
from kerasnn.language import _
from kerasnn.records import Epoch, Event, Job, Listener, Outcome, Scores, Seconds, Standing, ignore, plain
from kerasnn.runs.environment import versions
from kerasnn.study.job import settings_of
from kerasnn.study.pool import train_all
from kerasnn.study.ray_pool import train_all_on_ray

FORM: Final = 1
WHAT_MATTERS: Final = ("kerasnn", "tensorflow", "keras", "numpy", "scikit-learn")


def trained(
    jobs: Sequence[Job],
    dataset: Dataset,
    *,
    folder: Path,
    workers: int = 1,
    ray: str | None = None,
    listener: Listener = ignore,
) -> dict[Job, Outcome]:
    """The outcome of every job; those that `folder` lacks are trained, and kept there as they come.

    `ray`: where another cluster than this machine's processes trains: the address of a Ray cluster, or `local`.

    Raises: UsageError for a job that cannot be; Interrupted once what was finished is kept; what `train_all` raises.
    """
    found = versions()
    origin = {"form": FORM, "data": fingerprint(dataset), "versions": {name: found[name] for name in WHAT_MATTERS}}
    files = {job: folder / file_name(job, origin) for job in jobs}
    outcomes = {job: kept for job, path in files.items() if (kept := _read(path, job)) is not None}
    missing = [job for job in files if job not in outcomes]
    already = len(outcomes)

    def report(event: Event) -> None:
        if isinstance(event, Standing):
            event = replace(event, jobs=event.jobs + already, done=event.done + already, kept=already)
        listener(event)

    listener(Standing(len(files), already, already, (), 0.0 if not missing else None))
    try:
        for outcome in _engine(missing, dataset, workers, ray, report):
            _write(files[outcome.job], outcome)
            outcomes[outcome.job] = outcome
    except KeyboardInterrupt:
        raise Interrupted(
            _(
                "stopped: {count} of {count2} trainings are finished and kept in {folder}",
                count=len(outcomes),
                count2=len(files),
                folder=folder,
            ),
            hint=_("the same command goes on from there"),
        ) from None
    return {job: outcomes[job] for job in files}


def _engine(
    jobs: Sequence[Job], dataset: Dataset, workers: int, ray: str | None, listener: Listener
) -> Iterator[Outcome]:
    if not jobs:
        return iter(())
    if ray is not None:
        return train_all_on_ray(jobs, dataset, address=ray, workers=workers, listener=listener)
    return train_all(jobs, dataset, workers=workers, listener=listener)


def fingerprint(dataset: Dataset) -> str:
    """The sha256 of the arrays of all three parts, as they are."""
    state = sha256()
    for part in (dataset.train, dataset.validation, dataset.test):
        for array in (part.images, part.labels):
            state.update(f"{array.dtype} {array.shape}".encode())
            state.update(np.ascontiguousarray(array).data)
    return state.hexdigest()


def file_name(job: Job, origin: Mapping[str, Any]) -> str:
    """The name of the file that keeps `job`; `origin`: the data and versions that all jobs of a study share."""
    _, settings, engine = settings_of(job)
    identity = {**origin, "stage": job.stage, "settings": plain(settings), "engine": engine}
    digest = sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()
    return f"{job.stage}-s{job.seed}-{digest[:20]}.json"


def _write(path: Path, outcome: Outcome) -> None:
    content = plain(outcome)
    text = json.dumps({"sha256": _digest(content), "outcome": content}, ensure_ascii=False, indent=1)
    write_text(path, text + "\n")


def _read(path: Path, job: Job) -> Outcome | None:
    """What is kept in `path`, as the outcome of `job`; None where there is nothing, or nothing whole."""
    try:
        file = json.loads(path.read_text(encoding="utf-8"))
        content = file["outcome"]
        if file["sha256"] != _digest(content):
            return None
        return outcome_of(content, job)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _digest(content: Any) -> str:
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def outcome_of(content: dict[str, Any], job: Job) -> Outcome:
    """The outcome that `plain` made into `content`; null, which stands for no number, comes back as not-a-number."""

    def numbers(name: str) -> dict[str, float]:
        return {key: _number(value) for key, value in content[name].items()}

    return Outcome(
        job=job,
        parameters=content["parameters"],
        history=tuple(Epoch(**epoch) for epoch in content["history"]),
        best_epoch=content["best_epoch"],
        stopped_epoch=content["stopped_epoch"],
        kept_epoch=content["kept_epoch"],
        training=Scores(**numbers("training")),
        validation=Scores(**numbers("validation")),
        test=Scores(**numbers("test")),
        seconds=Seconds(**numbers("seconds")),
        weights=content["weights"],
        diverged=content["diverged"],
    )


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
