"""List the lecture's stages, and build their networks."""

from typing import TYPE_CHECKING, Unpack

from kerasnn.errors import UsageError
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Overrides
from kerasnn.lecture.settings import find_stage, lists_hyperparameters, resolve
from kerasnn.lecture.stages import CLASSES, IMAGE_SHAPE, STAGES, Stage, published_range
from kerasnn.networks.architecture import design
from kerasnn.records import Several, StageRow

if TYPE_CHECKING:
    import keras


def stages() -> Several[StageRow]:
    """List the lecture's stages, in its order."""
    return Several(map(_row, STAGES))


def _row(stage: Stage) -> StageRow:
    architecture = design(stage.settings, image_shape=IMAGE_SHAPE, classes=CLASSES)
    scikit_learn = stage.library == "scikit-learn"
    return StageRow(
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


@lists_hyperparameters
def build(
    stage: str, *, image_shape: tuple[int, int] = IMAGE_SHAPE, classes: int = CLASSES, **overrides: Unpack[Overrides]
) -> "keras.Sequential":
    """Build a stage's untrained network, compiled, with weights from the stage's seed.

    It takes float32 in [0, 1] of shape (n, 784), or (n, 28, 28) if it begins with Flatten, and returns
    probabilities of shape (n, classes). `overrides`: hyperparameters to change.
    Raises: UsageError, also for `sgd`, which is not a network.
    """
    chosen = find_stage(stage)
    settings, _changed = resolve(chosen, overrides)
    if chosen.library != "keras":
        raise UsageError(
            _("stage '{stage}' is scikit-learn's and no Keras network", stage=stage), expected=_("any other stage")
        )
    from kerasnn.networks.builders import build as build_network  # loads TensorFlow
    from kerasnn.networks.builders import compile_model
    from kerasnn.networks.runtime import make_repeatable

    make_repeatable(settings.seed)
    model = build_network(design(settings, image_shape=image_shape, classes=classes))
    compile_model(model, settings)
    return model
