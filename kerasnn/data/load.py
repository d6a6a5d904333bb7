"""The entry point to data: from a name or a path to a checked and split data set, and a summary of it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from kerasnn.data import fashion_mnist, user_data
from kerasnn.data.blocks import histogram
from kerasnn.data.dataset import Dataset, Part, RawDataset, as_pixels, split
from kerasnn.data.examine import examined
from kerasnn.data.garments import draw
from kerasnn.errors import DataError, EnvironmentFault, UsageError, spelled
from kerasnn.files.paths import expanded
from kerasnn.language import N_, _
from kerasnn.lecture import classes
from kerasnn.records import DataOverview, Listener, Notice, Pixels, PixelStatistics, Working, ignore, show_in_notebook
from kerasnn.records.data import FASHION_MNIST, GARMENTS
from kerasnn.records.note import sentence

AUTO: Final = "auto"
KNOWN: Final = (AUTO, FASHION_MNIST, GARMENTS)  # all other names are paths


@dataclass(frozen=True)
class Source:
    """What to load. `folder`: the folder with Fashion-MNIST's files; None searches the usual places.

    `name`: `auto` (Fashion-MNIST, or garments if it is not available), `fashion-mnist`, `garments`, or the path of the
    user's own images; None stands for the data that a model was trained on, which `for_model` fills in.
    `recorded`: the name is one of a run's record, not the user's.
    """

    name: str | Path | None = AUTO
    folder: Path | None = None
    recorded: bool = False

    def __post_init__(self) -> None:
        if self.folder is not None and self.name not in (None, AUTO, FASHION_MNIST):
            raise UsageError(
                _(
                    "--data-dir names the folder of Fashion-MNIST's files and does not go with --dataset {dataset}",
                    dataset=self.name,
                ),
                hint=_("leave out one of the two"),
            )

    def for_model(self, trained_on: str | None) -> Self:
        """Return the source for a model that was trained on `trained_on`; None means unknown."""
        if self.name is not None:
            return self
        return replace(self, name=AUTO if trained_on in (None, FASHION_MNIST) else trained_on, recorded=True)


def source_of(dataset: str | Path | Dataset | None, data_dir: str | Path | None) -> Source | Dataset:
    """Return the source that a public function's arguments name; a Dataset is returned as it is.

    Raises: UsageError if `data_dir` does not go with `dataset`.
    """
    if isinstance(dataset, Dataset):
        return dataset
    known = spelled(dataset, KNOWN) if isinstance(dataset, str) else None
    if known and not expanded(str(dataset)).exists():
        dataset = known
    return Source(dataset, Path(data_dir) if data_dir is not None else None)


def load_data(
    dataset: str | Path | Dataset = AUTO, *, data_dir: str | Path | None = None, listener: Listener = show_in_notebook
) -> Dataset:
    """Find, check and split a data set; `.train`, `.validation` and `.test` hold the arrays.

    `dataset`: `auto` (Fashion-MNIST, or garments if it is not available), `fashion-mnist`, `garments`, or the path of
    your own; a Dataset is returned as it is. `data_dir`: the folder with Fashion-MNIST's files. What your own data
    cannot teach is reported to `listener` and noted in `.info.notes`.

    Raises: DataError if the data are missing, unreachable, damaged, all the same or in the wrong format; UsageError if
    `data_dir` does not go with `dataset`.
    """
    return load(source_of(dataset, data_dir), listener)


def load(source: Source | Dataset, listener: Listener = ignore) -> Dataset:
    """Load the data set that `source` names; a Dataset is returned as it is. Raises: as `load_data`."""
    if isinstance(source, Dataset):
        return source
    listener(Working("reading"))
    if source.name == GARMENTS:
        return split(garments())
    if source.name == FASHION_MNIST:
        return split(fashion_mnist.find(source.folder, listener))
    if source.name in (None, AUTO):  # None: the model's data are unknown
        return split(_fashion_mnist_or_garments(source.folder, listener))
    path = expanded(source.name)
    if source.recorded and not path.exists():
        raise DataError(
            _("the images that the model learnt from are not at {place} here", place=path),
            expected=_("the images that the model learnt from"),
            hint=_("name their place on this machine: --dataset PATH"),
        )
    data = split(user_data.read(path))
    if data.info.conversions:
        listener(Notice(_("Read with changes: {changes}.", changes="; ".join(map(sentence, data.info.conversions)))))
    return examined(data, listener)


def garments() -> RawDataset:
    """Draw the stand-in for Fashion-MNIST that needs no files."""
    learning, test = draw()
    return RawDataset(GARMENTS, N_("drawn by kerasnn"), learning, test, classes.ENGLISH, stand_in=True)


def _fashion_mnist_or_garments(data_dir: Path | None, listener: Listener) -> RawDataset:
    if fashion_mnist.named_folder(data_dir) is not None:
        return fashion_mnist.find(data_dir, listener)  # if the user named a folder, garments would not do
    try:
        return fashion_mnist.find(listener=listener)
    except (DataError, EnvironmentFault) as error:
        text = _(
            "Fashion-MNIST is not available ({text}). Using 'garments' instead, 14,000 simpler pictures drawn by "
            "kerasnn: everything works, but results do not compare with the lecture's. 'kerasnn data get' fetches the "
            "real data.",
            text=error.message,
        )
        listener(Notice(text))
        return garments()


SAMPLES: Final = 12  # at most, of each class
SAMPLE_SIDE: Final = 112  # pixels; of larger images, only every second, or third, or ... pixel is kept
MOST_PIXELS: Final = 10_000_000  # of all samples, each an integer of Python


def data_overview(
    dataset: str | Path | Dataset = AUTO, *, data_dir: str | Path | None = None, listener: Listener = show_in_notebook
) -> DataOverview:
    """Count the images of each class in the three parts, and measure the training pixels, raw and divided by 255.

    `dataset`, `data_dir`: as in `load_data`. Raises: DataError, UsageError.
    Source: lecture, "normalising".
    """
    data = load_data(dataset, data_dir=data_dir, listener=listener)
    counts = [np.bincount(part.labels, minlength=data.classes) for part in (data.train, data.validation, data.test)]
    rows = zip(data.info.classes, *(map(int, column) for column in counts), strict=True)
    raw = _statistics(data.train.images)
    normalised = PixelStatistics(*(value / 255 for value in (raw.minimum, raw.maximum, raw.mean, raw.deviation)))
    return DataOverview(data.info, tuple(rows), raw, normalised, _samples(data.train, data.classes))


def _samples(part: Part, classes: int) -> tuple[tuple[Pixels, ...], ...]:
    step = -(-max(part.images.shape[1:]) // SAMPLE_SIDE)  # rounded up
    thinned = part.images[:, ::step, ::step]
    count = min(SAMPLES, max(1, MOST_PIXELS // (classes * thinned[0].size)))
    return tuple(
        tuple(map(as_pixels, thinned[np.flatnonzero(part.labels == label)[:count]])) for label in range(classes)
    )


def _statistics(images: NDArray[np.uint8]) -> PixelStatistics:
    # from a histogram: exact, and without a copy of all pixels in float64
    counts = histogram(images).astype(float)
    values, total = np.arange(256), counts.sum()
    mean = float(counts @ values / total)
    deviation = float(np.sqrt(counts @ (values - mean) ** 2 / total))
    seen = np.flatnonzero(counts)
    return PixelStatistics(float(seen[0]), float(seen[-1]), mean, deviation)
