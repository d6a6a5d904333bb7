"""The entry point of training: choose the library and engine that train a stage, and the callbacks that log it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kerasnn.data.dataset import Dataset
from kerasnn.errors import Interrupted, UsageError, did_you_mean, spelled
from kerasnn.files.paths import expanded
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.settings import find_stage
from kerasnn.lecture.stages import Stage
from kerasnn.networks.architecture import Architecture, design
from kerasnn.networks.backend import announce_import
from kerasnn.networks.backend import backend as current_backend
from kerasnn.networks.classifier import Classifier
from kerasnn.networks.files.archive import save_linear
from kerasnn.records import Listener, Training, Working, show_in_notebook
from kerasnn.training.state import ALONE, Conduct, State

if TYPE_CHECKING:
    import keras

KERAS_ENGINES: Final = ("fused", "keras")
SCIKIT_LEARN_ENGINE: Final = "scikit-learn"


@dataclass(frozen=True)
class Trained:
    """A trained model and the record of its training. `save` writes it to a path that ends in `suffix`."""

    classifier: Classifier
    training: Training
    suffix: str
    save: Callable[[Path], None]


def choose_engine(stage: Stage, engine: str | None, backend: str | None = None) -> str:
    """Return the engine that trains `stage`: `engine`, or the default if it is None.

    `backend`: None means the current one. Raises: UsageError if the stage or the backend has no such engine.
    """
    engines = (SCIKIT_LEARN_ENGINE,) if stage.library == "scikit-learn" else KERAS_ENGINES
    computing = backend or current_backend()
    engine = spelled(engine, engines) or engine if engine else None
    if stage.library == "keras" and computing != "tensorflow":
        if engine == "fused":
            raise UsageError(
                _(
                    "the engine 'fused' is a TensorFlow program and does not run on the backend '{computing}'",
                    computing=computing,
                ),
                expected=_("--engine keras on this backend"),
                hint=_("leave out --engine or --backend"),
            )
        engines = ("keras",)
    if engine is None:
        return engines[0]
    if engine not in engines:
        raise UsageError(
            _("stage '{name}' has no engine '{engine}'", name=stage.name, engine=engine),
            expected=" or ".join(engines),
            hint=did_you_mean(engine, engines),
        )
    return engine


def train(
    stage: Stage, settings: Settings, dataset: Dataset, conduct: Conduct = ALONE, *, engine: str | None = None
) -> Trained:
    """Train `stage` with `settings` from `resolve`, on the training images of `dataset`.

    `engine`: None for the default. A KeyboardInterrupt ends a Keras training, which keeps the weights of the last whole
    epoch. scikit-learn ignores how it is conducted.

    Raises: UsageError if there are callbacks for a stage that Keras does not train, and as `choose_engine`.
    """
    engine = choose_engine(stage, engine)
    if stage.library == "scikit-learn":
        if conduct.callbacks:
            raise UsageError(_("stage '{name}' is scikit-learn's and has no Keras callbacks", name=stage.name))
        conduct.listener(Working("training"))  # in one call, whose epochs cannot be counted
        from kerasnn.training.baseline import train_sgd

        linear, training = train_sgd(settings, dataset)
        return Trained(linear, training, ".npz", lambda path: save_linear(linear, path))
    announce_import(conduct.listener)
    from kerasnn.networks.builders import network_of, save_keras
    from kerasnn.training.network import train_network

    conduct.listener(Working("training"))
    architecture = architecture_of(settings, dataset)
    model, training = train_network(architecture, settings, dataset, engine=engine, conduct=conduct)
    return Trained(network_of(model, architecture), training, ".keras", lambda path: save_keras(model, path))


def architecture_of(settings: Settings, dataset: Dataset) -> Architecture:
    """Return the network that `settings` describe for the images and classes of `dataset`."""
    return design(settings, image_shape=dataset.info.shape, classes=dataset.classes)


def refuse_other_state(settings: Settings, dataset: Dataset, state: State) -> None:
    """Raise ModelFileError unless a Keras training with `settings` on `dataset` can continue from `state`."""
    from kerasnn.networks.builders import build, compile_model
    from kerasnn.networks.runtime import memory_watched
    from kerasnn.training.restore import refuse_unless_fits

    with memory_watched():
        model = build(architecture_of(settings, dataset))
        compile_model(model, settings)
        refuse_unless_fits(model, state)


def train_whole(
    stage: Stage, settings: Settings, dataset: Dataset, conduct: Conduct = ALONE, *, engine: str | None = None
) -> Trained:
    """Call `train` with the same arguments, and raise Interrupted if the user stopped the training."""
    trained = train(stage, settings, dataset, conduct, engine=engine)
    if trained.training.outcome == "stopped":
        raise Interrupted(
            _(
                "the training of {name} ended after epoch {epochs} and does not count",
                name=stage.name,
                epochs=trained.training.stopped_epoch,
            )
        )
    return trained


def tracking_callbacks(
    stage: str,
    *,
    tensorboard: str | Path | None = None,
    csv: str | Path | None = None,
    listener: Listener = show_in_notebook,
) -> "list[keras.callbacks.Callback]":
    """Return Keras callbacks for `train` that log every epoch of `stage`.

    `tensorboard`: the folder for event files, in which each training gets its own folder. `csv`: a new file for
    CSVLogger. `listener` gets a notice if a log can no longer be written; the training continues.

    Raises: UsageError for a stage that Keras does not train, or if the file exists; EnvironmentFault.
    """
    if tensorboard is None and csv is None:
        return []
    if find_stage(stage).library != "keras":
        raise UsageError(
            _("stage '{stage}' is scikit-learn's and reports no epochs to log", stage=stage),
            expected=_("a stage that Keras trains"),
        )
    # now, for loading Keras takes seconds; a link that leads nowhere is something, too
    if csv is not None and os.path.lexists(expanded(csv)):
        raise UsageError(
            _("{path} already exists", path=csv),
            expected=_("the name of a new file"),
            hint=_("name a new file with --csv"),
        )
    announce_import(listener)
    from kerasnn.training.trackers import csv_log, tensorboard_log  # loads Keras

    logs = [csv_log(expanded(csv), listener)] if csv is not None else []
    return [*logs, tensorboard_log(expanded(tensorboard), stage, listener)] if tensorboard is not None else logs
