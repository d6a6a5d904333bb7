"""The layers of a network and the number of their parameters."""

from dataclasses import replace
from pathlib import Path
from typing import Unpack

from kerasnn.errors import UsageError
from kerasnn.files.paths import RUNS
from kerasnn.inspection.opening import open_model
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Overrides
from kerasnn.lecture.keywords import lists_hyperparameters
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.lecture.stages import CLASSES, IMAGE_SHAPE, STAGES
from kerasnn.networks.architecture import design
from kerasnn.records import ModelSummary


@lists_hyperparameters
def summary(
    stage: str | None = None,
    *,
    model: str | Path | None = None,
    out: str | Path = RUNS,
    trust: bool = False,
    image_shape: tuple[int, int] = IMAGE_SHAPE,
    classes: int = CLASSES,
    **overrides: Unpack[Overrides],
) -> ModelSummary:
    """Count the parameters of each layer, of a stage's network or of a saved `model`, named as in `evaluate`.

    `image_shape` (rows, columns), `classes`: of the data that the stage's network is for. `overrides`:
    hyperparameters of the stage to change. `out`, `trust`: as in `evaluate`. Raises: UsageError, ModelFileError.
    """
    if model is not None:
        if stage is not None or overrides:
            raise UsageError(
                _("--model shows a saved model as it is, so a stage or its settings do not go with it"),
                hint=_("kerasnn summary --model {model}", model=model),
            )
        found, classifier = open_model(model, out, trust=trust)
        return classifier.summary(found.name)
    if stage is None:
        raise UsageError(
            _("--stage is missing"), expected=_("one of {names}", names=", ".join(each.name for each in STAGES))
        )
    chosen = find_stage(stage)
    settings, _changed = resolve(chosen, overrides)
    counted = design(settings, image_shape=image_shape, classes=classes).summary(stage)
    return _as_scikit_learn(counted) if chosen.library == "scikit-learn" else counted


def _as_scikit_learn(counted: ModelSummary) -> ModelSummary:
    """Name the one layer as scikit-learn does; its parameters are counted like those of a Dense layer."""
    rows = tuple(replace(row, name="one-vs-rest", type="SGDClassifier") for row in counted.layers)
    return replace(counted, layers=rows)
