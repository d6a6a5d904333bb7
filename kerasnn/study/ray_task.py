"""The code that runs on the nodes of a Ray cluster: training one job, and notes of how far each job has come."""

import os
import platform
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from kerasnn.errors import EnvironmentFault
from kerasnn.language import _
from kerasnn.networks.backend import backend
from kerasnn.records import Event, Job, Outcome, Progress
from kerasnn.runs.environment import versions
from kerasnn.study.worker import Failed, outcome_or_failure

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset
    from kerasnn.training.state import Programs

NOTE_SECONDS: Final = 2  # the shortest time between two notes of a job, to limit network traffic


class ProgressNotes:
    """The worker, epoch and start of each job, kept by a separate process on the cluster (a Ray actor).

    `place`: a job's index among all.
    """

    def __init__(self) -> None:
        self._written: dict[int, tuple[str, int, float]] = {}

    def write(self, place: int, worker: str, epoch: int) -> None:
        """Note that job `place` has finished `epoch` epochs; 0 means that it begins, or begins again elsewhere."""
        # this process' own clock: those of the nodes may differ
        since = self._written[place][2] if epoch and place in self._written else time.monotonic()
        self._written[place] = worker, epoch, since

    def read(self, pending: Sequence[int]) -> dict[int, tuple[str, int, float]]:
        """Return worker, epoch and seconds since the start of the jobs in `pending` that have begun; forget others."""
        now = time.monotonic()
        self._written = {place: self._written[place] for place in pending if place in self._written}
        return {place: (worker, epoch, now - since) for place, (worker, epoch, since) in self._written.items()}


def train_on_node(place: int, job: Job, data: list[Any], expected: Mapping[str, str], notes: Any) -> Outcome | Failed:
    """Train `job` if this node has the package versions `expected`, those of the machine that started the study.

    `place`: the job's index among all. `data`: a list that holds only Ray's reference to the data set. `notes`: the
    actor with the ProgressNotes.
    """
    found = versions(backend())
    different = ", ".join(
        _("{name} {found} instead of {expected}", name=name, found=found.get(name), expected=version)
        for name, version in expected.items()
        if found.get(name) != version
    )
    if different:
        return Failed(other_packages(_("node {node} has {names}", node=platform.node(), names=different)))
    worker, noted = f"{platform.node()} {os.getpid()}", 0.0

    def note_epoch(event: Event) -> None:
        nonlocal noted
        if isinstance(event, Progress) and event.finished and time.monotonic() - noted > NOTE_SECONDS:
            noted = time.monotonic()
            notes.write.remote(place, worker, event.epoch)

    notes.write.remote(place, worker, 0)
    return outcome_or_failure(job, partial(dataset_and_programs, *data), note_epoch)


def other_packages(message: str) -> EnvironmentFault:
    """Return the error of a node whose packages differ from this machine's, as `message` says."""
    return EnvironmentFault(
        message,
        expected=_("the same packages on every machine of the cluster"),
        hint=_("install there with the constraints.txt that you used here"),
    )


@lru_cache(maxsize=1)  # a process serves one study after another, and keeps only the data of the last
def dataset_and_programs(reference: Any) -> "tuple[Dataset, Programs]":
    """Return the data set and the cache of programs compiled for it; all jobs of a process share both."""
    from kerasnn.training.state import Programs

    return import_module("ray").get(reference), Programs()
