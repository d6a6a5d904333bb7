"""The evaluation of a model that is opened by its name, and its predictions."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load, source_of
from kerasnn.files.paths import RUNS
from kerasnn.language import _
from kerasnn.lecture.classes import ENGLISH
from kerasnn.networks import evaluation, prediction
from kerasnn.networks.classifier import Classifier
from kerasnn.networks.files.open import open_classifier
from kerasnn.records import Evaluation, Listener, Prediction, ignore
from kerasnn.runs.find_model import FoundModel, class_names, find_model, image_shape


def open_model(model: str | Path, out: str | Path, *, trust: bool = False) -> tuple[FoundModel, Classifier]:
    """Find and open the model that `model` names; `out` is the folder of the runs.

    `trust`: have Keras open what kerasnn does not read itself. Raises: ModelFileError.
    """
    found = find_model(str(model), Path(out))
    return found, open_classifier(found.path, trust=trust)


def images_for(
    found: FoundModel, dataset: str | Path | Dataset | None, data_dir: str | Path | None, listener: Listener
) -> Dataset:
    """Load `dataset`, or else the one the model was trained on. Raises: DataError, UsageError."""
    source = source_of(dataset, data_dir)
    return load(source if isinstance(source, Dataset) else source.for_model(found.dataset), listener)


def evaluate(
    model: str | Path,
    *,
    dataset: str | Path | Dataset | None = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    trust: bool = False,
    listener: Listener = ignore,
) -> Evaluation:
    """Measure `model` on validation and test images: loss, accuracy, each class, confusions.

    `model`: a stage's name (its reference model), `latest`, a run's id, or a path. `dataset`, `data_dir`: as in
    `load_data`; without a `dataset`, the one it was trained on. `out`: the folder of the runs.
    `trust`: have Keras itself open a file with other layers than the lecture's; only for files whose maker you trust.

    Raises: ModelFileError, DataError, UsageError.
    """
    found, classifier = open_model(model, out, trust=trust)
    data = images_for(found, dataset, data_dir, listener)
    return evaluation.evaluate(classifier, data, model=found.name, path=str(found.path))


def predict(
    model: str | Path,
    images: Sequence[str | Path] = (),
    *,
    indices: Sequence[int] = (),
    invert: bool = False,
    dataset: str | Path | Dataset | None = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    trust: bool = False,
    listener: Listener = ignore,
) -> tuple[Prediction, ...]:
    """Classify image files, then test images by their `indices` from 0.

    `invert` swaps light and dark in the files. `model`, `dataset`, `data_dir`, `out`, `trust`: as in `evaluate`.

    Raises: ModelFileError, DataError, UsageError.
    """
    found, classifier = open_model(model, out, trust=trust)
    names, known = class_names(found, classifier.classes, classifier.input_size)
    shape = image_shape(found, classifier.input_size)
    questions = prediction.questions_from_files([Path(image) for image in images], shape=shape, invert=invert)
    if not known and names == ENGLISH:
        note = _("nothing beside the model tells its classes: these are the names of Fashion-MNIST's")
        questions = [replace(question, notes=(*question.notes, note)) for question in questions]
    if indices:
        data = images_for(found, dataset, data_dir, listener)
        questions += prediction.questions_from_test_images(data, indices)
        names = data.info.classes if not known and data.classes == classifier.classes else names
    return prediction.predict(classifier, questions, names)
