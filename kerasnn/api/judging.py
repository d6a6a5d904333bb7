"""Models measured and asked."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kerasnn.api.data import given_or_loaded
from kerasnn.api.training import RUNS
from kerasnn.records import Evaluation, Listener, Prediction, ignore

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset
    from kerasnn.networks.classifier import Classifier
    from kerasnn.runs.find_model import FoundModel


def evaluate(
    model: str | Path,
    *,
    dataset: "str | Path | Dataset | None" = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    listener: Listener = ignore,
) -> Evaluation:
    """How good `model` is on validation and test images.

    `model`: a stage's name (its reference model), `latest`, a run's id, or a path. `dataset`: as in `load_data`;
    None takes what the model learnt from. Raises: ModelFileError, DataError.
    """
    from kerasnn.networks.evaluation import evaluate as measure

    found, classifier = _open(model, out)
    data = _data_for(found, dataset, data_dir, listener)
    return measure(classifier, data, model=found.name, path=str(found.path))


def predict(
    model: str | Path,
    images: Sequence[str | Path] = (),
    *,
    indices: Sequence[int] = (),
    invert: bool = False,
    dataset: "str | Path | Dataset | None" = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    listener: Listener = ignore,
) -> tuple[Prediction, ...]:
    """What `model` takes each image for: files in `images`, then test images by their `indices` from 0.

    `invert` swaps dark and light of the files. Raises: ModelFileError, DataError.
    """
    from kerasnn.networks.prediction import predict as judge
    from kerasnn.networks.prediction import questions_from_files, questions_from_test_images
    from kerasnn.runs.find_model import class_names, image_shape

    found, classifier = _open(model, out)
    names, known = class_names(found, classifier.classes, classifier.input_size)
    questions = questions_from_files(
        [Path(image) for image in images], shape=image_shape(found, classifier.input_size), invert=invert
    )
    if indices:
        data = _data_for(found, dataset, data_dir, listener)
        questions += questions_from_test_images(data, indices)
        names = data.info.classes if not known and data.classes == classifier.classes else names
    return judge(classifier, questions, names)


def _open(model: str | Path, out: str | Path) -> "tuple[FoundModel, Classifier]":
    from kerasnn.networks.files.open import open_classifier
    from kerasnn.runs.find_model import find_model

    found = find_model(str(model), Path(out))
    return found, open_classifier(found.path)


def _data_for(
    found: "FoundModel", dataset: "str | Path | Dataset | None", data_dir: str | Path | None, listener: Listener
) -> "Dataset":
    if dataset is None and found.dataset not in (None, "fashion-mnist"):
        dataset = found.dataset
    return given_or_loaded(dataset if dataset is not None else "auto", data_dir, listener)
