"""The validation accuracies that the textbook's public notebooks printed, 2020-2025.

Source: `published.json`, which has a row for each environment in which the author ran them.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from kerasnn.language import N_


@dataclass(frozen=True)
class PublishedRange:
    """The lowest and highest published accuracy of a stage, as fractions.

    `what`: the metric that the notebooks printed. `epoch`: the epoch of a run that it is compared with, the saved one
    (`kept`) or the `best` one; None if no metric of a single run is comparable.
    """

    low: float
    high: float
    what: str
    epoch: Literal["kept", "best"] | None


# by stage: the key in published.json, and `what` and `epoch` of PublishedRange
_METRICS: dict[str, tuple[str, str, Literal["kept", "best"] | None]] = {
    "sgd": ("sgd_cv", N_("mean of 5-fold cross-validation over all 60,000 images"), None),
    "softmax": ("softmax", N_("validation accuracy after 5 epochs"), "kept"),
    "relu": ("relu", N_("validation accuracy after 5 epochs"), "kept"),
    "adam": ("adam", N_("validation accuracy after 5 epochs"), "kept"),
    "dropout": ("best_checkpoint", N_("validation accuracy of the best of 20 epochs"), "best"),
    "early-stopping": ("early_stopped", N_("validation accuracy after early stopping"), "kept"),
}


@cache
def published_range(stage: str) -> PublishedRange | None:
    """Return the published range of a stage's accuracy; None if the notebooks print none (`hidden`, `overfit`)."""
    if stage not in _METRICS:
        return None
    key, what, epoch = _METRICS[stage]
    accuracies: list[float] = []
    for row in json.loads(files("kerasnn.lecture").joinpath("published.json").read_text(encoding="utf-8"))["rows"]:
        printed = row[key]  # a number, or a list with one for each of several runs
        accuracies.extend(printed if isinstance(printed, list) else [printed])
    return PublishedRange(min(accuracies), max(accuracies), what, epoch)
