"""Checks of a training's metrics against those of many seeds, or against a second training."""

from dataclasses import dataclass
from typing import Literal

from kerasnn.records.data import DatasetInfo
from kerasnn.records.note import Note


@dataclass(frozen=True)
class MetricCheck:
    """One metric and its band. `away`: distance from the mean of the seeds, in standard deviations.

    None if the band is a single value that has to be met exactly.
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
    """Two trainings with the same settings and seed. `first`, `second`: sha256 of their saved weights.

    If they differ: `epoch`, the first in which weights or metrics differ (None: only the saved weights do),
    `layers`, whose weights differ in that epoch, and `largest`, the largest absolute difference of a weight.
    """

    equal: bool
    first: str
    second: str
    epoch: int | None
    layers: tuple[LayerArray, ...]
    largest: float


@dataclass(frozen=True)
class Verification:
    """A training's metrics checked against the bands of its stage. `subject`: a run's id, or the stage trained now.

    `seeds`: number of trainings behind the bands. `alarm`: upper bound on the probability that a correct training
    falls outside. `causes`: the usual causes of such metrics; empty if `holds`.
    """

    subject: str
    stage: str
    seed: int
    engine: str
    dataset: DatasetInfo
    seeds: int
    alarm: float
    checks: tuple[MetricCheck, ...]
    holds: bool
    causes: tuple[Note, ...]
    notes: tuple[Note, ...] = ()
    repetition: Repetition | None = None
