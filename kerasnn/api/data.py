"""Data sets: loaded, fetched, checked, shown."""

from pathlib import Path
from typing import TYPE_CHECKING

from kerasnn.records import DataCheck, DataOverview, Listener, ignore

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset


def load_data(
    dataset: str | Path = "auto", *, data_dir: str | Path | None = None, listener: Listener = ignore
) -> "Dataset":
    """A data set, checked and split as the lecture splits it; `.train`, `.validation`, `.test` hold the arrays.

    `dataset`: `auto`, `fashion-mnist`, `garments`, or the path of your own. Raises: DataError.
    """
    from kerasnn.data.load import load

    return load(dataset, Path(data_dir) if data_dir is not None else None, listener)


def fetch_data(data_dir: str | Path | None = None, *, listener: Listener = ignore) -> DataCheck:
    """Download what is missing or damaged of Fashion-MNIST, into `data_dir` or Keras' cache; returns the state then.

    Raises: DataError, EnvironmentFault.
    """
    from kerasnn.data import fashion_mnist

    folder = Path(data_dir) if data_dir is not None else fashion_mnist.keras_cache()
    fashion_mnist.fetch(folder, listener)
    return fashion_mnist.check(folder)


def verify_data(data_dir: str | Path | None = None) -> DataCheck:
    """Hold the four files of Fashion-MNIST against their published digests, where they would be taken from."""
    from kerasnn.data import fashion_mnist

    named = fashion_mnist.named_folder(Path(data_dir) if data_dir is not None else None)
    return fashion_mnist.check(named if named is not None else fashion_mnist.keras_cache())


def data_overview(
    dataset: "str | Path | Dataset" = "auto", *, data_dir: str | Path | None = None, listener: Listener = ignore
) -> DataOverview:
    """How many images each class has, and the pixels before and after normalising. `dataset`: as in `load_data`."""
    from kerasnn.data.overview import overview

    return overview(given_or_loaded(dataset, data_dir, listener))


def given_or_loaded(dataset: "str | Path | Dataset", data_dir: str | Path | None, listener: Listener) -> "Dataset":
    """`dataset` itself where it is one, else what `load_data` finds."""
    from kerasnn.data.dataset import Dataset

    return dataset if isinstance(dataset, Dataset) else load_data(dataset, data_dir=data_dir, listener=listener)
