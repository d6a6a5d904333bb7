"""Stages and their models: listed, counted, built."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kerasnn.api.training import RUNS
from kerasnn.language import _
from kerasnn.lecture.published import published_range
from kerasnn.lecture.stages import CLASSES, IMAGE_SHAPE, STAGES
from kerasnn.records import ModelSummary, StageRow

if TYPE_CHECKING:
    import keras


def stages() -> tuple[StageRow, ...]:
    """The lecture's stages, in its order."""
    from kerasnn.networks.architecture import design

    rows = []
    for stage in STAGES:
        architecture = design(stage.settings, image_shape=IMAGE_SHAPE, classes=CLASSES)
        scikit_learn = stage.library == "scikit-learn"
        rows.append(
            StageRow(
                stage=stage.name,
                title=stage.title,
                step=stage.step,
                model="SGDClassifier(log_loss)" if scikit_learn else str(architecture),
                optimizer="its own" if scikit_learn else stage.settings.optimizer,
                epochs=stage.settings.epochs,
                batch_size=stage.settings.batch_size,
                parameters=architecture.parameters,
                published=published_range(stage.name),
            )
        )
    return tuple(rows)


def summary(
    stage: str, *, image_shape: tuple[int, int] = IMAGE_SHAPE, classes: int = CLASSES, **overrides: Any
) -> ModelSummary:
    """A stage's layers with the arithmetic of their parameters, for images of `image_shape` in `classes` classes.

    `overrides`: settings to change, as in `train`. Raises: UsageError.
    """
    from kerasnn.lecture.settings import find_stage, resolve
    from kerasnn.networks.architecture import design

    chosen = find_stage(stage)
    settings, _changed = resolve(chosen, overrides)
    counted = design(settings, image_shape=image_shape, classes=classes).summary(stage)
    if chosen.library == "scikit-learn":
        rows = tuple(replace(row, name="one-vs-rest", type="SGDClassifier") for row in counted.layers)
        counted = replace(counted, layers=rows)
    return counted


def summary_of_model(model: str | Path, *, out: str | Path = RUNS) -> ModelSummary:
    """The layers of a model that is there already. `model`: as in `evaluate`. Raises: ModelFileError."""
    from kerasnn.networks.files.open import open_classifier
    from kerasnn.runs.find_model import find_model

    found = find_model(str(model), Path(out))
    return open_classifier(found.path).summary(found.name)


def build(
    stage: str, *, image_shape: tuple[int, int] = IMAGE_SHAPE, classes: int = CLASSES, **overrides: Any
) -> "keras.Sequential":
    """A stage's untrained network, compiled; its weights come from the stage's seed.

    It takes float32 of shape (n, 784), or (n, 28, 28) where it begins with Flatten, in [0, 1], and gives
    probabilities of shape (n, classes). Raises: UsageError, also for `sgd`, which is no network.
    """
    from kerasnn.errors import UsageError
    from kerasnn.lecture.settings import find_stage, resolve

    chosen = find_stage(stage)
    settings, _changed = resolve(chosen, overrides)
    if chosen.library != "keras":
        raise UsageError(
            _("stage '{stage}' is scikit-learn's and no Keras network", stage=stage), expected=_("any other stage")
        )
    from kerasnn.networks.architecture import design
    from kerasnn.networks.builders import build as build_network
    from kerasnn.networks.builders import compile_model
    from kerasnn.networks.runtime import make_repeatable

    make_repeatable(settings.seed)
    model = build_network(design(settings, image_shape=image_shape, classes=classes))
    compile_model(model, settings)
    return model
