"""The evaluation of a model."""

from pathlib import Path

from kerasnn.data.dataset import Dataset
from kerasnn.files.paths import RUNS
from kerasnn.inspection.opening import images_for, open_model
from kerasnn.networks import evaluation
from kerasnn.records import Evaluation, Listener, ignore


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
