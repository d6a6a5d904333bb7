"""Many trainings: what is asked for, and what each one learnt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kerasnn.records.training import Epoch, Scores, Seconds


@dataclass(frozen=True)
class Job:
    """One training of a study: `stage` at `seed`, with `overrides` by the names of Settings.

    `engine`: what trains it; None takes the stage's own default.
    """

    stage: str
    seed: int
    overrides: Mapping[str, Any] = field(default_factory=dict)
    engine: str | None = None

    def __hash__(self) -> int:
        return hash((self.stage, self.seed, self.engine))  # a mapping has no hash of its own


@dataclass(frozen=True)
class Outcome:
    """What a job came to. `weights`: sha256 of the kept weights, in the order of the layers.

    `training`, `validation`, `test`: scores of the kept model, dropout off. `diverged`: loss or weights were no
    longer numbers, and the last good epoch's weights were kept.
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
    """A training under way. `epoch`: how many of its `epochs` are done; `seconds`: since it began.

    `worker`: the process or the node that trains it.
    """

    worker: str
    job: Job
    epoch: int
    epochs: int
    seconds: float


@dataclass(frozen=True)
class Standing:
    """How far a study is: `done` of `jobs` trainings, of which `kept` were finished before this call.

    `seconds_left`: about, None where nothing tells yet. `finished`: the training that has just ended, if one has.
    `choosing`: one of the trainings is to be chosen, which the test images have no part in.
    """

    jobs: int
    done: int
    kept: int
    running: tuple[Running, ...]
    seconds_left: float | None
    finished: Outcome | None = None
    choosing: bool = False
