"""The code that runs on a node of a Ray cluster: it trains one job on the shared data set."""

import os
import platform
import time
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from kerasnn.errors import EnvironmentFault, KerasnnError
from kerasnn.networks.backend import backend
from kerasnn.records import Event, Job, Outcome, Progress
from kerasnn.runs.environment import versions
from kerasnn.study.pool_errors import out_of_memory, versions_differ
from kerasnn.study.worker import Failed

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset
    from kerasnn.training.program_cache import Programs

NOTE_SECONDS: Final = 2  # the shortest time between two notes of a job, to limit network traffic


def train_on_node(place: int, job: Job, data: list[Any], expected: Mapping[str, str], notes: Any) -> Outcome | Failed:
    """Train `job` if this node has the package versions `expected`, those of the machine that started the study.

    `place`: the job's index among all. `data`: a list that holds only Ray's reference to the data set. `notes`: the
    actor with the ProgressNotes.
    """
    from kerasnn.study.job import run_job

    different = _different_versions(expected)
    if different is not None:
        return Failed(different)
    worker, noted = f"{platform.node()} {os.getpid()}", 0.0

    def note_epoch(event: Event) -> None:
        nonlocal noted
        if isinstance(event, Progress) and event.finished and time.monotonic() - noted > NOTE_SECONDS:
            noted = time.monotonic()
            notes.write.remote(place, worker, event.epoch)

    notes.write.remote(place, worker, 0)
    try:
        dataset, programs = dataset_and_programs(*data)
        return run_job(job, dataset, note_epoch, programs)
    except KerasnnError as error:
        return Failed(error)
    except MemoryError:
        return Failed(out_of_memory())


def _different_versions(expected: Mapping[str, str]) -> EnvironmentFault | None:
    found = versions(backend())
    different = [(name, found.get(name), expected[name]) for name in expected if found.get(name) != expected[name]]
    return versions_differ(platform.node(), different) if different else None


@lru_cache(maxsize=1)
def dataset_and_programs(reference: Any) -> "tuple[Dataset, Programs]":
    """Return the data set and the cache of programs compiled for it; all jobs of a process share both."""
    from kerasnn.training.program_cache import Programs

    return import_module("ray").get(reference), Programs()
