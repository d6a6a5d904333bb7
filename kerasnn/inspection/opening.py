"""A model opened by its name, and the images to ask it about."""

from pathlib import Path

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import AUTO, load_data
from kerasnn.networks.classifier import Classifier
from kerasnn.networks.storage import open_classifier
from kerasnn.records import Listener
from kerasnn.runs.find_model import FoundModel, find_model


def open_model(model: str | Path, out: str | Path) -> tuple[FoundModel, Classifier]:
    """Find and open the model that `model` names; `out` is the folder of the runs. Raises: ModelFileError."""
    found = find_model(str(model), Path(out))
    return found, open_classifier(found.path)


def images_for(
    found: FoundModel, dataset: str | Path | Dataset | None, data_dir: str | Path | None, listener: Listener
) -> Dataset:
    """Load `dataset`, or what the model learnt from. Raises: DataError, UsageError."""
    if dataset is None and found.dataset not in (None, "fashion-mnist"):
        dataset = found.dataset
    return load_data(dataset if dataset is not None else AUTO, data_dir=data_dir, listener=listener)
