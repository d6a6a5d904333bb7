"""A tour through the lecture, stop by stop."""

from dataclasses import dataclass

from kerasnn.records.explanation import Explanation
from kerasnn.records.training import Run, Scores


@dataclass(frozen=True)
class Step:
    """From one stage to the next: validation scores of the kept models, and how many parameters each has."""

    before: str
    before_validation: Scores
    before_parameters: int
    accuracy_gain: float
    loss_change: float


@dataclass(frozen=True)
class TourStop:
    """One stop of `stops`, counted from 1: a stage with its `run`, or an idea with its `explanation`.

    `step`: against the stage before, where there is one.
    """

    number: int
    stops: int
    name: str
    title: str
    says: str
    run: Run | None
    step: Step | None
    explanation: Explanation | None
