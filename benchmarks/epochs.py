"""Time epochs of several comparators, interleaved: one of each per round."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PAUSE = 0.5  # seconds for the previous comparator's threads to stop: OpenBLAS and OpenMP spin while they wait
WARM_UP = 2  # rounds that do not count: the first one compiles


@dataclass
class Clocked:
    """The seconds of each epoch of one comparator. `failed`: the reason if it could not train."""

    name: str
    seconds: list[float] = field(default_factory=list)
    failed: str | None = None

    @property
    def steady(self) -> float:
        """The median of the epochs after the warm-up."""
        return statistics.median(self.seconds[WARM_UP:])

    @property
    def compiling(self) -> float:
        """The extra time of the first epoch over a steady one."""
        return self.seconds[0] - self.steady


class Process:
    """A comparator in its own process, limited to `threads` threads if given."""

    def __init__(self, comparator: str, settings: Mapping[str, Any], threads: int | None = None) -> None:
        command = [sys.executable, "-m", "benchmarks.comparators", comparator, json.dumps(settings)]
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        environment = {**os.environ, **({name: str(threads) for name in names} if threads else {})}
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

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


def clock(comparators: Mapping[str, tuple[str, Mapping[str, Any], int | None]], rounds: int) -> list[Clocked]:
    """Time `rounds` epochs of each comparator after the warm-up.

    In each round a comparator trains two epochs, and the second one counts: the first starts with cold caches and
    threads after the turns of the others, which only happens to the first epoch of a real training.

    `comparators`: a title for each, with its name, settings and threads. One that is not installed is reported.
    """
    processes = {title: Process(*comparator) for title, comparator in comparators.items()}
    clocked = {title: Clocked(title) for title in comparators}
    try:
        for _ in range(WARM_UP + rounds):
            for title, process in list(processes.items()):
                time.sleep(PAUSE)
                try:
                    first = process.epoch()
                    again = process.epoch()
                    clocked[title].seconds.append(again if clocked[title].seconds else first)
                except ChildProcessError as error:
                    clocked[title].failed = str(error)
                    processes.pop(title)
    finally:
        for process in processes.values():
            process.end()
    return list(clocked.values())
