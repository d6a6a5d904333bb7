"""Stops of a tour through the lecture."""

from dataclasses import dataclass

from kerasnn.records.explanation import Explanation
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
