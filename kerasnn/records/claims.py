"""The lecture's claims, and whether the evidence supports them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from kerasnn.records.data import DatasetInfo

Verdict = Literal["holds", "does not hold", "not separable", "not judged"]


@dataclass(frozen=True)
class ClaimRow:
    """One claim in the list. `evidence`: the comparisons or computations that decide it."""

    name: str
    slide: str
    kind: Literal["exact", "statistical"]
    states: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Estimate:
    """One comparison of a claim: the mean over the seeds with its 95 % confidence interval (Student's t).

    `values`: one per seed, from trainings with that seed. The claim holds if the mean lies above `above` and below
    `below`, where given. `low`, `high`: None with a single seed, which has no interval.
    `seeds_needed`: about how many seeds would decide the claim in four studies out of five, assuming the mean and
    spread found here; None if it is decided, or if no number of seeds would decide it.
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
    seeds_needed: int | None


@dataclass(frozen=True)
class Exactness:
    """The result of an exact claim: the largest difference found, and the largest that rounding may cause.

    `found`: values for the placeholders of the claim's sentence in `lecture.claims.COMPUTED`.
    """

    difference: float
    tolerance: float
    found: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class JudgedClaim:
    """A claim and its verdict, based on `estimates` if it is statistical and on `exact` if it is exact."""

    name: str
    slide: str
    kind: Literal["exact", "statistical"]
    states: str
    verdict: Verdict
    estimates: tuple[Estimate, ...] = ()
    exact: Exactness | None = None


@dataclass(frozen=True)
class Judgement:
    """Claims judged by trainings on `dataset` with `seeds`."""

    dataset: DatasetInfo
    seeds: tuple[int, ...]
    claims: tuple[JudgedClaim, ...]
    seconds: float
