"""Runs as lists, comparisons and scripts, as the stops of a tour, and gathered for a report."""

from dataclasses import dataclass, field
from typing import Any, Literal

from kerasnn.records.evaluation import Evaluation
from kerasnn.records.explanation import Explanation
from kerasnn.records.networks import Diagram, ModelSummary, WeightMaps
from kerasnn.records.note import Note
from kerasnn.records.serialize import LEFT_OUT
from kerasnn.records.shown import Shown
from kerasnn.records.training import Run, Scores


@dataclass(frozen=True)
class RunRow(Shown, brief=("run", "status", "validation.loss", "test.accuracy")):
    """One run in a list. `status`: `damaged` if its run.json cannot be read, for the reason in `problem`.

    `dataset`: its name. `seconds`: total. `notes`: what is wrong with its record or model, as far as a list checks it.
    `author`: of an imported run.
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
    notes: tuple[Note, ...] = ()
    name: str | None = None
    tags: tuple[str, ...] = ()
    author: str | None = None


@dataclass(frozen=True)
class Difference:
    """A property in which runs differ. `values`: one per run; None if a run has no value."""

    name: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class RunComparison(Shown, brief=("runs", "settings", "surroundings")):
    """A comparison of runs. `settings`: settings that differ; `surroundings`: data sets and versions that differ."""

    runs: tuple[Run, ...]
    settings: tuple[Difference, ...]
    surroundings: tuple[Difference, ...]


@dataclass(frozen=True)
class PackedRun(Shown, brief=("run", "file", "members")):
    """A run packed into `file`, of so many `bytes`. `notes`: what is wrong with the record or the model."""

    run: str
    file: str
    bytes: int
    author: str | None
    members: tuple[str, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class ImportedRun(Shown, brief=("run", "status", "author", "validation.loss", "test.accuracy")):
    """A run that was read from `file` into `folder`. `run`: its name there. `validation`, `test`: as its record says.

    `already_here`: nothing was written. `notes`: what was edited, as far as seals and digests tell.
    """

    run: str
    folder: str
    file: str
    author: str | None
    stage: str
    status: str
    already_here: bool
    model: str | None
    validation: Scores | None
    test: Scores | None
    notes: tuple[Note, ...] = ()


Framework = Literal["keras", "pytorch", "sklearn"]


@dataclass(frozen=True)
class ScriptCell(Shown, brief=("text",)):
    """A piece of a script: an introductory sentence and code, two cells in a notebook."""

    text: str
    code: str


@dataclass(frozen=True)
class Script(Shown, brief=("name", "framework", "packages")):
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


@dataclass(frozen=True)
class Step:
    """The change from stage `before` to the next one, in validation scores of the saved models."""

    before: str
    before_validation: Scores
    before_parameters: int
    accuracy_gain: float
    loss_change: float


@dataclass(frozen=True)
class TourStop(Shown, brief=("number", "stops", "name")):
    """One of `stops` stops, numbered from 1: a stage with its `run`, or a topic with its `explanation`.

    `step`: the change from the previous stage, if there is one.
    """

    number: int
    stops: int
    name: str
    title: str
    says: str
    run: Run | None
    step: Step | None
    explanation: Explanation | None


@dataclass(frozen=True)
class ReportedRun(Shown, brief=("name", "title")):
    """A run or a stage's reference model in a report. `name`: as the user named it.

    `title`, `step`: of its stage; of a changed run, what it is and how it differs from the stage. `evaluation`: None
    if its data set is not available.
    `summary`, `weights`, `diagram`: None for models with layers that the lecture does not have.
    """

    name: str
    title: str
    step: str
    run: Run
    summary: ModelSummary | None
    evaluation: Evaluation | None
    weights: WeightMaps | None
    diagram: Diagram | None


@dataclass(frozen=True)
class ReportedClaim(Shown, brief=("name", "verdict")):
    """A claim of the lecture and a study's verdict. `evidence`: sentences with the measured values."""

    name: str
    slide: str
    states: str
    verdict: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Report(Shown, brief=("kind", "runs", "explanations", "claims")):
    """The content of a page. `kind`: one run, several compared, or all stages of the lecture.

    `explanations`: on the run's model if there is one run. `commands`: those of the trainings. `again`: the command of
    the report. `made`: date and time; `version`: of kerasnn. `title`, `author`: as the user named them.
    """

    kind: Literal["run", "comparison", "lecture"]
    language: str
    runs: tuple[ReportedRun, ...]
    explanations: tuple[Explanation, ...]
    claims: tuple[ReportedClaim, ...]
    commands: tuple[str, ...]
    notes: tuple[str, ...]
    made: str
    version: str
    again: str = ""
    title: str | None = None
    author: str | None = None
