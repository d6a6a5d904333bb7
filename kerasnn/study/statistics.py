"""Statistics over seeds: confidence intervals, verdicts, seeds that a verdict needs, and the reference bands.

A band is the range of a metric of a correct training: the prediction interval for one more seed, mean plus or minus
t s sqrt(1 + 1/n), for losses computed on their logarithms. All metrics of a training must lie in their bands, so the
false-alarm rate is divided among them (Bonferroni). The tails are heavier than normal, most of all after training with
RMSprop, so each band is widened to include every seed that it was made from. `make bands` writes `bands.json`.
"""

import json
import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, Final

from kerasnn.language import N_
from kerasnn.records import DatasetInfo, Epoch, Outcome, Scores, Spread
from kerasnn.records.claims import Verdict

CONFIDENCE: Final = 0.95
POWER: Final = 0.8  # the chance to find a difference that exists
MOST_SEEDS: Final = 100_000


def spread(values: Sequence[float]) -> Spread:
    """Return mean, standard deviation and the 95 % interval of the mean (Student's t) of `values`, one per seed.

    If there is a single value, or any is not finite, only the mean is given.

    Raises: ValueError if `values` is empty.
    """
    if not values:
        raise ValueError("an interval of no values")
    mean = statistics.fmean(values)
    if len(values) < 2 or not math.isfinite(mean):
        return Spread(mean, None, None, None)
    deviation = statistics.stdev(values)
    half = student_t(CONFIDENCE, len(values) - 1) * deviation / math.sqrt(len(values))
    return Spread(mean, deviation, mean - half, mean + half)


def student_t(confidence: float, degrees: int) -> float:
    """Return the two-sided critical value of Student's t with `degrees` degrees of freedom."""
    from scipy.stats import t  # takes 0.3 s

    return float(t.ppf(0.5 + confidence / 2, degrees))


def decide(values: Sequence[float], above: float | None, below: float | None) -> Verdict:
    """Decide from the 95 % interval of the mean of `values` whether the mean lies above `above` and below `below`.

    "holds" if the whole interval lies between the bounds, "does not hold" if all of it lies beyond one of them, "not
    separable" otherwise; "not judged" if a value is not finite.
    """
    if not all(map(math.isfinite, values)):
        return "not judged"
    found = spread(values)
    low, high = found.low, found.high
    if low is None or high is None:
        return "not separable"
    bottom, top = -math.inf if above is None else above, math.inf if below is None else below
    if low > bottom and high < top:
        return "holds"
    return "does not hold" if high < bottom or low > top else "not separable"


def seeds_needed(values: Sequence[float], above: float | None, below: float | None) -> int | None:
    """Estimate how many seeds decide, with a power of 80 %, on which side of the nearest bound the mean lies.

    This assumes Student's t test at the 5 % level, and the mean and standard deviation of `values`. None if there are
    too few values or no bound, or if more than 100,000 seeds are needed.
    """
    bounds = [bound for bound in (above, below) if bound is not None]
    if not bounds or not all(map(math.isfinite, values)):
        return None
    found = spread(values)
    if not found.deviation:
        return None
    effect = min(abs(found.mean - bound) for bound in bounds) / found.deviation
    few, many = 2, 4  # double `many` until it is enough, then bisect
    while _power(effect, many) < POWER:
        few, many = many, 2 * many
        if many > MOST_SEEDS:
            return None
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if _power(effect, middle) >= POWER else (middle, many)
    return many


def _power(effect: float, seeds: int) -> float:
    """Return the chance that the interval of `seeds` values excludes a bound `effect` standard deviations away."""
    from scipy.stats import nct

    degrees = seeds - 1
    return float(nct.sf(student_t(CONFIDENCE, degrees), degrees, effect * math.sqrt(seeds)))


# the chance that any metric of a correct training lies outside its band, if metrics were normally distributed
ALARM: Final = 0.001


@dataclass(frozen=True)
class CompletedTraining:
    """A training to judge. `training`, `validation`, `test`: scores of the saved model. The epochs: as in Training."""

    name: str
    stage: str
    seed: int
    engine: str
    dataset: DatasetInfo
    history: tuple[Epoch, ...]
    best_epoch: int | None
    stopped_epoch: int
    kept_epoch: int
    training: Scores
    validation: Scores
    test: Scores


# the names are keys of bands.json, and `verify --json` prints them
METRICS: Final[dict[str, Callable[[CompletedTraining | Outcome], float]]] = {
    N_("first epoch, loss while training"): lambda found: found.history[0].loss,
    N_("first epoch, accuracy while training"): lambda found: found.history[0].accuracy,
    N_("first epoch, validation loss"): lambda found: found.history[0].val_loss,
    N_("last epoch, loss while training"): lambda found: found.history[-1].loss,
    N_("last epoch, accuracy while training"): lambda found: found.history[-1].accuracy,
    N_("training loss"): lambda found: found.training.loss,
    N_("training accuracy"): lambda found: found.training.accuracy,
    N_("validation loss"): lambda found: found.validation.loss,
    N_("validation accuracy"): lambda found: found.validation.accuracy,
    N_("test loss"): lambda found: found.test.loss,
    N_("test accuracy"): lambda found: found.test.accuracy,
}


@dataclass(frozen=True)
class Limits:
    """The mean and standard deviation of a metric over the seeds, and its band from `low` to `high`."""

    mean: float
    deviation: float
    low: float
    high: float


@dataclass(frozen=True)
class Band:
    """The limits of each metric of a stage on a data set, made from `seeds` seeds."""

    stage: str
    seeds: int
    limits: dict[str, Limits]


def metric_values(found: CompletedTraining | Outcome) -> dict[str, float]:
    """Return the metrics by name; those of epochs are left out if there is no history, as with scikit-learn."""
    return {name: metric(found) for name, metric in METRICS.items() if found.history or "epoch" not in name}


def limits(values: Sequence[float], name: str, count: int) -> Limits:
    """Compute the limits of the metric `name` from one value per seed; `count`: metrics judged together."""
    logarithmic = "loss" in name
    scaled = [math.log(value) for value in values] if logarithmic else list(values)
    mean, deviation, seeds = statistics.fmean(scaled), statistics.stdev(scaled), len(scaled)
    half = student_t(1 - ALARM / count, seeds - 1) * deviation * math.sqrt(1 + 1 / seeds)
    low, high = min(mean - half, *scaled), max(mean + half, *scaled)
    low, high = (math.exp(low), math.exp(high)) if logarithmic else (max(low, 0.0), min(high, 1.0))
    return Limits(statistics.fmean(values), statistics.stdev(values), low, high)


@cache
def _file() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(files("kerasnn.study").joinpath("bands.json").read_text(encoding="utf-8"))
    return content


def find_band(stage: str, sha256: str) -> Band | None:
    """Return the band of `stage` on the data set whose digest is `sha256`, or None if there is none."""
    for dataset in _file()["datasets"]:
        if dataset["sha256"] == sha256 and stage in dataset["stages"]:
            found = dataset["stages"][stage]
            keys = [each.name for each in fields(Limits)]  # a band in the file has its quantiles too
            by_name = {name: Limits(*(values[key] for key in keys)) for name, values in found["figures"].items()}
            return Band(stage, found["seeds"], by_name)
    return None
