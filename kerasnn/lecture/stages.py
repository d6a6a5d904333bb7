"""The stages in the order of the lecture, each described by what is new in it, and their published accuracies.

To add a stage, add a row to STAGES. Source of the accuracies: `published.json`, which has a row for each environment
in which the author ran the textbook's public notebooks, 2020-2025.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from kerasnn.language import N_
from kerasnn.lecture.hyperparameters import Library, Settings

TRAINING_IMAGES: Final = 48_000  # four fifths of 60,000; the other 12,000 validate
IMAGE_SHAPE: Final = (28, 28)
CLASSES: Final = 10


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One step of the lecture. `step`: what is new in it. `settings`: those of the slide.

    `compared_with`: the stage that the tour trains first, to compare the results.
    """

    name: str
    title: str
    step: str
    settings: Settings
    compared_with: str | None = None
    library: Library = "keras"


STAGES: Final = (
    Stage(
        name="sgd",
        title=N_("Logistic regression with scikit-learn"),
        step=N_("Ten yes-or-no logistic regressions, one a class, by SGDClassifier: the baseline."),
        settings=Settings(optimizer="sgd", learning_rate=None, batch_size=1),  # SGDClassifier's schedule: "optimal"
        library="scikit-learn",
    ),
    Stage(
        name="softmax",
        title=N_("One Dense layer with softmax"),
        step=N_("Unlike sgd: one layer of ten units whose outputs softmax makes into probabilities."),
        settings=Settings(),  # no hidden layer; RMSprop at 0.001, Keras' default
        compared_with="sgd",
    ),
    Stage(
        name="hidden",
        title=N_("A hidden layer of 100 sigmoid units"),
        step=N_("Unlike softmax: a hidden layer stands between the pixels and the output."),
        settings=Settings(hidden=(100,), activation="sigmoid"),
        compared_with="softmax",
    ),
    Stage(
        name="relu",
        title=N_("ReLU, and Flatten inside the network"),
        step=N_("Unlike hidden: the hidden units are ReLU, and a Flatten layer unrolls the image."),
        settings=Settings(hidden=(100,), flatten=True),
        compared_with="hidden",
    ),
    Stage(
        name="adam",
        title=N_("Adam"),
        step=N_("Unlike relu: Adam trains it, instead of RMSprop."),
        settings=Settings(hidden=(100,), flatten=True, optimizer="adam"),
        compared_with="relu",
    ),
    Stage(
        name="dropout",
        title=N_("Dropout"),
        step=N_("Unlike adam: three of ten hidden outputs are dropped at random, for 20 epochs."),
        settings=Settings(hidden=(100,), flatten=True, optimizer="adam", dropout=0.3, epochs=20),
        compared_with="overfit",  # not adam: as many epochs, so only dropout differs
    ),
    Stage(
        name="early-stopping",
        title=N_("Early stopping"),
        step=N_("Unlike dropout: it stops once the validation loss has not fallen for 2 epochs, and keeps the best."),
        settings=Settings(hidden=(100,), flatten=True, optimizer="adam", dropout=0.3, epochs=20, patience=2),
        compared_with="dropout",
    ),
    Stage(
        name="overfit",
        title=N_("Overfitting"),
        step=N_("Unlike adam: 20 epochs, the control for dropout."),
        settings=Settings(hidden=(100,), flatten=True, optimizer="adam", epochs=20),
        compared_with="adam",
    ),
)
STAGE_BY_NAME: Final = {stage.name: stage for stage in STAGES}


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
