"""A data set of the user's own: a folder of IDX files, or one `.npz` in the form of Keras' mnist.npz."""

import zipfile
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import Part, Source, checked_part, class_names
from kerasnn.data.files import LEARNING_IMAGES, LEARNING_LABELS, TEST_IMAGES, TEST_LABELS, read_part
from kerasnn.errors import DataError
from kerasnn.language import _

ARRAYS: Final = ("x_train", "y_train", "x_test", "y_test")
FORMS: Final = "a folder with the four IDX files of MNIST's names, or an .npz with x_train, y_train, x_test, y_test"


def read(path: Path) -> Source:
    """The data set at `path`; class names come from `classes.txt` in the folder, or beside the `.npz`.

    Raises: DataError where nothing is there, or it is not of the right form.
    """
    if path.is_dir():
        learning = read_part(path, LEARNING_IMAGES, LEARNING_LABELS)
        test = read_part(path, TEST_IMAGES, TEST_LABELS)
        names = _read_names(path / "classes.txt")
    elif path.is_file():
        learning, test = _read_npz(path)
        names = _read_names(path.parent / "classes.txt")
    else:
        raise DataError(
            _("there is no data set '{path}'", path=path),
            expected=_("auto, fashion-mnist, garments, {FORMS}", FORMS=FORMS),
        )
    if learning.images.shape[1:] != test.images.shape[1:]:
        raise DataError(
            _(
                "{path}: training images are {shape}, test images {shape2}",
                path=path,
                shape=learning.images.shape[1:],
                shape2=test.images.shape[1:],
            ),
            expected=_("images of one size"),
        )
    if len(learning) < 5:
        raise DataError(
            _("{path}: {count} training images", path=path, count=len(learning)),
            expected=_("at least 5, one of which validates"),
        )
    classes = class_names((learning, test), names, where=str(path))
    return Source(name=path.name, location=str(path), learning=learning, test=test, classes=classes)


def _read_npz(path: Path) -> tuple[Part, Part]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            missing = [name for name in ARRAYS if name not in archive]
            if missing:
                raise DataError(_("{path} has no array {names}", path=path, names=", ".join(missing)), expected=FORMS)
            arrays: list[NDArray[np.generic]] = [archive[name] for name in ARRAYS]
    except (OSError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(_("{path} is no readable .npz: {error}", path=path, error=error), expected=FORMS) from None
    learning_images, learning_labels, test_images, test_labels = arrays
    return (
        checked_part(learning_images, learning_labels, where=f"{path}, x_train and y_train"),
        checked_part(test_images, test_labels, where=f"{path}, x_test and y_test"),
    )


def _read_names(path: Path) -> tuple[str, ...] | None:
    if not path.is_file():
        return None
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            _("{path} cannot be read: {error}", path=path, error=error), expected=_("one name a line, in UTF-8")
        ) from None
    names = tuple(line.strip() for line in lines if line.strip())
    if len(set(names)) != len(names):
        raise DataError(_("{path} names a class twice", path=path), expected=_("one name a line, each another"))
    return names
