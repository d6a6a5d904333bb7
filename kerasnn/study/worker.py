"""The code that runs in a worker process: load TensorFlow and the data once, then train one job after another.

Nothing heavy is imported at the top, because the process must set its number of threads first.
"""

import os
import sys
import threading
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from kerasnn.errors import KerasnnError
from kerasnn.records import Event, Job, Outcome, Progress
from kerasnn.study.pool_errors import out_of_memory
from kerasnn.study.shared_dataset import SharedDataset

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset
    from kerasnn.training.program_cache import Programs


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
    from kerasnn.study.threads import ONE_THREAD

    os.environ.update(ONE_THREAD)  # first, because TensorFlow and NumPy read it when they are imported
    _redirect_output(log)
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    try:
        from kerasnn.networks import runtime  # noqa: F401  # takes seconds; now, so that no job has to wait for it
    except KerasnnError as error:  # for example, too little memory
        connection.send(Failed(error))
        return
    from kerasnn.training.program_cache import Programs

    dataset, programs = shared.open(), Programs()
    connection.send(Ready())
    while True:
        try:
            job = connection.recv()
        except EOFError:
            return
        connection.send(_answer(connection, job, dataset, programs))


def _answer(
    connection: "Connection[Message, Job]", job: Job, dataset: "Dataset", programs: "Programs"
) -> Outcome | Failed:
    """Train `job`, and report each epoch through `connection`; return the outcome, or the expected error."""
    from kerasnn.study.job import run_job

    def report(event: Event) -> None:
        if isinstance(event, Progress) and event.finished is not None:
            connection.send(event)

    try:
        return run_job(job, dataset, report, programs)
    except KerasnnError as error:
        return Failed(error)
    except MemoryError:
        return Failed(out_of_memory())


def _redirect_output(log: Path) -> None:
    """Send what TensorFlow and Python print to `log`; the terminal belongs to the live display.

    TensorFlow's C++ code writes to the file descriptors, so these are replaced, not only Python's streams.
    """
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        os.dup2(handle, stream.fileno())
    os.close(handle)


def _exit_with_parent() -> None:
    """End this process when its parent dies.

    While a job trains, nothing reads the connection: the worker would not notice that its parent was killed, and would
    go on training.
    """
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
