"""Networks drawn, and their weights as images."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kerasnn.api.training import RUNS
from kerasnn.language import _
from kerasnn.lecture.classes import ENGLISH
from kerasnn.lecture.stages import CLASSES, IMAGE_SHAPE, STAGE_BY_NAME
from kerasnn.records import Diagram, WeightMaps

if TYPE_CHECKING:
    from kerasnn.networks.classifier import Classifier
    from kerasnn.runs.find_model import FoundModel


def draw(model: str | Path, *, out: str | Path = RUNS, **overrides: Any) -> Diagram:
    """A network as it is drawn, with its weights where it is trained.

    `model`: as in `evaluate`. `overrides`: settings to change, as in `train`; then a stage's network is drawn
    untrained. Raises: ModelFileError, UsageError.
    """
    from kerasnn.errors import UsageError
    from kerasnn.lecture.settings import find_stage, resolve
    from kerasnn.networks.architecture import design
    from kerasnn.networks.diagram import architecture_diagram, model_diagram
    from kerasnn.runs.find_model import class_names

    if overrides:
        if str(model) not in STAGE_BY_NAME:
            given = ", ".join(f"--{name.replace('_', '-')}" for name in overrides)
            raise UsageError(
                _("{model} is trained already, so {given} cannot change it", model=model, given=given),
                expected=_("a stage's name with such flags"),
            )
        settings, _changed = resolve(find_stage(str(model)), overrides)
        return architecture_diagram(design(settings, image_shape=IMAGE_SHAPE, classes=CLASSES), str(model), ENGLISH)
    found, classifier = _open(model, out)
    names, _known = class_names(found, classifier.classes, classifier.input_size)
    drawn = model_diagram(classifier, found.name, names)
    if drawn is None:
        raise _foreign(found)
    return drawn


def weights(model: str | Path, *, out: str | Path = RUNS) -> WeightMaps:
    """The weights of the layer that sees the pixels, unit by unit. `model`: as in `evaluate`.

    Raises: ModelFileError.
    """
    from kerasnn.networks.weight_maps import weight_maps
    from kerasnn.runs.find_model import class_names, image_shape

    found, classifier = _open(model, out)
    names, _known = class_names(found, classifier.classes, classifier.input_size)
    shape = image_shape(found, classifier.input_size)
    maps = weight_maps(classifier, shape, names, title=found.name, path=str(found.path))
    if maps is None:
        raise _foreign(found)
    return maps


def _open(model: str | Path, out: str | Path) -> "tuple[FoundModel, Classifier]":
    from kerasnn.networks.files.open import open_classifier
    from kerasnn.runs.find_model import find_model

    found = find_model(str(model), Path(out))
    return found, open_classifier(found.path)


def _foreign(found: "FoundModel") -> Exception:
    from kerasnn.errors import ModelFileError

    return ModelFileError(
        _("{path} has layers that kerasnn does not draw", path=found.path),
        expected=_("Flatten, Dense and Dropout alone, as in the lecture"),
    )
