"""Finished trainings, kept as files as they come: what is there is not trained again.

A file is named by its stage, its seed, and a digest of all that its metrics depend on: the settings that are not
Settings' defaults, the engine, the images and labels, the versions of the libraries, and kerasnn's version without
its patch number. So one folder may serve any number of studies.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from kerasnn.data.dataset import Dataset
from kerasnn.errors import Interrupted, UsageError
from kerasnn.files.atomic import check_writable
from kerasnn.language import _
from kerasnn.records import Event, Job, Listener, Outcome, StudyProgress, ignore, plain
from kerasnn.records.deserialize import restore
from kerasnn.study import metrics_cache as kept
from kerasnn.study.job import settings_of
from kerasnn.study.pool import cores, train_all
from kerasnn.study.ray_pool import LOCAL, train_all_on_ray

FORM: Final = 1


def trained(
    jobs: Sequence[Job],
    dataset: Dataset,
    *,
    folder: Path,
    workers: int = 1,
    ray: str | None = None,
    choosing: bool = False,
    listener: Listener = ignore,
) -> dict[Job, Outcome]:
    """The outcome of every job; those that `folder` lacks are trained, and kept there as they come.

    `ray`: where another cluster than this machine's processes trains: the address of a Ray cluster, or `local`.
    `choosing`: as in StudyProgress.

    Raises: UsageError for a job that cannot be; EnvironmentFault where `folder` cannot be written; Interrupted once
    what was finished is kept; what `train_all` raises.
    """
    origin = {"form": FORM, **kept.origin(dataset)}
    files = {job: folder / file_name(job, origin) for job in jobs}
    outcomes = {job: found for job, path in files.items() if (found := _read(path, job)) is not None}
    missing = [job for job in files if job not in outcomes]
    already = len(outcomes)

    def report(event: Event) -> None:
        if isinstance(event, StudyProgress):
            event = replace(
                event, jobs=event.jobs + already, done=event.done + already, reused=already, choosing=choosing
            )
        listener(event)

    if missing:
        check_writable(folder, hint=_("name another folder with --out"))
    listener(StudyProgress(len(files), already, already, (), 0.0 if not missing else None, choosing=choosing))
    try:
        for outcome in _engine(missing, dataset, workers, ray, report):
            kept.write(files[outcome.job], "outcome", plain(outcome))
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


class Tally:
    """A listener that passes on what it hears, and remembers how many trainings a study found finished."""

    def __init__(self, listener: Listener) -> None:
        self.listener, self.reused = listener, 0

    def __call__(self, event: Event) -> None:
        if isinstance(event, StudyProgress):
            self.reused = event.reused
        self.listener(event)


def at_a_time(workers: int | None, ray: str | None) -> int:
    """How many trainings at a time this machine does: `workers`, or one a core.

    Raises: UsageError for fewer than one, or where a cluster trains that has workers of its own.
    """
    if workers is not None and workers < 1:
        raise UsageError(_("--workers is {workers}", workers=workers), expected=_("1 or more"))
    if workers is not None and ray not in (None, LOCAL):
        raise UsageError(
            _("--workers does not go with --ray {address}: the cluster trains on all the cores it has", address=ray),
            expected=_("one of the two, or --ray local"),
        )
    return cores() if workers is None else workers


def _engine(
    jobs: Sequence[Job], dataset: Dataset, workers: int, ray: str | None, listener: Listener
) -> Iterator[Outcome]:
    if not jobs:
        return iter(())
    if ray is not None:
        return train_all_on_ray(jobs, dataset, address=ray, workers=workers, listener=listener)
    return train_all(jobs, dataset, workers=workers, listener=listener)


def file_name(job: Job, origin: Mapping[str, Any]) -> str:
    """The name of the file that keeps `job`; `origin`: the data and versions that all jobs of a study share."""
    _, settings, engine = settings_of(job)
    identity = {**origin, "stage": job.stage, "settings": plain(kept.changed(settings)), "engine": engine}
    return kept.file_name(f"{job.stage}-s{job.seed}", identity)


def _read(path: Path, job: Job) -> Outcome | None:
    """What is kept in `path`, as the outcome of `job`; None where there is nothing, or nothing whole."""
    content = kept.read(path, "outcome")
    try:
        return outcome_of(content, job) if content is not None else None
    except (KeyError, TypeError, ValueError, AttributeError):  # whole, and made by another program
        return None


def outcome_of(content: dict[str, Any], job: Job) -> Outcome:
    """The outcome that `plain` made into `content`; null, which stands for no number, comes back as not-a-number.

    Raises: ValueError, KeyError, TypeError or AttributeError where it is something else.
    """

    scores = {
        name: {figure: float("nan") if value is None else value for figure, value in content[name].items()}
        for name in ("training", "validation", "test")
    }
    return replace(restore(Outcome, {**content, **scores, "job": plain(job)}), job=job)
