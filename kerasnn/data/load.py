"""The entry point to data: from a name or a path to a checked and split data set."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

from kerasnn.data import fashion_mnist, published, user_data
from kerasnn.data.dataset import Dataset, RawDataset, split
from kerasnn.data.examine import examined
from kerasnn.data.formats import Asked, find_format
from kerasnn.data.garments import draw
from kerasnn.errors import DataError, EnvironmentFault, UsageError, spelled
from kerasnn.files.paths import expanded
from kerasnn.language import N_, _
from kerasnn.lecture import classes
from kerasnn.records import Listener, Notice, Working, ignore, show_in_notebook
from kerasnn.records.data import FASHION_MNIST, GARMENTS, PUBLISHED
from kerasnn.records.events import ReadWithChanges
from kerasnn.records.note import changes

AUTO: Final = "auto"
KNOWN: Final = (AUTO, FASHION_MNIST, *PUBLISHED, GARMENTS)  # all other names are paths
LONGEST_SIDE: Final = 512  # pixels


@dataclass(frozen=True)
class Source:
    """What to load. `folder`: the folder with the files of a published data set; None searches the usual places.

    `name`: `auto` (Fashion-MNIST, or garments if it is not available), another of KNOWN, or the path of the user's own
    images; None stands for the data that a model was trained on, which `for_model` fills in.
    `size`: rows and columns that a user's pictures are scaled to; None: the size that most of them have.
    `recorded`: the name is one of a run's record, not the user's.
    """

    name: str | Path | None = AUTO
    folder: Path | None = None
    size: tuple[int, int] | None = None
    recorded: bool = False

    def __post_init__(self) -> None:
        if self.folder is not None and self.name not in (None, AUTO, FASHION_MNIST, *PUBLISHED):
            raise UsageError(
                _(
                    "--data-dir names the folder of a published data set and does not go with --dataset {dataset}",
                    dataset=self.name,
                ),
                hint=_("leave out one of the two"),
            )

    def for_model(self, trained_on: str | None, shape: tuple[int, int] | None = None) -> Self:
        """Return the source for a model that was trained on `trained_on`, in images of `shape`; None means unknown."""
        sized = replace(self, size=self.size or shape)
        if self.name is not None:
            return sized
        return replace(sized, name=AUTO if trained_on in (None, FASHION_MNIST) else trained_on, recorded=True)


def source_of(dataset: str | Path | Dataset | None, data_dir: str | Path | None) -> Source | Dataset:
    """Return the source that a public function's arguments name; a Dataset is returned as it is.

    Raises: UsageError if `data_dir` does not go with `dataset`.
    """
    if isinstance(dataset, Dataset):
        return dataset
    known = spelled(dataset, KNOWN) if isinstance(dataset, str) else None
    if known and not expanded(str(dataset)).exists():
        dataset = known
    return Source(dataset, expanded(data_dir) if data_dir is not None else None)


def load_data(
    dataset: str | Path | Dataset = AUTO,
    *,
    data_dir: str | Path | None = None,
    size: tuple[int, int] | None = None,
    listener: Listener = show_in_notebook,
) -> Dataset:
    """Find, check and split a data set; `.train`, `.validation` and `.test` hold the arrays.

    `dataset`: `auto` (Fashion-MNIST, or garments if it is not available), `fashion-mnist`, `mnist`, `kmnist`,
    `emnist-letters`, `garments`, or the path of your own; a Dataset is returned as it is. `data_dir`: the folder with
    the files of a published one. `size`: rows and columns that a folder of pictures is scaled to; None: the size that
    most of them have. What your own data cannot teach is reported to `listener` and noted in `.info.notes`.

    Raises: DataError if the data are missing, unreachable, damaged, all the same or in the wrong format; UsageError if
    `data_dir` or `size` do not go with `dataset`.
    """
    source = source_of(dataset, data_dir)
    if size is not None:
        source = _sized(source, size)
    return load(source, listener)


def _sized(source: Source | Dataset, size: tuple[int, int]) -> Source:
    """Return the source whose pictures are scaled to `size`. Raises: UsageError if its images have one."""
    if not 1 < min(size) <= max(size) <= LONGEST_SIDE:
        raise UsageError(
            _("images of {rows} x {columns} pixels", rows=size[0], columns=size[1]),
            expected=_("sides from 2 to {most} pixels", most=LONGEST_SIDE),
        )
    name = source.info.name if isinstance(source, Dataset) else source.name
    found = isinstance(source, Source) and name not in (None, *KNOWN)
    form = find_format(expanded(name)) if found and name is not None else None
    if isinstance(source, Dataset) or not found or (form is not None and not form.scales):
        raise UsageError(
            _("--size scales pictures, and these images have a size: {data}", data=name),
            expected=_("--dataset with a folder of pictures, or Parquet files"),
            hint=_("leave out --size"),
        )
    return replace(source, size=size)


def load_for_model(
    source: Source | Dataset, trained_on: str | None, shape: tuple[int, int] | None, listener: Listener
) -> Dataset:
    """Load `source` for a model that was trained on `trained_on`, in images of `shape`. Raises: as `load_data`."""
    return load(source if isinstance(source, Dataset) else source.for_model(trained_on, shape), listener)


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
    if source.name in PUBLISHED and not path.exists():  # else a folder of the user's own
        data = split(published.find(str(source.name), source.folder, listener))
        published.refuse_another(data.info)
    elif source.recorded and not path.exists():
        raise DataError(
            _("the images that the model learnt from are not at {place} here", place=path),
            expected=_("the images that the model learnt from"),
            hint=_("name their place on this machine: --dataset PATH"),
        )
    else:
        data = split(user_data.read(path, Asked(source.size, listener=listener)))
    if data.info.conversions:
        listener(ReadWithChanges(changes(data.info.conversions)))
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
