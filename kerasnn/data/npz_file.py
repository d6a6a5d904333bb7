"""A data set in one `.npz` file, with the arrays of Keras' mnist.npz."""

from pathlib import Path
from typing import Final

from kerasnn.data.class_names import NAMES_FILE, read_class_names
from kerasnn.data.dataset import Contents, checked_part
from kerasnn.data.npz import NotAnArchive, read_arrays
from kerasnn.errors import DataError
from kerasnn.language import _

ARRAYS: Final = ("x_train", "y_train", "x_test", "y_test")
LARGEST: Final = 2 * 1024**3


def recognise(path: Path) -> bool:
    """Return True for a file whose name ends in `.npz`, or that begins like a zip archive."""
    if not path.is_file():  # opening a pipe would wait for a writer
        return False
    if path.suffix == ".npz":
        return True
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def read(path: Path) -> Contents:
    """Read the four arrays of `path` and, if there is a `classes.txt` beside it, the names of the classes.

    Raises: DataError if the file is damaged, or an array is missing or has the wrong type or shape.
    """
    try:
        arrays = read_arrays(path, ARRAYS, kinds="iu", limit=LARGEST)
    except (NotAnArchive, OSError) as error:
        raise DataError(
            _("{path} is not a readable .npz file: {error}", path=path, error=error),
            expected=_("an .npz file with x_train, y_train, x_test and y_test"),
            hint=_("write it again: numpy.savez(path, x_train=..., y_train=..., x_test=..., y_test=...)"),
        ) from None
    return Contents(
        learning=checked_part(arrays["x_train"], arrays["y_train"], where=_("{path}, x_train and y_train", path=path)),
        test=checked_part(arrays["x_test"], arrays["y_test"], where=_("{path}, x_test and y_test", path=path)),
        names=read_class_names(path.parent / NAMES_FILE),
        labels=("y_train", "y_test"),
    )
