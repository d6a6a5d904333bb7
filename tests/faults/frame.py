"""A fault case: many trials of one kind of fault, and how many of them lost something."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What a trial measured itself: `seconds` of the processor's time, `megabytes` of memory at most."""

    seconds: float
    megabytes: float


class Lost(Exception):
    """A trial in which something was lost, let in, or took too long; its message says what was seen."""

    cost: Cost | None = None


@dataclass(frozen=True)
class Trial:
    """One fault. `name` tells it apart in the report; `run` returns where all is well, else raises Lost."""

    name: str
    run: Callable[[], Cost | None]


@dataclass(frozen=True)
class Plan:
    """What a case has to work with: how many trials, an empty folder of its own, and a seed for all chance.

    `keep`: where it may leave the inputs that were lost.
    """

    count: int
    folder: Path
    seed: int
    keep: Path | None = None


@dataclass(frozen=True)
class Result:
    """`losses`: a line for each trial that was lost. `seconds`: of all trials; `slowest`: of the longest one.

    `largest`: the most megabytes of one, if they were measured; `slowest_trial`, `largest_trial`: the names of both.
    """

    case: str
    tried: int
    losses: tuple[str, ...]
    seconds: float
    slowest: float
    slowest_trial: str = ""
    largest: float = 0.0
    largest_trial: str = ""

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
        costs: list[tuple[str, Cost]] = []
        for trial in self.trials(plan):
            began, cost = time.perf_counter(), None
            try:
                cost = trial.run()
            except Lost as loss:
                losses.append(f"{trial.name}: {loss}")
                cost = loss.cost
            costs.append((trial.name, cost or Cost(time.perf_counter() - began, 0.0)))
        missing = range(len(costs) + 1, plan.count + 1)
        losses += [f"trial {number} of {plan.count}: it was never made" for number in missing]
        return _result(self.name, max(len(costs), plan.count), losses, costs)


def _result(name: str, tried: int, losses: list[str], costs: list[tuple[str, Cost]]) -> Result:
    none = ("", Cost(0.0, 0.0))
    slowest, slow = max(costs, key=lambda each: each[1].seconds, default=none)
    largest, large = max(costs, key=lambda each: each[1].megabytes, default=none)
    seconds = sum(cost.seconds for _, cost in costs)
    return Result(name, tried, tuple(losses), seconds, slow.seconds, slowest, large.megabytes, largest)


def case(
    name: str, *, goal: str, full: int, quick: int, most: int | None = None, slow: bool = False
) -> Callable[[Callable[[Plan], Iterator[Trial]]], Case]:
    """Make a case of a function that yields `plan.count` trials, which is never more than `most`."""
    return lambda trials: Case(name, goal, full, quick, trials, most, slow)
