"""A worker process: it loads TensorFlow and the data once, and then trains one job after the other.

Nothing heavy is imported above the functions: the number of threads is settled first.
"""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kerasnn.errors import EnvironmentFault, KerasnnError
from kerasnn.files.temporary import temporary_folder
from kerasnn.language import _
from kerasnn.records import DatasetInfo, Event, Job, Outcome, Progress

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset

PARTS: Final = ("train", "validation", "test")


@dataclass(frozen=True)
class Ready:
    """The worker has loaded everything and waits for jobs."""


@dataclass(frozen=True)
class Failed:
    """A job, or the worker's start, ended with an error that is no bug.

    A bug ends the worker, and its traceback is in the log.
    """

    error: KerasnnError


Message = Ready | Progress | Outcome | Failed


@dataclass(frozen=True)
class SharedDataset:
    """A data set as files in `folder` that all workers map into their memory: it is there once, whoever reads it."""

    info: DatasetInfo
    folder: Path

    def open(self) -> "Dataset":
        import numpy as np

        from kerasnn.data.dataset import Dataset, Part

        def read(part: str) -> Part:
            images = np.load(self.folder / f"{part}-images.npy", mmap_mode="r")
            return Part(images, np.load(self.folder / f"{part}-labels.npy"))

        return Dataset(self.info, *map(read, PARTS))


@contextmanager
def shared(dataset: "Dataset") -> Iterator[SharedDataset]:
    """The arrays of `dataset` in a temporary folder, for any number of workers to open while the block runs.

    Raises: EnvironmentFault where there is no room for them.
    """
    import numpy as np

    parts = {name: getattr(dataset, name) for name in PARTS}
    with temporary_folder("study") as folder:
        try:
            for name, part in parts.items():
                np.save(folder / f"{name}-images.npy", part.images)
                np.save(folder / f"{name}-labels.npy", part.labels)
        except OSError as error:
            size = sum(part.images.nbytes + part.labels.nbytes for part in parts.values())
            raise EnvironmentFault(
                _("the images cannot be laid out for the workers: {reason}", reason=error.strerror or error),
                expected=_("{size:.0f} MB of room in {folder}", size=size / 1e6 + 1, folder=folder.parent),
                hint=_("set TMPDIR to a folder on a disk with room"),
            ) from None
        yield SharedDataset(dataset.info, folder)


def serve(connection: "Connection[Message, Job]", shared: SharedDataset, log: Path) -> None:
    """Train the jobs that come through `connection` until it is closed; what is printed goes to `log`."""
    from kerasnn.study.threads import ONE_THREAD

    os.environ.update(ONE_THREAD)
    _print_to(log)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        from kerasnn.networks import runtime  # noqa: F401  # seconds, once
    except KerasnnError as error:  # too little room for it
        connection.send(Failed(error))
        return
    from kerasnn.study.job import carry_out
    from kerasnn.training.program_cache import Programs

    dataset, programs = shared.open(), Programs()

    def report(event: Event) -> None:
        if isinstance(event, Progress) and event.finished is not None:
            connection.send(event)

    connection.send(Ready())
    while True:
        try:
            job = connection.recv()
        except EOFError:
            return
        try:
            answer: Message = carry_out(job, dataset, report, programs)
        except KerasnnError as error:
            answer = Failed(error)
        except MemoryError:
            answer = Failed(EnvironmentFault(_("a worker ran out of memory"), hint=_("fewer --workers")))
        connection.send(answer)


def _print_to(log: Path) -> None:
    """Keep what TensorFlow and Python print out of the terminal, which belongs to the display."""
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        os.dup2(handle, stream.fileno())
    os.close(handle)


def _end_with_parent() -> None:
    """A parent that was killed closes no connection while the worker trains: without this it would train on alone."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
