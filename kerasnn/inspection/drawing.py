"""Networks as layers with their parameters, as diagrams, and their weights as images."""

from dataclasses import replace
from pathlib import Path
from typing import Unpack

from kerasnn.errors import ModelFileError, UsageError
from kerasnn.files.paths import RUNS
from kerasnn.inspection.evaluation import open_model
from kerasnn.language import _
from kerasnn.lecture.classes import ENGLISH
from kerasnn.lecture.hyperparameters import Overrides
from kerasnn.lecture.keywords import lists_hyperparameters
from kerasnn.lecture.settings import find_setting, find_stage, resolve
from kerasnn.lecture.stages import CLASSES, IMAGE_SHAPE, STAGE_BY_NAME, STAGES
from kerasnn.networks.architecture import design
from kerasnn.networks.diagram import architecture_diagram, model_diagram
from kerasnn.networks.weight_maps import weight_maps
from kerasnn.records import Diagram, ModelSummary, WeightMaps
from kerasnn.runs.find_model import FoundModel, class_names, image_shape


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


@lists_hyperparameters
def draw(model: str | Path, *, out: str | Path = RUNS, trust: bool = False, **overrides: Unpack[Overrides]) -> Diagram:
    """Return the diagram of a network, with its weights if it is trained.

    `model`, `out`, `trust`: as in `evaluate`. `overrides`: hyperparameters to change; a stage's network is then drawn
    untrained. Raises: ModelFileError, UsageError.
    """
    if overrides:
        if str(model) not in STAGE_BY_NAME:
            given = ", ".join(find_setting(name).flag for name in overrides)
            raise UsageError(
                _("{model} is trained already, so {given} cannot change it", model=model, given=given),
                expected=_("the name of a stage, whose network such flags can change"),
            )
        settings, _changed = resolve(find_stage(str(model)), overrides)
        return architecture_diagram(design(settings, image_shape=IMAGE_SHAPE, classes=CLASSES), str(model), ENGLISH)
    found, classifier = open_model(model, out, trust=trust)
    names, _known = class_names(found, classifier.classes, classifier.input_size)
    drawn = model_diagram(classifier, found.name, names)
    if drawn is None:
        raise _not_drawn(found)
    return drawn


def weights(model: str | Path, *, out: str | Path = RUNS, trust: bool = False) -> WeightMaps:
    """Return the weights of the layer that sees the pixels, unit by unit, as images.

    `model`, `out`, `trust`: as in `evaluate`. Raises: ModelFileError.
    """
    found, classifier = open_model(model, out, trust=trust)
    names, _known = class_names(found, classifier.classes, classifier.input_size)
    shape = image_shape(found, classifier.input_size)
    maps = weight_maps(classifier, shape, names, title=found.name, path=str(found.path))
    if maps is None:
        raise _not_drawn(found)
    return maps


def _not_drawn(found: FoundModel) -> ModelFileError:
    return ModelFileError(
        _("{path} has layers that kerasnn does not draw", path=found.path),
        expected=_("only Flatten, Dense and Dropout, as in the lecture"),
    )
