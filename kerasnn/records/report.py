"""A report: everything known of a run, or of several, gathered for one page."""

from dataclasses import dataclass
from typing import Literal

from kerasnn.records.diagram import Diagram
from kerasnn.records.evaluation import Evaluation
from kerasnn.records.explanation import Explanation
from kerasnn.records.networks import ModelSummary
from kerasnn.records.training import Run
from kerasnn.records.weights import WeightMaps


@dataclass(frozen=True)
class ReportedRun:
    """A run, or a stage's reference model, as a report shows it. `name`: as the user called it.

    `title`, `step`: of its stage. `evaluation`: None where the images it learnt from are not here.
    `summary`, `weights`, `diagram`: None for layers beyond the lecture's.
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
    """A claim of the lecture as a study judged it. `evidence`: sentences with its figures."""

    name: str
    slide: str
    states: str
    verdict: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What a page shows. `kind`: one run, several compared, or all stages of the lecture.

    `explanations`: the lecture's ideas worked out, on the run where there is one. `commands`: what repeats it all.
    `made`: when, and `version`: by which kerasnn.
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
