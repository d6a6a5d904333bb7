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
