"""The forms in which users may hand over their own images, one row each.

A new form takes a row in FORMATS and a module in this package that defines `recognise` and `read`, as `Reader` says.
Every command then takes such data, and the help and error messages name the form. Scripts (`kerasnn code`) refuse it by
name until `kerasnn.scripts.data` can write how it is read.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

from kerasnn.language import N_

if TYPE_CHECKING:
    from kerasnn.data.dataset import Contents


class Reader(Protocol):
    """What the module of a form defines."""

    def recognise(self, path: Path) -> bool:
        """Return True if the data at `path` have this form, judged quickly by names, not by the images."""

    def read(self, path: Path) -> "Contents":
        """Read the images, their labels and the names of the classes. Raises: DataError."""


@dataclass(frozen=True)
class Format:
    """A form of data: how to describe it to users (marked for translation), and its module, a `Reader`."""

    name: str
    looks_like: str
    module: str

    @property
    def reader(self) -> Reader:
        return cast(Reader, import_module(self.module))  # late, because help texts list the forms and need no NumPy


FORMATS: Final = (
    Format("idx", N_("a folder with four IDX files named like MNIST's"), "kerasnn.data.idx_folder"),
    Format("npz", N_("an .npz file with x_train, y_train, x_test and y_test"), "kerasnn.data.npz_file"),
)


def find_format(path: Path) -> Format | None:
    """Return the first form that recognises `path`, or None."""
    try:
        return next((each for each in FORMATS if each.reader.recognise(path)), None)
    except OSError:  # a name that is too long, or a folder that may not be read
        return None
