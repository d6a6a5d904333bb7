"""Measurements that hyperparameters alone cannot describe, each a function of a data set and a seed.

They answer three questions. How much worse is training without normalising? What does cross-validation tell, and what
does it cost? How close does the mean of many passes with dropout come to the prediction without?
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final

import numpy as np

from kerasnn.data.dataset import Dataset, Part, unsplit
from kerasnn.lecture.activations import log_softmax
from kerasnn.lecture.layers import Dropout
from kerasnn.lecture.other_layers import Rescaling
from kerasnn.lecture.settings import resolve
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.networks.architecture import design
from kerasnn.networks.classifier import Reals, unrolled
from kerasnn.networks.evaluation import score
from kerasnn.networks.forward import Network
from kerasnn.records import ignore
from kerasnn.training.train import Trained, train_whole

Metrics = Mapping[str, float]

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

    settings, _changed = resolve(STAGE_BY_NAME[stage], {"seed": seed})
    architecture = design(settings, image_shape=dataset.info.shape, classes=dataset.classes)
    make_repeatable(seed)
    architecture = replace(architecture, layers=(Rescaling("bytes", 255.0), *architecture.layers))
    model = build(architecture)
    compile_model(model, settings)
    # without normalising, losses may be so large that a Watch would stop the training as diverged, so it is not among
    # the callbacks
    epochs, watch = keras.callbacks.History(), Watch(settings, len(dataset.train), ignore)
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
    folds = np.array_split(order, FOLDS)
    accuracies, times = zip(
        *(_accuracy_and_seconds(_fold(dataset, together, folds, held_out), seed) for held_out in range(FOLDS)),
        strict=True,
    )
    return {
        "validation accuracy": accuracy,
        "cross-validated accuracy": float(np.mean(accuracies)),
        "validation minus cross-validated accuracy": accuracy - float(np.mean(accuracies)),
        "spread of the folds": float(np.std(accuracies, ddof=1)),
        "cost ratio": sum(times) / seconds,
    }


def dropout_passes(dataset: Dataset, seed: int) -> Metrics:
    """Train stage `dropout`; compare its probabilities without dropout with their mean over 100 passes with dropout.

    `distance left`: the mean absolute difference from the probabilities without dropout, for the mean of 100 passes
    divided by that for a single pass. It does not vanish, because the softmax of a mean is not the mean of softmaxes.

    Source: lecture, "dropout"; Gal and Ghahramani, "Dropout as a Bayesian approximation", 2016.
    """
    network = _train("dropout", dataset, seed).classifier
    if not isinstance(network, Network):
        raise TypeError(f"stage dropout made a {type(network).__name__}")
    labels = dataset.validation.labels
    off, passes = _with_and_without_dropout(network, unrolled(dataset.validation.images), seed)
    first = next(passes)
    mean = (first + sum(islice(passes, PASSES - 1))) / PASSES
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


def _with_and_without_dropout(network: Network, images: Reals, seed: int) -> tuple[Any, Iterator[Any]]:
    """Return the probabilities without dropout, (images, classes), and an endless iterator over passes with it.

    `images`: (images, pixels). `network`: Dense with ReLU, Dropout, Dense with softmax.
    """
    hidden, output = network.weights
    active = np.maximum(images @ hidden.kernel + hidden.bias, 0)  # (images, units), the same in every pass
    random = np.random.default_rng([seed, PASSES])
    rate = next(layer.rate for layer in network.architecture.layers if isinstance(layer, Dropout))

    def probabilities(units: Any) -> Any:
        return np.exp(log_softmax(units @ output.kernel + output.bias))

    def passes() -> Iterator[Any]:
        while True:
            on = random.random(active.shape, dtype=np.float32) >= rate
            yield probabilities(np.where(on, active / np.float32(1 - rate), 0))

    return probabilities(active), passes()


def _train(stage: str, dataset: Dataset, seed: int, callbacks: Sequence[Any] = ()) -> Trained:
    settings, _changed = resolve(STAGE_BY_NAME[stage], {"seed": seed})
    return train_whole(STAGE_BY_NAME[stage], settings, dataset, callbacks=callbacks)


def _accuracy_and_seconds(dataset: Dataset, seed: int) -> tuple[float, float]:
    """Train stage `adam`; return its validation accuracy and the processor time of its epochs, in seconds.

    Unlike wall-clock time, processor time does not grow when other processes keep the machine busy. The clock starts
    after start-up and compiling.
    """
    from kerasnn.networks.runtime import keras

    times: list[float] = []

    def note(logs: Any = None) -> None:
        times.append(time.process_time())

    clock = keras.callbacks.LambdaCallback(on_train_begin=note, on_train_end=note)
    trained = _train("adam", dataset, seed, [clock])
    return score(trained.classifier, dataset.validation).accuracy, times[-1] - times[0]


def _fold(dataset: Dataset, together: Part, folds: Sequence[Any], held_out: int) -> Dataset:
    """Return a data set that validates on the fold `held_out` and trains on the others."""
    rest = np.concatenate([fold for number, fold in enumerate(folds) if number != held_out])
    train, validation = (Part(together.images[part], together.labels[part]) for part in (rest, folds[held_out]))
    info = replace(dataset.info, train=len(train), validation=len(validation))
    return Dataset(info, train, validation, dataset.test)
