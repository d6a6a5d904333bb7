"""The lecture's claims and the bands of its metrics, and whether trainings agree with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from kerasnn.records.data import DatasetInfo
from kerasnn.records.note import Note
from kerasnn.records.shown import Shown

Verdict = Literal["holds", "does not hold", "not separable", "not judged"]


@dataclass(frozen=True)
class ClaimRow(Shown, brief=("name", "kind", "states")):
    """One claim in the list. `evidence`: the comparisons or computations that decide it."""

    name: str
    slide: str
    kind: Literal["exact", "statistical"]
    states: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Estimate(Shown, brief=("figure", "mean", "low", "high", "verdict")):
    """One comparison of a claim: the mean over the seeds with its 95 % confidence interval (Student's t).

    `values`: one per seed, from trainings with that seed. The claim holds if the mean lies above `above` and below
    `below`, where given. `low`, `high`: None with a single seed, which has no interval.
    """

    says: str
    figure: str
    values: tuple[float, ...]
    mean: float
    low: float | None
    high: float | None
    above: float | None
    below: float | None
    verdict: Verdict


@dataclass(frozen=True)
class Exactness:
    """The result of an exact claim: the largest difference found, and the largest that rounding may cause.

    `found`: values for the placeholders of the claim's sentence in `lecture.claims.COMPUTED`.
    """

    difference: float
    tolerance: float
    found: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class JudgedClaim(Shown, brief=("name", "verdict")):
    """A claim and its verdict, based on `estimates` if it is statistical and on `exact` if it is exact."""

    name: str
    slide: str
    kind: Literal["exact", "statistical"]
    states: str
    verdict: Verdict
    estimates: tuple[Estimate, ...] = ()
    exact: Exactness | None = None


@dataclass(frozen=True)
class Judgement(Shown, brief=("dataset.name", "seeds", "claims")):
    """Claims judged by trainings on `dataset` with `seeds`."""

    dataset: DatasetInfo
    seeds: tuple[int, ...]
    claims: tuple[JudgedClaim, ...]
    seconds: float


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
class Verification(Shown, brief=("subject", "holds", "checks")):
    """A training's metrics checked against the bands of its stage. `subject`: a run's id, or the stage trained now.

    `seeds`: number of trainings behind the bands; 0 if there are none for such a training. `alarm`: the probability
    that a correct training falls outside a band. `causes`: those that agree with all checks; empty if `holds`.
    `problems`: what is wrong with the record of a run. `first_epoch`: the first epoch trained again is bitwise `equal`
    to the record, `close` on another machine, or `differs`; None if it was not trained again.
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
    problems: tuple[Note, ...] = ()
    repetition: Repetition | None = None
    first_epoch: Literal["equal", "close", "differs"] | None = None
