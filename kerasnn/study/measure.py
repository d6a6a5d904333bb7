"""Measurements that no settings of a training can ask for.

What it costs not to normalise, what cross-validation tells and takes, what the mean of many passes with dropout says.
Each is a function of a data set and a seed that returns figures by name. They are kept as files as they come.
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
from kerasnn.lecture.layers import Dropout, Rescaling
from kerasnn.lecture.settings import resolve
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.networks.architecture import design
from kerasnn.networks.classifier import unrolled
from kerasnn.networks.evaluation import score
from kerasnn.networks.forward import Network
from kerasnn.records import Listener, Notice, ignore
from kerasnn.study import metrics_cache as kept
from kerasnn.training.train import Trained, train_whole

Figures = Mapping[str, float]

FORM: Final = 3
FOLDS: Final = 5
PASSES: Final = 100


def measured(
    names: Sequence[str], dataset: Dataset, seeds: Sequence[int], *, folder: Path, listener: Listener = ignore
) -> dict[tuple[str, int], Figures]:
    """The figures of each measurement of `names` with each seed; those that `folder` lacks are made, and kept there.

    Raises: Interrupted once what was finished is kept.
    """
    origin = {"form": FORM, **kept.origin(dataset)} if names else {}
    found: dict[tuple[str, int], Figures] = {}
    for name in names:
        paths = {seed: folder / _file(name, seed, origin) for seed in seeds}
        before = {seed: _read(path) for seed, path in paths.items()}
        missing = [seed for seed, figures in before.items() if figures is None]
        if missing:
            listener(
                Notice(
                    _("Measuring: {name}, {count} of {count2} seeds", name=name, count=len(missing), count2=len(seeds))
                )
            )
        for seed, path in paths.items():
            figures = before[seed]
            if figures is None:
                figures = _measure(name, dataset, seed, folder)
                kept.write(path, "figures", figures)
            found[name, seed] = figures
    return found


def not_normalised(stage: str, dataset: Dataset, seed: int) -> Figures:
    """`stage` trained on bytes 0..255: a first layer undoes the division by 255. Weights and order are the stage's.

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
    # its losses may be such as end a training of ours: so no Watch is told of its epochs
    epochs, watch = keras.callbacks.History(), Watch(settings, len(dataset.train), ignore)
    fused.run(model, architecture, settings, dataset, watch, [epochs])
    last = {name: float(values[-1]) for name, values in epochs.history.items()}
    return {"validation accuracy": last["val_accuracy"], "validation loss": last["val_loss"]}


def cross_validation(dataset: Dataset, seed: int) -> Figures:
    """Stage `adam` scored on the lecture's validation set, and in five folds of all images it may learn from.

    `spread of the folds`: standard deviation of the five accuracies, each of which is a score on one validation
    set. `cost ratio`: processor time of the five trainings by that of the one, without start and compiling.

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


def dropout_passes(dataset: Dataset, seed: int) -> Figures:
    """Stage `dropout` trained, then its mean probabilities over 100 passes with dropout on, against dropout off.

    `distance left`: mean absolute difference to the probabilities with dropout off, of the mean of 100 passes by
    that of a single one. It does not vanish, for softmax of a mean is not the mean of softmaxes.

    Source: lecture, "dropout"; Gal and Ghahramani, "Dropout as a Bayesian approximation", 2016.
    """
    network = _train("dropout", dataset, seed).classifier
    if not isinstance(network, Network):
        raise TypeError(f"stage dropout made a {type(network).__name__}")
    images, labels = unrolled(dataset.validation.images), dataset.validation.labels
    hidden, output = network.weights
    active = np.maximum(images @ hidden.kernel + hidden.bias, 0)
    random, rate = np.random.default_rng([seed, PASSES]), _rate(network)

    def probabilities(units: Any) -> Any:
        return np.exp(log_softmax(units @ output.kernel + output.bias))

    def one_pass() -> Any:
        on = random.random(active.shape, dtype=np.float32) >= rate
        return probabilities(np.where(on, active / np.float32(1 - rate), 0))

    off, first = probabilities(active), one_pass()
    mean = (first + sum(one_pass() for _pass in range(PASSES - 1))) / PASSES
    places = np.arange(len(labels))
    right = {name: float((each.argmax(axis=1) == labels).mean()) for name, each in (("off", off), ("mean", mean))}
    return {
        "accuracy of the mean minus dropout off": right["mean"] - right["off"],
        "distance left": float(np.abs(mean - off).mean() / np.abs(first - off).mean()),
        "loss of the mean": float(-np.log(mean[places, labels]).mean()),
        "loss with dropout off": float(-np.log(off[places, labels]).mean()),
        "agreement": float((mean.argmax(axis=1) == off.argmax(axis=1)).mean()),
    }


MEASUREMENTS: Final[Mapping[str, Callable[[Dataset, int], Figures]]] = {
    "softmax, not normalised": lambda dataset, seed: not_normalised("softmax", dataset, seed),
    "adam, not normalised": lambda dataset, seed: not_normalised("adam", dataset, seed),
    "cross-validation": cross_validation,
    "dropout passes": dropout_passes,
}


def _measure(name: str, dataset: Dataset, seed: int, folder: Path) -> Figures:
    try:
        return MEASUREMENTS[name](dataset, seed)
    except (KeyboardInterrupt, Interrupted):
        raise Interrupted(
            _("stopped while measuring; what was finished is kept in {folder}", folder=folder),
            hint=_("the same command goes on from there"),
        ) from None


def _train(stage: str, dataset: Dataset, seed: int, callbacks: Sequence[Any] = ()) -> Trained:
    settings, _changed = resolve(STAGE_BY_NAME[stage], {"seed": seed})
    return train_whole(STAGE_BY_NAME[stage], settings, dataset, callbacks=callbacks)


def _accuracy_and_seconds(dataset: Dataset, seed: int) -> tuple[float, float]:
    """Validation accuracy of stage `adam`, and the processor time that its epochs took.

    Others on the machine do not lengthen that time, nor do the process's start and compiling, which come before.
    """
    from kerasnn.networks.runtime import keras

    times: list[float] = []

    def note(logs: Any = None) -> None:
        times.append(time.process_time())

    clock = keras.callbacks.LambdaCallback(on_train_begin=note, on_train_end=note)
    trained = _train("adam", dataset, seed, [clock])
    return score(trained.classifier, dataset.validation).accuracy, times[-1] - times[0]


def _fold(dataset: Dataset, together: Part, folds: Sequence[Any], held_out: int) -> Dataset:
    rest = np.concatenate([fold for number, fold in enumerate(folds) if number != held_out])
    train, validation = (Part(together.images[part], together.labels[part]) for part in (rest, folds[held_out]))
    info = replace(dataset.info, train=len(train), validation=len(validation))
    return Dataset(info, train, validation, dataset.test)


def _rate(network: Network) -> float:
    return next(layer.rate for layer in network.architecture.layers if isinstance(layer, Dropout))


def _file(name: str, seed: int, origin: Mapping[str, Any]) -> str:
    title = f"measured-{name.replace(',', '').replace(' ', '-')}-s{seed}"
    return kept.file_name(title, {**origin, "name": name})


def _read(path: Path) -> Figures | None:
    """The figures kept in `path`; None where there are none, or none that can be read."""
    figures = kept.read(path, "figures")
    try:
        return {str(name): float(value) for name, value in figures.items()}
    except (ValueError, TypeError, AttributeError):
        return None
