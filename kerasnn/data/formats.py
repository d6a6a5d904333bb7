"""The formats in which users may provide their own images, one row each.

To add a format, add a row to FORMATS and a module to this package that defines `recognise` and `read`, as in `Reader`.
Every command then takes such data, and help and error messages name the format. Scripts (`kerasnn code`) refuse it by
name until a module of `kerasnn.scripts.readings` writes code that reads it.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

from kerasnn.language import N_
from kerasnn.records.events import Listener, ignore

if TYPE_CHECKING:
    from kerasnn.data.dataset import Contents


@dataclass(frozen=True)
class Asked:
    """How to read data. `size`: rows and columns that pictures are scaled to; None: the size that most of them have.

    `prefix`: that of the files' names, where several data sets lie together. `listener`: is told how many images have
    been read.
    """

    size: tuple[int, int] | None = None
    prefix: str | None = None
    listener: Listener = ignore


class Reader(Protocol):
    """What the module of a format defines."""

    def recognise(self, path: Path) -> bool:
        """Return True if the data at `path` have this format, judged quickly, without reading the images."""

    def read(self, path: Path, asked: Asked) -> "Contents":
        """Read the images, their labels and the names of the classes, as `asked`. Raises: DataError."""


@dataclass(frozen=True)
class Format:
    """A data format. `looks_like`: its description for users, to be translated. `module`: that of its `Reader`.

    `scales`: whether that can bring its images into any size.
    """

    name: str
    looks_like: str
    module: str
    scales: bool = False

    @property
    def reader(self) -> Reader:
        return cast(Reader, import_module(self.module))  # late: help texts list the formats without NumPy


FORMATS: Final = (
    Format("idx", N_("a folder or archive with IDX files named like MNIST's"), "kerasnn.data.idx_files"),
    Format("csv", N_("a CSV file with a label and the pixels of an image in each line"), "kerasnn.data.csv_files"),
    Format("parquet", N_("Parquet files with columns image and label"), "kerasnn.data.parquet_files", scales=True),
    Format("npz", N_("an .npz file with x_train, y_train, x_test and y_test, or similar names"), "kerasnn.data.npz"),
    Format(
        "pictures",
        N_("a folder with one folder of pictures for each class"),
        "kerasnn.data.picture_folder",
        scales=True,
    ),
    Format(
        "picture-archive",
        N_("a zip or tar archive with a folder of pictures for each class"),
        "kerasnn.data.picture_archive",
        scales=True,
    ),
)
SCALED: Final = tuple(row.name for row in FORMATS if row.scales)


def find_format(path: Path, recorded: str | None = None) -> Format | None:
    """Return the format whose name was `recorded` for `path`, else the first that recognises `path`, or None."""
    named = next((each for each in FORMATS if each.name == recorded), None)
    try:
        return named or next((each for each in FORMATS if each.reader.recognise(path)), None)
    except OSError:  # a name that is too long, or a folder that may not be read
        return None
