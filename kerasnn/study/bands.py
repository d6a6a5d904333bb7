"""Where the figures of a right training lie, for each stage on each data set that comes with kerasnn.

The bands are data, `bands.json`, made by `make bands` from many seeds. A band is the prediction interval of one more
seed: mean plus or minus t s sqrt(1 + 1/n), losses on the scale of their logarithm. All figures of a training have to
lie in theirs, so each gets its share of the chance to fall outside by accident (Bonferroni). Tails are heavier than
normal ones, those of RMSprop's last weights most of all: so a band also takes in every seed that it was made from.
"""

import json
import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from kerasnn.language import N_
from kerasnn.records import Epoch, Outcome, Scores
from kerasnn.study.statistics import student

# how often all figures of a right training together would give a false alarm, were they normal; their tails are heavier
ALARM: Final = 0.001


@dataclass(frozen=True)
class Measured:
    """The figures of a training that are held against a band."""

    history: tuple[Epoch, ...]
    training: Scores
    validation: Scores
    test: Scores


FIGURES: Final[dict[str, Callable[[Measured], float]]] = {
    N_("first epoch, loss while training"): lambda it: it.history[0].loss,
    N_("first epoch, accuracy while training"): lambda it: it.history[0].accuracy,
    N_("first epoch, validation loss"): lambda it: it.history[0].val_loss,
    N_("last epoch, loss while training"): lambda it: it.history[-1].loss,
    N_("last epoch, accuracy while training"): lambda it: it.history[-1].accuracy,
    N_("training loss"): lambda it: it.training.loss,
    N_("training accuracy"): lambda it: it.training.accuracy,
    N_("validation loss"): lambda it: it.validation.loss,
    N_("validation accuracy"): lambda it: it.validation.accuracy,
    N_("test loss"): lambda it: it.test.loss,
    N_("test accuracy"): lambda it: it.test.accuracy,
}
OF_EPOCHS: Final = tuple(name for name in FIGURES if "epoch" in name)


@dataclass(frozen=True)
class Limits:
    """A figure's `mean` and standard deviation over the seeds, and the band `low` to `high` for one more."""

    mean: float
    deviation: float
    low: float
    high: float


@dataclass(frozen=True)
class Band:
    """The limits of each figure of a stage on a data set, from so many `seeds`."""

    stage: str
    seeds: int
    limits: dict[str, Limits]


def measured(outcome: Outcome) -> Measured:
    return Measured(outcome.history, outcome.training, outcome.validation, outcome.test)


def figures(it: Measured) -> dict[str, float]:
    """The figures by their names; a library that reports no epochs has none of these."""
    return {name: figure(it) for name, figure in FIGURES.items() if it.history or name not in OF_EPOCHS}


def limits(values: Sequence[float], name: str, count: int) -> Limits:
    """The band of the figure `name`, one of `count` that are judged together, from one value a seed."""
    logarithmic = "loss" in name
    scaled = [math.log(value) for value in values] if logarithmic else list(values)
    mean, deviation, seeds = statistics.fmean(scaled), statistics.stdev(scaled), len(scaled)
    half = student(1 - ALARM / count, seeds - 1) * deviation * math.sqrt(1 + 1 / seeds)
    low, high = min(mean - half, *scaled), max(mean + half, *scaled)
    low, high = (math.exp(low), math.exp(high)) if logarithmic else (max(low, 0.0), min(high, 1.0))
    return Limits(statistics.fmean(values), statistics.stdev(values), low, high)


@cache
def _file() -> dict[str, Any]:
    text = files("kerasnn.study").joinpath("bands.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def find_band(stage: str, sha256: str) -> Band | None:
    """The band of `stage` on the data set with that digest; None where nobody has made one."""
    for dataset in _file()["datasets"]:
        if dataset["sha256"] == sha256 and stage in dataset["stages"]:
            found = dataset["stages"][stage]
            keys = ("mean", "deviation", "low", "high")
            by_name = {name: Limits(*(figure[key] for key in keys)) for name, figure in found["figures"].items()}
            return Band(stage, found["seeds"], by_name)
    return None
