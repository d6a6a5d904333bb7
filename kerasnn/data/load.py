"""The one entrance to data: a name or a path in, a checked and split data set out."""

from pathlib import Path
from typing import Final

from kerasnn.data import fashion_mnist
from kerasnn.data import user_data as own
from kerasnn.data.dataset import Dataset, Part, Source, split
from kerasnn.data.garments import draw
from kerasnn.errors import DataError, EnvironmentFault, UsageError
from kerasnn.files.paths import expanded
from kerasnn.language import N_, _
from kerasnn.lecture import classes
from kerasnn.records import Listener, Notice, ignore

AUTO: Final = "auto"
GARMENTS: Final = "garments"


def load_data(
    dataset: str | Path | Dataset = AUTO, *, data_dir: str | Path | None = None, listener: Listener = ignore
) -> Dataset:
    """Find, check and split a data set; `.train`, `.validation` and `.test` hold the arrays.

    `dataset`: `auto` (Fashion-MNIST, or garments if it cannot be had), `fashion-mnist`, `garments`, or the path of
    your own; a Dataset is returned as it is. `data_dir`: the folder with Fashion-MNIST's files.

    Raises: DataError if the data are missing, unreachable, damaged or of the wrong form; UsageError if `data_dir`
    does not go with `dataset`.
    """
    if isinstance(dataset, Dataset):
        return dataset
    folder = Path(data_dir) if data_dir is not None else None
    if data_dir is not None and dataset not in (AUTO, fashion_mnist.NAME):
        raise UsageError(
            _(
                "--data-dir names the folder of Fashion-MNIST's files and does not go with --dataset {dataset}",
                dataset=dataset,
            ),
            hint=_("leave one of the two out"),
        )
    if dataset == GARMENTS:
        return split(garments())
    if dataset == fashion_mnist.NAME:
        return split(fashion_mnist.find(folder, listener))
    if dataset == AUTO:
        return split(_fashion_mnist_or_garments(folder, listener))
    return split(own.read(expanded(dataset)))


def garments() -> Source:
    """The embedded stand-in for Fashion-MNIST, drawn by the program."""
    drawn = draw()
    return Source(
        name=GARMENTS,
        location=N_("drawn by kerasnn"),
        learning=Part(drawn.train_images, drawn.train_labels.astype("int32")),
        test=Part(drawn.test_images, drawn.test_labels.astype("int32")),
        classes=classes.ENGLISH,
        stand_in=True,
    )


def _fashion_mnist_or_garments(data_dir: Path | None, listener: Listener) -> Source:
    if fashion_mnist.named_folder(data_dir) is not None:
        return fashion_mnist.find(data_dir, listener)  # what the user named has to be right
    try:
        return fashion_mnist.find(listener=listener)
    except (DataError, EnvironmentFault) as error:
        listener(
            Notice(
                _(
                    "Fashion-MNIST is not here ({text}). Using 'garments' instead, 14,000 simpler pictures drawn by "
                    "kerasnn: everything runs, but no figure compares with the lecture's. 'kerasnn data get' "
                    "fetches the real data.",
                    text=error.message,
                )
            )
        )
        return garments()
