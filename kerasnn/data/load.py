"""The entry point to data: from a name or a path to a checked and split data set."""

from pathlib import Path

from kerasnn.data import fashion_mnist, user_data
from kerasnn.data.dataset import Dataset, Part, RawDataset, split
from kerasnn.data.garments import draw
from kerasnn.data.source import AUTO, Source, source_of
from kerasnn.errors import DataError, EnvironmentFault
from kerasnn.files.paths import expanded
from kerasnn.language import N_, _
from kerasnn.lecture import classes
from kerasnn.records import Listener, Notice, ignore
from kerasnn.records.data import FASHION_MNIST, GARMENTS


def load_data(
    dataset: str | Path | Dataset = AUTO, *, data_dir: str | Path | None = None, listener: Listener = ignore
) -> Dataset:
    """Find, check and split a data set; `.train`, `.validation` and `.test` hold the arrays.

    `dataset`: `auto` (Fashion-MNIST, or garments if it is not available), `fashion-mnist`, `garments`, or the path of
    your own; a Dataset is returned as it is. `data_dir`: the folder with Fashion-MNIST's files.

    Raises: DataError if the data are missing, unreachable, damaged or in the wrong format; UsageError if `data_dir`
    does not go with `dataset`.
    """
    return load(source_of(dataset, data_dir), listener)


def load(source: Source | Dataset, listener: Listener = ignore) -> Dataset:
    """Load the data set that `source` names; a Dataset is returned as it is. Raises: as `load_data`."""
    if isinstance(source, Dataset):
        return source
    if source.name == GARMENTS:
        return split(garments())
    if source.name == FASHION_MNIST:
        return split(fashion_mnist.find(source.folder, listener))
    if source.name in (None, AUTO):
        return split(_fashion_mnist_or_garments(source.folder, listener))
    return split(user_data.read(expanded(source.name)))


def garments() -> RawDataset:
    """Draw the stand-in for Fashion-MNIST that needs no files."""
    drawn = draw()
    return RawDataset(
        name=GARMENTS,
        location=N_("drawn by kerasnn"),
        learning=Part(drawn.train_images, drawn.train_labels.astype("int32")),
        test=Part(drawn.test_images, drawn.test_labels.astype("int32")),
        classes=classes.ENGLISH,
        stand_in=True,
    )


def _fashion_mnist_or_garments(data_dir: Path | None, listener: Listener) -> RawDataset:
    if fashion_mnist.named_folder(data_dir) is not None:
        return fashion_mnist.find(data_dir, listener)  # if the user named a folder, garments would not do
    try:
        return fashion_mnist.find(listener=listener)
    except (DataError, EnvironmentFault) as error:
        listener(
            Notice(
                _(
                    "Fashion-MNIST is not available ({text}). Using 'garments' instead, 14,000 simpler pictures drawn "
                    "by kerasnn: everything works, but results do not compare with the lecture's. 'kerasnn data get' "
                    "fetches the real data.",
                    text=error.message,
                )
            )
        )
        return garments()
