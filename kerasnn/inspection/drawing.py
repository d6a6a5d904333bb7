"""Networks as diagrams, and their weights as images."""

from pathlib import Path
from typing import Unpack

from kerasnn.errors import ModelFileError, UsageError
from kerasnn.files.paths import RUNS
from kerasnn.inspection.opening import open_model
from kerasnn.language import _
from kerasnn.lecture.classes import ENGLISH
from kerasnn.lecture.hyperparameters import Overrides
from kerasnn.lecture.keywords import lists_hyperparameters
from kerasnn.lecture.settings import find_setting, find_stage, resolve
from kerasnn.lecture.stages import CLASSES, IMAGE_SHAPE, STAGE_BY_NAME
from kerasnn.networks.architecture import design
from kerasnn.networks.diagram import architecture_diagram, model_diagram, weight_maps
from kerasnn.records import Diagram, WeightMaps
from kerasnn.runs.find_model import FoundModel, class_names, image_shape


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
