"""The progress of trainings on a Ray cluster: written by its processes, read here."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from kerasnn.records import Job, Running
from kerasnn.study.progress import planned_epochs


class ProgressNotes:
    """The worker, epoch and start of each job, kept by a separate process on the cluster (a Ray actor).

    `place`: a job's index among all.
    """

    def __init__(self) -> None:
        self._written: dict[int, tuple[str, int, float]] = {}

    def write(self, place: int, worker: str, epoch: int) -> None:
        """Note that job `place` has finished `epoch` epochs; 0 means that it begins, or begins again elsewhere."""
        since = self._written[place][2] if epoch and place in self._written else time.monotonic()
        self._written[place] = worker, epoch, since

    def read(self, pending: Sequence[int]) -> dict[int, tuple[str, int, float]]:
        """Return worker, epoch and seconds since the start of the jobs in `pending` that have begun; forget others."""
        now = time.monotonic()
        self._written = {place: self._written[place] for place in pending if place in self._written}
        return {place: (worker, epoch, now - since) for place, (worker, epoch, since) in self._written.items()}


class RemoteProgress:
    """Reads the notes of a cluster without ever waiting for them.

    Progress is only for display: if the process with the notes is lost, none is shown, and the trainings go on.
    """

    def __init__(self, ray: Any) -> None:
        self.ray = ray
        self.notes = ray.remote(num_cpus=0)(ProgressNotes).remote()
        self.request: Any = None
        self.answer: dict[int, tuple[str, int, float]] = {}

    def running(self, pending: Mapping[int, Job]) -> list[Running]:
        """Return the trainings under way as of the last answer, and ask for the next one."""
        if self.request is not None and self.ray.wait([self.request], timeout=0)[0]:
            self.answer = {}
            with suppress(self.ray.exceptions.RayError):
                self.answer = self.ray.get(self.request)
            self.request = None
        if self.request is None:
            self.request = self.notes.read.remote(list(pending))
        rows = ((pending[place], row) for place, row in self.answer.items() if place in pending)
        return [Running(worker, job, epoch, planned_epochs(job), seconds) for job, (worker, epoch, seconds) in rows]
