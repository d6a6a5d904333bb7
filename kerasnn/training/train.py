"""The one entrance to training: which library and which engine trains a stage."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kerasnn.data.dataset import Dataset
from kerasnn.errors import UsageError
from kerasnn.lecture.stages import Settings, Stage
from kerasnn.networks.architecture import design
from kerasnn.networks.classifier import Classifier
from kerasnn.networks.storage import save_keras, save_linear
from kerasnn.records import Listener, Training, ignore

KERAS_ENGINES: Final = ("keras",)
SCIKIT_LEARN_ENGINE: Final = "scikit-learn"


@dataclass(frozen=True)
class Trained:
    """A trained model: to ask (`classifier`), to keep (`save`, to a path that ends in `suffix`), to read about."""

    classifier: Classifier
    training: Training
    suffix: str
    save: Callable[[Path], None]


def choose_engine(stage: Stage, engine: str | None) -> str:
    """The engine that trains `stage`: the one asked for, or the default.

    Raises: UsageError where it is unknown or does not go with the stage.
    """
    engines = (SCIKIT_LEARN_ENGINE,) if stage.library == "scikit-learn" else KERAS_ENGINES
    if engine is None:
        return engines[0]
    if engine not in engines:
        raise UsageError(f"stage '{stage.name}' has no engine '{engine}'", expected=" or ".join(engines))
    return engine


def train(stage: Stage, settings: Settings, dataset: Dataset, listener: Listener = ignore) -> Trained:
    """Train `stage` with `settings`, which `resolve` has found valid, on the training images of `dataset`.

    An interrupt (KeyboardInterrupt) ends the training with what was learnt until then.
    """
    if stage.library == "scikit-learn":
        return _train_scikit_learn(settings, dataset)
    return _train_keras(settings, dataset, listener)


def _train_scikit_learn(settings: Settings, dataset: Dataset) -> Trained:
    from kerasnn.baseline import train_sgd

    model, training = train_sgd(settings, dataset)
    return Trained(model, training, ".npz", lambda path: save_linear(model, path))


def _train_keras(settings: Settings, dataset: Dataset, listener: Listener) -> Trained:
    from kerasnn.networks.foreign import network_of
    from kerasnn.training.fit import fit

    architecture = design(settings, image_shape=dataset.info.shape, classes=dataset.classes)
    model, training = fit(architecture, settings, dataset, listener)
    return Trained(network_of(model, architecture), training, ".keras", lambda path: save_keras(model, path))
