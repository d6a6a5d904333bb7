"""Measurements that hyperparameters alone cannot describe, each a function of a data set and a seed; cached in files.

How much worse is training without normalising? What does cross-validation tell, and what does it cost? How close does
the mean of many passes with dropout come to the prediction without?
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from kerasnn.data.dataset import Dataset, Part, unsplit
from kerasnn.errors import Interrupted
from kerasnn.language import _
from kerasnn.lecture.activations import log_softmax
from kerasnn.lecture.layer import Rescaling
from kerasnn.lecture.layers import Dropout
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.networks.classifier import Reals, unrolled
from kerasnn.networks.evaluation import score
from kerasnn.networks.forward import Network
from kerasnn.records import Listener, Notice, Working, ignore
from kerasnn.study import results
from kerasnn.training.state import Conduct
from kerasnn.training.train import architecture_of, train_whole

Metrics = Mapping[str, float]

FORM: Final = 4  # part of each entry's identity: increase it when the definition of a measurement changes
FOLDS: Final = 5
PASSES: Final = 100


def not_normalised(stage: str, dataset: Dataset, seed: int) -> Metrics:
    """Train `stage` on bytes 0..255, with the stage's own initial weights and order of images.

    An additional first layer undoes the division by 255.

    Source: lecture, "normalising".
    """
    from kerasnn.networks.builders import build, compile_model
    from kerasnn.networks.runtime import keras, make_repeatable
    from kerasnn.training import fused
    from kerasnn.training.monitor import Watch

    settings = replace(STAGE_BY_NAME[stage].settings, seed=seed)
    make_repeatable(seed)
    architecture = architecture_of(settings, dataset)
    architecture = replace(architecture, layers=(Rescaling("bytes", 255.0), *architecture.layers))
    model = build(architecture)
    compile_model(model, settings)
    # without normalising, losses are so large that a Watch among the callbacks would stop the training as diverged
    epochs, watch = keras.callbacks.History(), Watch(settings, len(dataset.train))
    fused.run(model, architecture, dataset, watch, [epochs])
    last = {name: float(values[-1]) for name, values in epochs.history.items()}
    return {"validation accuracy": last["val_accuracy"], "validation loss": last["val_loss"]}


def cross_validation(dataset: Dataset, seed: int) -> Metrics:
    """Score stage `adam` on the lecture's validation set, and by cross-validation in five folds of all its images.

    The images are those for training and validation together. `spread of the folds`: standard deviation of the five
    accuracies, each measured on one fold. `cost ratio`: processor time of the five trainings divided by that of the
    one, without start-up and compiling.

    Source: lecture, "validation set".
    """
    accuracy, seconds = _accuracy_and_seconds(dataset, seed)
    together = unsplit(dataset)
    order = np.random.default_rng([seed, FOLDS]).permutation(len(together))
    parts = np.array_split(order, FOLDS)  # of the images' indices
    folds = (_fold(dataset, together, parts, held_out) for held_out in range(FOLDS))
    accuracies, times = zip(*(_accuracy_and_seconds(fold, seed) for fold in folds), strict=True)
    return {
        "validation accuracy": accuracy,
        "cross-validated accuracy": float(np.mean(accuracies)),
        "distance from the cross-validated accuracy": abs(accuracy - float(np.mean(accuracies))),
        "spread of the folds": float(np.std(accuracies, ddof=1)),
        "cost ratio": sum(times) / seconds,
    }


def dropout_passes(dataset: Dataset, seed: int) -> Metrics:
    """Train stage `dropout`; compare its probabilities without dropout with their mean over 100 passes with dropout.

    `distance left`: the mean absolute difference from the probabilities without dropout, for the mean of 100 passes
    divided by that for a single pass. It does not vanish, because the softmax of a mean is not the mean of softmaxes.

    Source: lecture, "dropout"; Gal and Ghahramani, "Dropout as a Bayesian approximation", 2016.
    """
    stage = STAGE_BY_NAME["dropout"]
    network = train_whole(stage, replace(stage.settings, seed=seed), dataset).classifier
    if not isinstance(network, Network):
        raise TypeError(f"stage dropout made a {type(network).__name__}")
    labels = dataset.validation.labels
    off, first, mean = _passes(network, unrolled(dataset.validation.images), seed)
    rows = np.arange(len(labels))
    accuracy_off, accuracy_mean = (float((each.argmax(axis=1) == labels).mean()) for each in (off, mean))
    return {
        "accuracy of the mean minus dropout off": accuracy_mean - accuracy_off,
        "distance left": float(np.abs(mean - off).mean() / np.abs(first - off).mean()),
        "loss of the mean": float(-np.log(mean[rows, labels]).mean()),
        "loss with dropout off": float(-np.log(off[rows, labels]).mean()),
        "agreement": float((mean.argmax(axis=1) == off.argmax(axis=1)).mean()),
    }


MEASUREMENTS: Final[Mapping[str, Callable[[Dataset, int], Metrics]]] = {
    "softmax, not normalised": lambda dataset, seed: not_normalised("softmax", dataset, seed),
    "adam, not normalised": lambda dataset, seed: not_normalised("adam", dataset, seed),
    "cross-validation": cross_validation,
    "dropout passes": dropout_passes,
}


def _passes(network: Network, images: Reals, seed: int) -> tuple[Any, Any, Any]:
    """Return the probabilities without dropout, of one pass with it, and their mean over 100: (images, classes)."""
    hidden, output = network.weights
    active = np.maximum(images @ hidden.kernel + hidden.bias, 0)  # (images, units), the same in every pass
    random = np.random.default_rng([seed, PASSES])
    rate = next(layer.rate for layer in network.architecture.layers if isinstance(layer, Dropout))

    def probabilities(units: Any) -> Any:
        return np.exp(log_softmax(units @ output.kernel + output.bias))

    def dropped() -> Any:
        on = random.random(active.shape, dtype=np.float32) >= rate
        # the others grow, so that the expected sum stays the same
        return np.where(on, active / np.float32(1 - rate), 0)

    first = probabilities(dropped())
    return probabilities(active), first, (first + sum(probabilities(dropped()) for _ in range(PASSES - 1))) / PASSES


def _accuracy_and_seconds(dataset: Dataset, seed: int) -> tuple[float, float]:
    """Train stage `adam`; return its validation accuracy and the processor time of its epochs, in seconds."""
    from kerasnn.networks.runtime import keras

    times: list[float] = []

    def note(logs: Any = None) -> None:
        times.append(time.process_time())  # which, unlike wall-clock time, does not grow on a busy machine

    # the training begins after start-up and compiling
    clock = keras.callbacks.LambdaCallback(on_train_begin=note, on_train_end=note)
    stage = STAGE_BY_NAME["adam"]
    trained = train_whole(stage, replace(stage.settings, seed=seed), dataset, Conduct(callbacks=[clock]))
    return score(trained.classifier, dataset.validation).accuracy, times[-1] - times[0]


def _fold(dataset: Dataset, together: Part, folds: Sequence[Any], held_out: int) -> Dataset:
    rest = np.concatenate([fold for number, fold in enumerate(folds) if number != held_out])
    train, validation = (Part(together.images[part], together.labels[part]) for part in (rest, folds[held_out]))
    info = replace(dataset.info, train=len(train), validation=len(validation))
    return replace(dataset, info=info, train=train, validation=validation)


def measure_missing(
    names: Sequence[str], dataset: Dataset, seeds: Sequence[int], *, folder: Path, listener: Listener = ignore
) -> dict[tuple[str, int], Metrics]:
    """Return the metrics by measurement and seed; measurements that `folder` lacks are taken and saved there.

    `names`: keys of `MEASUREMENTS`. Raises: Interrupted, after finished measurements are saved.
    """
    origin = {"form": FORM, **results.origin_of(dataset)} if names else {}  # takes a pass over all images
    found: dict[tuple[str, int], Metrics] = {}
    for name in names:
        title, identity = f"measured-{name.replace(',', '').replace(' ', '-')}", {**origin, "name": name}
        paths = {seed: folder / results.entry_name(f"{title}-s{seed}", identity) for seed in seeds}
        cached = {seed: _read(path) for seed, path in paths.items()}
        if missing := sum(metrics is None for metrics in cached.values()):
            listener(
                Notice(_("Measuring: {name}, {count} of {count2} seeds", name=name, count=missing, count2=len(seeds)))
            )
        for seed, path in paths.items():
            listener(Working("measuring", len(found), len(names) * len(seeds)))
            found[name, seed] = cached[seed] or _measure(name, dataset, seed, path)
    return found


def _measure(name: str, dataset: Dataset, seed: int, path: Path) -> Metrics:
    try:
        metrics = MEASUREMENTS[name](dataset, seed)
    except (KeyboardInterrupt, Interrupted):
        raise Interrupted(_("finished measurements are saved in {folder}", folder=path.parent)) from None
    results.write_entry(path, "figures", metrics)
    return metrics


def _read(path: Path) -> Metrics | None:
    try:
        return {str(name): float(value) for name, value in results.read_entry(path, "figures").items()} or None
    except (ValueError, TypeError, AttributeError):  # missing, or written by another program
        return None
