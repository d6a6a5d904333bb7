"""The reference bands of `verify`: where each metric of a correct training lies.

A band is the wider of two ranges for one more seed. One is the prediction interval for normally distributed metrics,
mean plus or minus t s sqrt(1 + 1/n), for losses computed on their logarithms. Tails are heavier than normal, most of
all after training with RMSprop, so the other range continues each tail, as an exponential one, from the quartile
through the most extreme seed. All metrics of a training must lie in their bands, so the false-alarm rate is divided
among them (Bonferroni). `make bands` writes `bands.json`.
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
from kerasnn.records import DatasetInfo, Epoch, Outcome, Run, Scores
from kerasnn.study.statistics import student_t

ALARM: Final = 0.01  # the chance that any metric of a correct training lies outside its band: what `verify` promises
NORMAL_ALARM: Final = 0.001  # the same if metrics were normally distributed


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
    half = student_t(1 - NORMAL_ALARM / count, seeds - 1) * deviation * math.sqrt(1 + 1 / seeds)
    lowest, lower, _median, upper, highest = quantiles(scaled)
    low = min(mean - half, tail_end(lower, lowest, seeds, count))
    high = max(mean + half, tail_end(upper, highest, seeds, count))
    low, high = (math.exp(low), math.exp(high)) if logarithmic else (max(low, 0.0), min(high, 1.0))
    return Limits(statistics.fmean(values), statistics.stdev(values), low, high)


def quantiles(values: Sequence[float]) -> list[float]:
    """Return minimum, lower quartile, median, upper quartile and maximum."""
    return [min(values), *statistics.quantiles(values, n=4, method="inclusive"), max(values)]


def tail_end(quartile: float, extreme: float, seeds: int, count: int) -> float:
    """Return where an exponential tail through `quartile` and `extreme`, of `seeds` values, leaves ALARM / 2 / `count`.

    A quarter of the values lies beyond the quartile; the next seed is beyond the extreme once in `seeds` + 1 times.
    """
    once_in = max(seeds + 1, 5)  # with fewer seeds, their extreme is no farther out than a quartile
    share = math.log(2 * count / ALARM / once_in) / math.log(once_in / 4)
    return extreme + max(share, 0) * (extreme - quartile)


def seeds_differ(runs: Sequence[Run]) -> tuple[str, float] | None:
    """Return the stage of `runs` whose test accuracy depends most on the seed, and the most by which two seeds differ.

    The most: in 19 of 20 pairs of seeds, with the settings of the lecture. None if a stage was not measured on its
    data.
    """
    bands = [find_band(run.stage, run.dataset.sha256) for run in runs]
    known = [(band.limits["test accuracy"].deviation, band.stage) for band in bands if band is not None]
    if len(known) < len(runs) or not known:
        return None
    deviation, stage = max(known)
    return stage, 1.96 * math.sqrt(2) * deviation


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
