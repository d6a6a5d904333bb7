"""Studies of many trainings: jobs, outcomes, progress."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kerasnn.records.training import Epoch, Scores, Seconds


@dataclass(frozen=True)
class Job:
    """One training of a study: `stage` with `seed`, and `overrides` of fields of Settings.

    `engine`: None takes the stage's default.
    """

    stage: str
    seed: int
    overrides: Mapping[str, Any] = field(default_factory=dict)
    engine: str | None = None

    def __hash__(self) -> int:
        return hash((self.stage, self.seed, self.engine))  # a mapping has no hash of its own


@dataclass(frozen=True)
class Outcome:
    """The result of a job. `weights`: sha256 of the saved weights, in the order of the layers.

    `training`, `validation`, `test`: scores of the saved model, dropout off. `diverged`: loss or weights became
    infinite or not a number, and the weights of the last good epoch were saved.
    """

    job: Job
    parameters: int
    history: tuple[Epoch, ...]
    best_epoch: int | None
    stopped_epoch: int
    kept_epoch: int
    training: Scores
    validation: Scores
    test: Scores
    seconds: Seconds
    weights: str
    diverged: bool = False


@dataclass(frozen=True)
class Running:
    """A training in progress. `epoch`: epochs done; `seconds`: since it started; `worker`: process or node."""

    worker: str
    job: Job
    epoch: int
    epochs: int
    seconds: float


@dataclass(frozen=True)
class StudyProgress:
    """Progress of a study: `done` of `jobs` trainings, of which `reused` were finished before this call.

    `seconds_left`: an estimate; None if there is none yet. `finished`: the training that has just ended, if any.
    `choosing`: the study selects one of its trainings, so scores on the test images must not be shown.
    """

    jobs: int
    done: int
    reused: int
    running: tuple[Running, ...]
    seconds_left: float | None
    finished: Outcome | None = None
    choosing: bool = False
