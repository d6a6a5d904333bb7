"""A worker process, seen from inside (`serve` trains one job after another) and by its parent (`WorkerProcess`).

Nothing heavy is imported at the top, because the process must set its number of threads first.
"""

import os
import tempfile
import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kerasnn.errors import EnvironmentFault, KerasnnError
from kerasnn.language import _
from kerasnn.networks import child, fatal
from kerasnn.records import Event, Job, Listener, Outcome, Progress
from kerasnn.study.shared_dataset import SharedDataset

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset
    from kerasnn.training.state import Programs

# One thread, because XLA's results depend on the number of threads in their last bits, and must not depend on the
# machine. No GPU, because networks this small gain nothing from one, and the first process would take all its memory.
ONE_THREAD: Final = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
}


@dataclass(frozen=True)
class Ready:
    """The worker has loaded everything and is waiting for jobs."""


@dataclass(frozen=True)
class Failed:
    """A job, or the worker's start, ended with an expected error.

    A bug ends the worker process instead, and its traceback is in the log.
    """

    error: KerasnnError


# What a worker sends, in this order: Ready (or Failed, if it cannot start); then, for each job that it receives, a
# Progress after every epoch, and an Outcome or Failed. It receives only jobs; a closed connection tells it to end.
Message = Ready | Progress | Outcome | Failed


def serve(connection: "Connection[Message, Job]", shared: SharedDataset, log: Path) -> None:
    """Train the jobs that come through `connection` until it is closed; `log`: the file for all output."""
    os.environ.update(ONE_THREAD)  # first, because TensorFlow and NumPy read it when they are imported
    child.settle(log)
    tempfile.tempdir = str(shared.folder)  # a worker is killed in the end, and its parent removes this folder
    fatal.tell_with(lambda error: connection.send(Failed(error)))
    try:
        from kerasnn.networks import runtime  # noqa: F401  # takes seconds; now, so that no job has to wait for it
    except KerasnnError as error:  # for example, too little memory
        connection.send(Failed(error))
        return
    from kerasnn.training.state import Programs

    def report(event: Event) -> None:
        if isinstance(event, Progress) and event.finished is not None:  # not the reports within an epoch
            connection.send(event)

    loaded = shared.open(), Programs()
    connection.send(Ready())
    while True:
        try:
            job = connection.recv()
        except EOFError:  # the parent has closed its end
            return
        connection.send(outcome_or_failure(job, lambda: loaded, report))


def outcome_or_failure(
    job: Job, load: "Callable[[], tuple[Dataset, Programs]]", listener: Listener
) -> Outcome | Failed:
    """Train `job` on the data set and with the programs that `load` returns; an expected error becomes Failed."""
    from kerasnn.study.job import run_job

    try:
        dataset, programs = load()
        return run_job(job, dataset, listener, programs)
    except KerasnnError as error:
        return Failed(error)
    except MemoryError:
        return Failed(EnvironmentFault(_("a worker ran out of memory"), hint=_("use fewer --workers")))


class WorkerProcess:
    """A process that trains one job after another, as its parent sees it.

    `place`: the index of its job among all; None while it is idle. `epoch`: how many epochs of that job are done.
    `programs`: keys of the programs that it has compiled, or is compiling.
    """

    def __init__(self, number: int, shared: SharedDataset) -> None:
        self.name = f"worker {number}"
        self.log = shared.folder / f"worker-{number}.log"
        self.process, self.connection = child.start(serve, shared, self.log, name=self.name)
        self.ready = False
        self.programs = set[Hashable]()
        self.place: int | None = None
        self.since = time.monotonic()
        self.epoch = 0

    def give(self, place: int, job: Job, program: Hashable) -> None:
        """Send the worker a job; `program`: the key of the program that it needs."""
        self.place, self.since, self.epoch = place, time.monotonic(), 0
        self.programs.add(program)
        with suppress(OSError):  # the worker was killed while idle: the next `recv` will say so
            self.connection.send(job)

    def stop(self) -> None:
        """Kill the process, and wait until it has ended."""
        self.connection.close()
        self.process.kill()
        self.process.join()  # reaps it, and makes its exit code known

    def log_text(self) -> str:
        """Return what the process printed; empty if it ended before it could print."""
        return child.text_of(self.log)

    def how_it_ended(self) -> str:
        """Describe the end of the process: its signal or exit code, and the last line of its log."""
        return child.how_it_ended(self.process, self.log)
