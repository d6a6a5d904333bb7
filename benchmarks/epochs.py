"""Time epochs of several comparators in blocks: in each round, each of them trains some epochs in a row."""

import json
import os
import signal
import statistics
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

BLOCK = 6  # epochs in a row; the first does not count, because it finds cold caches and sleeping threads


@dataclass
class Clocked:
    """The median epoch of each block of one comparator. `failed`: the reason if it could not train.

    `first`: seconds of its very first epoch, which compiles.
    """

    name: str
    seconds: list[float] = field(default_factory=list)
    first: float = 0.0
    failed: str | None = None

    @property
    def steady(self) -> float:
        """The median of the blocks."""
        return statistics.median(self.seconds)

    @property
    def compiling(self) -> float:
        """The extra time of the first epoch over a steady one."""
        return self.first - self.steady


class Process:
    """A comparator in its own process, limited to `threads` threads if given."""

    def __init__(self, comparator: str, settings: Mapping[str, Any], threads: int | None = None) -> None:
        command = [sys.executable, "-m", "benchmarks.comparators", comparator, json.dumps(settings)]
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        environment = {**os.environ, **({name: str(threads) for name in names} if threads else {})}
        environment.pop("OPENBLAS_CORETYPE", None)  # another processor's kernels are half as fast
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def epoch(self) -> float:
        """Train one epoch and return its seconds.

        Raises: ChildProcessError, with the last line of the comparator's stderr, if it failed.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write("\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        answer = self.process.stdout.readline()
        if not answer:
            said = self.process.communicate()[1].strip().splitlines()
            raise ChildProcessError(said[-1] if said else "it ended without a message")
        return float(answer)

    def block(self) -> list[float]:
        """Train BLOCK epochs in a row and return their seconds; stand still before and after.

        Threads of a library that waits would otherwise spin, and take the others' time. Raises: as `epoch`.
        """
        self._signal("SIGCONT")
        seconds = [self.epoch() for _ in range(BLOCK)]
        self._signal("SIGSTOP")
        return seconds

    def _signal(self, name: str) -> None:
        if hasattr(signal, name):  # not on Windows
            self.process.send_signal(getattr(signal, name))

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


def clock(comparators: Mapping[str, tuple[str, Mapping[str, Any], int | None]], rounds: int) -> list[Clocked]:
    """Time `rounds` blocks of each comparator, after one that does not count.

    A training runs its epochs in a row, so they are timed in a row: in turns of one or two epochs, a comparator with
    threads of its own is up to twice as slow.

    `comparators`: a title for each, with its name, settings and threads. One that is not installed is reported.
    """
    processes = {title: Process(*comparator) for title, comparator in comparators.items()}
    clocked = {title: Clocked(title) for title in comparators}
    try:
        for number in range(1 + rounds):
            for title, process in list(processes.items()):
                try:
                    first, *others = process.block()
                except ChildProcessError as error:
                    clocked[title].failed = str(error)
                    processes.pop(title)
                    continue
                if number:
                    clocked[title].seconds.append(statistics.median(others))
                else:
                    clocked[title].first = first
    finally:
        for process in processes.values():
            process.end()
    return list(clocked.values())
