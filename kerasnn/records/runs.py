"""Lists and comparisons of runs."""

from dataclasses import dataclass, field
from typing import Any, Literal

from kerasnn.records.training import Run, Scores


@dataclass(frozen=True)
class RunRow:
    """One run in a list. `status`: `damaged` if its run.json cannot be read, for the reason in `problem`.

    `dataset`: its name. `seconds`: total.
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
    """A property in which runs differ. `values`: one per run; None if a run has no value."""

    name: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class RunComparison:
    """A comparison of runs. `settings`: settings that differ; `surroundings`: data sets and versions that differ."""

    runs: tuple[Run, ...]
    settings: tuple[Difference, ...]
    surroundings: tuple[Difference, ...]
