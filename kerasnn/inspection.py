"""One model, opened by its name: its metrics, predictions, layers, weights and diagram."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Unpack

from kerasnn.data.csv_files import read_images
from kerasnn.data.csv_tables import is_table
from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load_for_model, source_of
from kerasnn.data.picture_reader import PictureForm, picture_reader, read_pictures
from kerasnn.errors import DataError, ModelFileError, UsageError, spelled
from kerasnn.files.apart import Apart
from kerasnn.files.paths import RUNS, expanded
from kerasnn.language import N_, _
from kerasnn.lecture.classes import ENGLISH
from kerasnn.lecture.hyperparameters import Overrides
from kerasnn.lecture.settings import find_setting, find_stage, lists_hyperparameters, resolve
from kerasnn.lecture.stages import CLASSES, IMAGE_SHAPE, STAGE_BY_NAME
from kerasnn.networks import evaluation
from kerasnn.networks.architecture import design
from kerasnn.networks.classifier import Classifier
from kerasnn.networks.diagram import (
    MOST_OUTGOING,
    MOST_UNITS,
    architecture_diagram,
    model_diagram,
    weight_maps,
)
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.questions import Failure, Question, answered, question_of_file, questions_from_test_images
from kerasnn.records import (
    Diagram,
    Evaluation,
    Listener,
    ModelSummary,
    Prediction,
    Several,
    WeightMaps,
    Working,
    show_in_notebook,
)
from kerasnn.runs.find_model import FoundModel, class_names, find_model, image_shape
from kerasnn.runs.record_check import checked_evaluation, data_problems


def _open_model(model: str | Path, out: str | Path, *, trust: bool = False) -> tuple[FoundModel, Classifier]:
    """Find and open the model that `model` names; `out` is the folder of the runs.

    `trust`: have Keras open what kerasnn does not read itself. Raises: ModelFileError.
    """
    found = find_model(str(model), expanded(out))
    return found, open_classifier(found.path, trust=trust)


def _images_for(
    found: FoundModel, dataset: str | Path | Dataset | None, data_dir: str | Path | None, listener: Listener
) -> Dataset:
    """Load `dataset`, or else the one the model was trained on. Raises: DataError, UsageError."""
    return load_for_model(source_of(dataset, data_dir), found.dataset, found.image_shape, listener)


def evaluate(
    model: str | Path,
    *,
    dataset: str | Path | Dataset | None = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    trust: bool = False,
    listener: Listener = show_in_notebook,
) -> Evaluation:
    """Measure `model` on validation and test images: loss, accuracy, each class, confusions.

    `model`: a stage's name (its reference model), `latest`, a run's id, or a path. `dataset`, `data_dir`: as in
    `load_data`; without a `dataset`, the one it was trained on. `out`: the folder of the runs.
    `trust`: have Keras itself open a file with other layers than the lecture's; only for files whose maker you trust.

    Raises: ModelFileError, DataError, UsageError.
    """
    found, classifier = _open_model(model, out, trust=trust)
    data = _images_for(found, dataset, data_dir, listener)
    listener(Working("measuring"))
    return checked_evaluation(found, classifier, data, named=dataset is not None)


def predict(
    model: str | Path,
    images: Sequence[str | Path] = (),
    *,
    indices: Sequence[int] = (),
    invert: bool = False,
    as_is: bool = False,
    dataset: str | Path | Dataset | None = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    trust: bool = False,
    listener: Listener = show_in_notebook,
) -> Several[Prediction]:
    """Classify image files, then test images by their `indices` from 0; of a CSV file, each line is an image.

    A photograph is prepared: its garment is cut out and shown as the training images show theirs; `notes` say how.
    `as_is`: only scale it. `invert`: swap light and dark, compared with what would be done without it.
    `model`, `dataset`, `data_dir`, `out`, `trust`: as in `evaluate`.

    Raises: ModelFileError, DataError, UsageError. If some of several images cannot be read, the error's `record.shown`
    has the answers for the others.
    """
    with picture_reader() if images else nullcontext() as reader:  # it loads Pillow while the model is opened
        found, classifier = _open_model(model, out, trust=trust)
        data = _images_for(found, dataset, data_dir, listener) if indices or dataset is not None else None
        named = data.info if data is not None and dataset is not None else None
        names, notes = class_names(found, classifier.classes, classifier.input_size, named)
        listener(Working("predicting"))
        shape = image_shape(found, classifier.input_shape)
        background = named.background if named is not None and not found.card else found.background
        form = PictureForm(shape, background, invert=invert, as_is=as_is)
        asked = _questions(images, form, reader, listener)
    if data is not None and indices:
        evaluation.require_its_classes(classifier, data)
        asked += questions_from_test_images(data, indices)
        notes = (*data_problems(found.card, data.info), *notes)
    notes = (*found.problems, *notes)
    readable = [replace(each, notes=(*each.notes, *notes)) for each in asked if isinstance(each, Question)]
    return answered(asked, evaluation.predict(classifier, readable, names))


def _questions(
    images: Sequence[str | Path], form: PictureForm, reader: Apart | None, listener: Listener
) -> list[Question | Failure]:
    """Read pictures and tables of images; the images of a table are counted from 1."""
    pictures = iter(read_pictures([expanded(image) for image in images if not is_table(str(image))], form, reader))
    asked: list[Question | Failure] = []
    for image in images:
        if not is_table(str(image)):
            asked.append(question_of_file(str(image), next(pictures)))
            continue
        try:
            rows = read_images(expanded(image), form, listener)
        except DataError as error:
            asked.append(question_of_file(str(image), error))
        else:
            asked += [question_of_file(f"{image}, {number}", row) for number, row in enumerate(rows, start=1)]
    return asked


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
                _(
                    "'{model}' is a saved model and shown as it is, so a stage or its settings do not go with it",
                    model=model,
                ),
                hint=_("kerasnn summary {model}", model=model),
            )
        found, classifier = _open_model(model, out, trust=trust)
        return replace(classifier.summary(found.name), notes=found.problems)
    if stage is None:
        raise UsageError(_("a stage is missing"), expected=_("one of {names}", names=", ".join(STAGE_BY_NAME)))
    chosen = find_stage(stage)
    settings, _changed = resolve(chosen, overrides)
    counted = design(settings, image_shape=image_shape, classes=classes).summary(chosen.name)
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
        stage = spelled(str(model), STAGE_BY_NAME)
        if stage is None:
            given = ", ".join(find_setting(name).flag for name in overrides)
            raise UsageError(
                _("{model} is trained already, so {given} cannot change it", model=model, given=given),
                expected=_("the name of a stage, whose network such flags can change"),
            )
        settings, _changed = resolve(STAGE_BY_NAME[stage], overrides)
        return architecture_diagram(design(settings, image_shape=IMAGE_SHAPE, classes=CLASSES), stage, ENGLISH)
    found, classifier = _open_model(model, out, trust=trust)
    names, assumed = class_names(found, classifier.classes, classifier.input_size)
    drawn = model_diagram(classifier, found.name, () if assumed else names)
    if drawn is None:
        raise _not_drawn(found)
    return replace(drawn, notes=found.problems)


def weights(model: str | Path, *, out: str | Path = RUNS, trust: bool = False) -> WeightMaps:
    """Return the weights of the layer that sees the pixels, unit by unit, as images.

    `model`, `out`, `trust`: as in `evaluate`. Raises: ModelFileError.
    """
    found, classifier = _open_model(model, out, trust=trust)
    names, notes = class_names(found, classifier.classes, classifier.input_size)
    shape = image_shape(found, classifier.input_shape)
    maps = weight_maps(classifier, shape, names, title=found.name, path=str(found.path))
    if maps is None:
        limits = {"units": MOST_UNITS, "weights": MOST_OUTGOING}
        says = N_("at most {units:,} units in the first Dense layer, and {weights:,} weights from there to the next")
        raise _not_drawn(found, _(says, **limits))
    shown = {name for unit in maps.units for name in (unit.name, *(reach.name for reach in unit.reaches))}
    return replace(maps, notes=(*found.problems, *(notes if shown.intersection(names) else ())))


def _not_drawn(found: FoundModel, *limits: str) -> ModelFileError:
    form = N_(
        "a chain of Flatten, Dense, Dropout and batch normalization that ends in Dense with softmax, as in the lecture"
    )
    return ModelFileError(
        _("{path} is a network that kerasnn does not draw", path=found.path),
        expected="; ".join((_(form), *limits)),
        hint=_("kerasnn summary {model}", model=found.name),
    )
