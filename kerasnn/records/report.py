"""The stops of a tour, and the report: everything known about one or several runs, gathered for one page."""

from dataclasses import dataclass
from typing import Literal

from kerasnn.records.evaluation import Evaluation
from kerasnn.records.explanation import Explanation
from kerasnn.records.networks import Diagram, ModelSummary, WeightMaps
from kerasnn.records.training import Run, Scores


@dataclass(frozen=True)
class Step:
    """The change from stage `before` to the next one, in validation scores of the saved models."""

    before: str
    before_validation: Scores
    before_parameters: int
    accuracy_gain: float
    loss_change: float


@dataclass(frozen=True)
class TourStop:
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
class ReportedRun:
    """A run or a stage's reference model in a report. `name`: as the user named it.

    `title`, `step`: of its stage. `evaluation`: None if its data set is not available.
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
class ReportedClaim:
    """A claim of the lecture and a study's verdict. `evidence`: sentences with the measured values."""

    name: str
    slide: str
    states: str
    verdict: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """The content of a page. `kind`: one run, several compared, or all stages of the lecture.

    `explanations`: on the run's model if there is one run. `commands`: commands that reproduce the content.
    `made`: date and time; `version`: of kerasnn.
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
