"""A fault case: many trials of one kind of fault, and how many of them lost something."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path


class Lost(Exception):
    """A trial in which something was lost, let in, or took too long; its message says what was seen."""


@dataclass(frozen=True)
class Trial:
    """One fault. `name` tells it apart in the report; `run` returns where all is well, else raises Lost."""

    name: str
    run: Callable[[], None]


@dataclass(frozen=True)
class Plan:
    """What a case has to work with: how many trials, an empty folder of its own, and a seed for all chance."""

    count: int
    folder: Path
    seed: int


@dataclass(frozen=True)
class Result:
    """`losses`: a line for each trial that was lost. `seconds`: of all trials; `slowest`: of the longest one."""

    case: str
    tried: int
    losses: tuple[str, ...]
    seconds: float
    slowest: float

    @property
    def lost(self) -> int:
        return len(self.losses)

    @property
    def survived(self) -> int:
        return self.tried - self.lost


@dataclass(frozen=True)
class Case:
    """`goal`: what survives. `full`, `quick`: how many trials in `make faults` and in `make test`.

    `most`: no more of them are there to try. `slow`: its quick form too is left out of `make test`.
    """

    name: str
    goal: str
    full: int
    quick: int
    trials: Callable[[Plan], Iterable[Trial]]
    most: int | None = None
    slow: bool = False

    def run(self, plan: Plan) -> Result:
        """Try the trials one after the other; one that raises Lost is counted, anything else is a bug of the case.

        One that was asked for and not made is lost too: what tries nothing has shown nothing.
        """
        plan = plan if self.most is None else replace(plan, count=min(plan.count, self.most))
        losses: list[str] = []
        durations: list[float] = []
        for trial in self.trials(plan):
            began = time.perf_counter()
            try:
                trial.run()
            except Lost as loss:
                losses.append(f"{trial.name}: {loss}")
            durations.append(time.perf_counter() - began)
        missing = range(len(durations) + 1, plan.count + 1)
        losses += [f"trial {number} of {plan.count}: it was never made" for number in missing]
        tried = max(len(durations), plan.count)
        return Result(self.name, tried, tuple(losses), sum(durations), max(durations, default=0.0))


def case(
    name: str, *, goal: str, full: int, quick: int, most: int | None = None, slow: bool = False
) -> Callable[[Callable[[Plan], Iterator[Trial]]], Case]:
    """Make a case of a function that yields `plan.count` trials, which is never more than `most`."""
    return lambda trials: Case(name, goal, full, quick, trials, most, slow)
