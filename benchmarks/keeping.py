"""The cost, in each epoch, of checking for divergence and writing the state to disk."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np

from kerasnn.data.dataset import Dataset, Part, RawDataset, split
from kerasnn.lecture.classes import ENGLISH
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.records import Event, Progress
from kerasnn.runs import checkpoint
from kerasnn.training.reading import find_fault
from kerasnn.training.state import Conduct, State
from kerasnn.training.train import train

REPEATS = 20


@dataclass(frozen=True)
class Keeping:
    """Median seconds of a whole epoch, of its check for divergence, and of writing its state."""

    epoch: float
    check: float
    write: float


def measure(data: str, folder: Path, rounds: int, epochs: int = 6) -> Keeping:
    """Train stage `dropout` `rounds` times, with its state saved in `folder` after every epoch."""
    dataset = _dataset(Path(data))
    settings, _changed = resolve(find_stage("dropout"), {"epochs": epochs})
    states: list[State] = []
    written: list[float] = []
    between: list[float] = []

    def keep(state: State) -> None:
        states.append(state)
        written.append(_seconds(lambda: checkpoint.write(folder, {}, state)))

    for _round in range(rounds):
        ends: list[float] = []

        def listener(event: Event, ends: list[float] = ends) -> None:
            if isinstance(event, Progress) and event.finished is not None:
                ends.append(time.perf_counter())

        train(find_stage("dropout"), settings, dataset, Conduct(listener, keep=keep))
        between += [after - before for before, after in pairwise(ends)]
    return Keeping(median(between), _seconds_of_check(states[-1], dataset.classes), median(written))


def _seconds_of_check(state: State, classes: int) -> float:
    return median(_seconds(lambda: find_fault(state.history[-1], state.weights, classes)) for _repeat in range(REPEATS))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _dataset(folder: Path) -> Dataset:
    part = Part(np.load(folder / "images.npy"), np.load(folder / "labels.npy"))
    return split(RawDataset("benchmarks", str(folder), part, part, ENGLISH))
