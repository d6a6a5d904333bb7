"""The predictions of a model for image files and test images."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kerasnn.data.dataset import Dataset
from kerasnn.files.paths import RUNS
from kerasnn.inspection.opening import images_for, open_model
from kerasnn.language import _
from kerasnn.lecture.classes import ENGLISH
from kerasnn.networks import prediction
from kerasnn.records import Listener, Prediction, ignore
from kerasnn.runs.find_model import class_names, image_shape


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
