"""Runs side by side: a line of a list, and what sets several apart."""

from dataclasses import dataclass, field
from typing import Any, Literal

from kerasnn.records.training import Run, Scores


@dataclass(frozen=True)
class RunRow:
    """One run in a list. `damaged`: its run.json cannot be read, for the reason in `problem`.

    `dataset`: its name. `seconds`: in all.
    """

    run: str
    status: Literal["running", "done", "stopped", "failed", "damaged"]
    stage: str | None = None
    seed: int | None = None
    dataset: str | None = None
    validation: Scores | None = None
    test: Scores | None = None
    overrides: dict[str, Any] = field(default_factory=dict)
    seconds: float | None = None
    started: str | None = None
    problem: str | None = None


@dataclass(frozen=True)
class Difference:
    """Something in which runs differ: its name, and its value in each of them; None where a run lacks it."""

    name: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class RunComparison:
    """Runs held against each other. `settings`: in which they differ; `surroundings`: likewise, data and versions."""

    runs: tuple[Run, ...]
    settings: tuple[Difference, ...]
    surroundings: tuple[Difference, ...]
