"""The lecture's claims, and what the evidence says of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from kerasnn.records.data import DatasetInfo

Verdict = Literal["holds", "does not hold", "not separable", "not judged"]


@dataclass(frozen=True)
class ClaimRow:
    """One claim in the list. `evidence`: what is compared, or computed, to judge it."""

    name: str
    slide: str
    kind: Literal["exact", "statistical"]
    states: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Estimate:
    """One comparison of a claim: its mean over the seeds with the 95 % interval of Student's t.

    `values`: by seed, of the same seed's trainings. It must lie above `above` and below `below`, where given.
    `low`, `high`: None where one seed leaves no interval. `seeds_needed`: about how many seeds would tell in four
    studies of five, were the mean and the spread as found here; None where it is settled, or no number would do.
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
    """An exact claim computed: the largest difference found, and how large rounding may make it.

    `found`: what else the computation found, by the placeholders of the claim's sentence in `lecture.claims.COMPUTED`.
    """

    difference: float
    tolerance: float
    found: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class JudgedClaim:
    """A claim and its verdict: by `estimates` where it is statistical, by `exact` where it is exact."""

    name: str
    slide: str
    kind: Literal["exact", "statistical"]
    states: str
    verdict: Verdict
    estimates: tuple[Estimate, ...] = ()
    exact: Exactness | None = None


@dataclass(frozen=True)
class Judgement:
    """Claims judged on trainings on `dataset` with `seeds`."""

    dataset: DatasetInfo
    seeds: tuple[int, ...]
    claims: tuple[JudgedClaim, ...]
    seconds: float
