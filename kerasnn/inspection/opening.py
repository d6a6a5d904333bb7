"""A model opened by its name, and the images to evaluate it on."""

from pathlib import Path

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load
from kerasnn.data.source import source_of
from kerasnn.networks.classifier import Classifier
from kerasnn.networks.files.open import open_classifier
from kerasnn.records import Listener
from kerasnn.runs.find_model import FoundModel, find_model


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
