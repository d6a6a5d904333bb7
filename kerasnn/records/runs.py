"""Runs as lists, as comparisons and as standalone scripts."""

from dataclasses import dataclass, field
from typing import Any, Literal

from kerasnn.records.serialize import LEFT_OUT
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


Framework = Literal["keras", "pytorch", "sklearn"]


@dataclass(frozen=True)
class ScriptCell:
    """A piece of a script: an introductory sentence and code, two cells in a notebook."""

    text: str
    code: str


@dataclass(frozen=True)
class Script:
    """A training as a standalone program. `name`: the stage or run it repeats; `engine`: the kerasnn engine it mirrors.

    `source`: the whole script. `notes`: why its results may differ from the run's. `packages`: its imports.
    `data_file`: a file that has to lie beside the script, for data drawn by kerasnn; else None.
    """

    name: str
    stage: str
    framework: Framework
    engine: str
    packages: tuple[str, ...]
    notes: tuple[str, ...]
    data_file: str | None
    source: str
    heading: str = field(metadata=LEFT_OUT, repr=False)
    cells: tuple[ScriptCell, ...] = field(metadata=LEFT_OUT, repr=False)
