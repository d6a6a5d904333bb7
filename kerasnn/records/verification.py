"""Whether a figure is right: held against many seeds, or against a second training."""

from dataclasses import dataclass
from typing import Literal

from kerasnn.records.data import DatasetInfo
from kerasnn.records.note import Note


@dataclass(frozen=True)
class FigureCheck:
    """One figure and its band. `away`: how far from the mean of the seeds, in their standard deviations.

    None where the band is one value that has to be met.
    """

    figure: str
    value: float
    low: float
    high: float
    inside: bool
    away: float | None


@dataclass(frozen=True)
class LayerArray:
    """One array of weights; layers count from 1."""

    layer: int
    array: Literal["kernel", "bias"]


@dataclass(frozen=True)
class Repetition:
    """Two trainings of the same settings and seed. `first`, `second`: sha256 of their kept weights.

    Where they are not equal: `epoch`, the first in which weights or figures part (None: they part in the kept
    weights alone), `layers`, whose weights differ then, and `largest`, the largest difference of a weight.
    """

    equal: bool
    first: str
    second: str
    epoch: int | None
    layers: tuple[LayerArray, ...]
    largest: float


@dataclass(frozen=True)
class Verification:
    """The figures of a training against the band of its stage. `subject`: a run's id, or the stage trained now.

    `seeds`: how many trainings the band was made from. `alarm`: how often at most a right training falls outside.
    `causes`: what usually brings figures to where these are; empty where `holds`.
    """

    subject: str
    stage: str
    seed: int
    engine: str
    dataset: DatasetInfo
    seeds: int
    alarm: float
    checks: tuple[FigureCheck, ...]
    holds: bool
    causes: tuple[Note, ...]
    notes: tuple[Note, ...] = ()
    repetition: Repetition | None = None
