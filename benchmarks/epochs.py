"""Epochs of several comparators, interleaved: one of each in turn, round after round."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PAUSE = 0.5  # seconds in which the threads of the comparator before stop spinning: OpenBLAS and OpenMP wait busily
WARM_UP = 2  # rounds whose epochs do not count: the first one compiles


@dataclass
class Clocked:
    """The seconds of each epoch of one comparator. `failed`: why there are none."""

    name: str
    seconds: list[float] = field(default_factory=list)
    failed: str | None = None

    @property
    def steady(self) -> float:
        """The median of the epochs after the warm-up."""
        return statistics.median(self.seconds[WARM_UP:])

    @property
    def compiling(self) -> float:
        """What the first epoch took beyond a steady one."""
        return self.seconds[0] - self.steady


class Process:
    """A comparator in a process of its own, on `threads` threads where that is given."""

    def __init__(self, comparator: str, settings: Mapping[str, Any], threads: int | None = None) -> None:
        command = [sys.executable, "-m", "benchmarks.comparators", comparator, json.dumps(settings)]
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        environment = {**os.environ, **({name: str(threads) for name in names} if threads else {})}
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def epoch(self) -> float:
        """Train one epoch; returns its seconds.

        Raises: ChildProcessError with the last line of what the comparator said, where it could not.
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
            raise ChildProcessError(said[-1] if said else "it ended without a word")
        return float(answer)

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


def clock(comparators: Mapping[str, tuple[str, Mapping[str, Any], int | None]], rounds: int) -> list[Clocked]:
    """Time `rounds` epochs of each comparator after the warm-up.

    In its turn a comparator trains two epochs, and the second one counts: the first finds its data and threads cold
    from the turns of the others, as no epoch of a training does but the first.

    `comparators`: what to call each, its name, settings and threads. One that is not installed is skipped by name.
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
