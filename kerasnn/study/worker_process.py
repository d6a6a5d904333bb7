"""A worker process as its parent sees it: start it, give it jobs, stop it, and say how it ended."""

import signal
import sys
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from types import ModuleType
from typing import Final

from kerasnn.language import _
from kerasnn.records import Job
from kerasnn.study.shared_dataset import SharedDataset
from kerasnn.study.worker import serve

# spawn, not fork: a forked TensorFlow lacks its threads and hangs
PROCESSES: Final = get_context("spawn")


class WorkerProcess:
    """A process that trains one job after another.

    `place`: the index of its job among all; None while it is idle. `epoch`: how many epochs of that job are done.
    `programs`: keys of the programs that it has compiled, or is compiling.
    """

    def __init__(self, number: int, shared: SharedDataset) -> None:
        self.name = f"worker {number}"
        self.log = shared.folder / f"worker-{number}.log"
        self.connection, other_end = PROCESSES.Pipe()
        self.process = PROCESSES.Process(
            target=serve, args=(other_end, shared, self.log), name=f"kerasnn {self.name}", daemon=True
        )
        with _script_hidden(), _interrupts_blocked():
            self.process.start()
        # Only the worker must hold its end. Then the operating system closes it when the worker dies, however that
        # happens, and `recv` here raises EOFError: so a kill is noticed at once, without polling.
        other_end.close()
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
        self.process.join()

    def log_text(self) -> str:
        """Return what the process printed; empty if it ended before it could print."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def how_it_ended(self) -> str:
        """Describe the end of the process: its signal or exit code, and the last line of its log."""
        code = self.process.exitcode or 0
        ending = signal.Signals(-code).name if code < 0 else _("exit code {code}", code=code)
        lines = [line for line in self.log_text().splitlines() if line.strip()]
        return "; ".join([ending, *lines[-1:]])


@contextmanager
def _script_hidden() -> Iterator[None]:
    """Hide the caller's script from processes that are started in the block.

    `spawn` runs the main script again in each new process. Without `if __name__ == "__main__"` the script would then
    start the same study again, and with it more processes.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Block Ctrl-C in processes that are started in the block: they inherit the signal mask.

    Ctrl-C reaches every process of a terminal, but only the parent should act on it; it then stops its workers.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
