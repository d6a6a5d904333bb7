"""Save each finished training to a file, so that none is done twice.

The name of a file has the stage, the seed, and a digest of everything that the metrics depend on: settings that differ
from the defaults of Settings, the engine, the images and labels, the versions of the libraries, and kerasnn's version
without its patch number. So any number of studies can share a folder. A file with another checksum counts as missing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np

from kerasnn.data.dataset import Dataset
from kerasnn.errors import Interrupted, UsageError
from kerasnn.files.atomic import check_writable, write_text
from kerasnn.files.untrusted import read_regular
from kerasnn.language import _
from kerasnn.networks.backend import DEFAULT, backend
from kerasnn.platforms import cores
from kerasnn.records import Event, Job, Listener, Outcome, StudyProgress, ignore, plain
from kerasnn.records.serialize import restore
from kerasnn.runs.environment import OF_BACKEND, release, versions
from kerasnn.study.job import plan_of
from kerasnn.study.pool import train_all
from kerasnn.study.ray_pool import LOCAL, train_all_on_ray

TRAININGS: Final = "trainings"  # the folder of the files, in that of the study
FORM: Final = 1  # part of each file's identity: increase it when the meaning of an outcome changes


def train_missing(
    jobs: Sequence[Job],
    dataset: Dataset,
    *,
    folder: Path,
    workers: int = 1,
    ray: str | None = None,
    choosing: bool = False,
    listener: Listener = ignore,
) -> tuple[dict[Job, Outcome], int]:
    """Train the jobs that `folder` lacks, and save each there once finished; return all outcomes, and how many are new.

    `ray`: the address of a Ray cluster to train on instead of this machine, or `local`. `choosing`: as in
    StudyProgress.

    Raises: UsageError for an invalid job; EnvironmentFault if `folder` cannot be written; Interrupted, after finished
    trainings are saved; and as `train_all`.
    """
    origin = {"form": FORM, **origin_of(dataset)}
    files = {job: folder / file_name(job, origin) for job in jobs}
    outcomes = {job: found for job, path in files.items() if (found := _read(path, job)) is not None}
    missing = [job for job in files if job not in outcomes]
    report = _including_reused(listener, len(outcomes), choosing=choosing)
    if missing:
        check_writable(folder, hint=_("choose another folder with --out"))
    report(StudyProgress(len(missing), 0, 0, (), None if missing else 0.0))
    pool = train_all if ray is None else partial(train_all_on_ray, address=ray)
    try:
        for outcome in pool(missing, dataset, workers=workers, listener=report) if missing else ():
            write_entry(files[outcome.job], "outcome", plain(outcome))
            outcomes[outcome.job] = outcome
    except KeyboardInterrupt:
        raise Interrupted(
            _(
                "{count} of {count2} trainings are finished and saved in {folder}",
                count=len(outcomes),
                count2=len(files),
                folder=folder,
            )
        ) from None
    return {job: outcomes[job] for job in files}, len(missing)


def _including_reused(listener: Listener, reused: int, *, choosing: bool) -> Listener:
    """Return a listener for a pool that adds the `reused` trainings to the numbers it reports."""

    def report(event: Event) -> None:
        if isinstance(event, StudyProgress):
            event = replace(event, jobs=event.jobs + reused, done=event.done + reused, reused=reused, choosing=choosing)
        listener(event)

    return report


def parallel_trainings(workers: int | None, ray: str | None) -> int:
    """Return how many trainings run at a time on this machine: `workers`, or one per core.

    Raises: UsageError if `workers` is below 1, or is given for a cluster, which has its own workers.
    """
    if workers is not None and workers < 1:
        raise UsageError(_("--workers is {workers}", workers=workers), expected=_("1 or more"))
    if workers is not None and ray not in (None, LOCAL):
        raise UsageError(
            _("--workers cannot be combined with --ray {address}: a cluster trains on all its cores", address=ray),
            expected=_("one of the two, or --ray local"),
        )
    return cores() if workers is None else workers


def file_name(job: Job, origin: Mapping[str, Any]) -> str:
    """Return the file name for `job`; `origin`: the data and versions that all jobs of a study share."""
    plan = plan_of(job)
    settings = plain(changed(plan.settings))
    identity = {**origin, "stage": job.stage, "settings": settings, "engine": plan.engine}
    return entry_name(f"{job.stage}-s{job.seed}", identity)


def _read(path: Path, job: Job) -> Outcome | None:
    content = read_entry(path, "outcome")
    try:
        return outcome_of(content, job)  # TypeError if nothing is saved
    except (KeyError, TypeError, ValueError, AttributeError):  # its checksum is right, but another program wrote it
        return None


def outcome_of(content: Any, job: Job) -> Outcome:
    """Restore the outcome that `plain` turned into `content`; scores that are null become NaN.

    Raises: ValueError, KeyError, TypeError or AttributeError if `content` is something else.
    """
    scores = {
        name: {metric: float("nan") if value is None else value for metric, value in content[name].items()}
        for name in ("training", "validation", "test")  # JSON has no NaN, so a diverged training has null here
    }
    return replace(restore(Outcome, {**content, **scores, "job": plain(job)}), job=job)


LARGEST: Final = 1 << 24  # bytes
RELEVANT_PACKAGES: Final = ("kerasnn", "tensorflow", "keras", "numpy", "scikit-learn")


def origin_of(dataset: Dataset) -> dict[str, Any]:
    """Return what the metrics of every training on `dataset` depend on: its images, library versions, the backend."""
    computing = backend()
    found = versions(computing)
    found["kerasnn"] = release(found["kerasnn"])
    relevant = {name: found[name] for name in (*RELEVANT_PACKAGES, *OF_BACKEND[computing])}
    # the default is left out, so that entries from before there was a choice stay valid
    chosen = {} if computing == DEFAULT else {"backend": computing}
    return {"data": fingerprint(dataset), "versions": relevant, **chosen}


def changed(record: Any) -> dict[str, Any]:
    """Return the fields of a dataclass that differ from their defaults.

    An identity made of these stays the same when a field with a default is added.
    """
    values = ((each, getattr(record, each.name)) for each in fields(record))
    return {each.name: value for each, value in values if value != each.default}


def fingerprint(dataset: Dataset) -> str:
    """Return the sha256 of the arrays of all three parts: values, types and shapes."""
    state = sha256()
    for part in (dataset.train, dataset.validation, dataset.test):
        for array in (part.images, part.labels):
            state.update(f"{array.dtype} {array.shape}".encode())
            state.update(np.ascontiguousarray(array).data)
    return state.hexdigest()


def entry_name(title: str, identity: Mapping[str, Any]) -> str:
    """Return a file name that begins with `title` and ends with a digest of `identity`."""
    return f"{title}-{_digest(identity)[:20]}.json"


def write_entry(path: Path, name: str, content: Any) -> None:
    """Write `content` to `path` under the key `name`, with a checksum."""
    text = json.dumps({"sha256": _digest(content), name: content}, ensure_ascii=False, indent=1)
    write_text(path, text + "\n")


def read_entry(path: Path, name: str) -> Any:
    """Return what `write_entry` stored in `path` under `name`, or None if the entry is missing or corrupt."""
    try:
        file = json.loads(read_regular(path, limit=LARGEST))
        return file[name] if file["sha256"] == _digest(file[name]) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _digest(content: Any) -> str:
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
