"""A data set of the user's own: a folder of IDX files, or one `.npz` in the form of Keras' mnist.npz."""

from pathlib import Path
from typing import Final

from kerasnn.data.dataset import Part, RawDataset, checked_part, class_names
from kerasnn.data.files import LEARNING_IMAGES, LEARNING_LABELS, TEST_IMAGES, TEST_LABELS, read_part
from kerasnn.data.npz import NotAnArchive, read_arrays
from kerasnn.errors import DataError
from kerasnn.language import N_, _
from kerasnn.records.data import FASHION_MNIST, GARMENTS

ARRAYS: Final = ("x_train", "y_train", "x_test", "y_test")
FORMS: Final = N_("a folder with the four IDX files of MNIST's names, or an .npz with x_train, y_train, x_test, y_test")
NAMES: Final = "classes.txt"
LARGEST: Final = 2 * 1024**3
LARGEST_NAMES: Final = 1 << 20
LONGEST_NAME: Final = 200


def read(path: Path) -> RawDataset:
    """The data set at `path`; class names come from `classes.txt` in the folder, or beside the `.npz`.

    Raises: DataError where nothing is there, or it is not of the right form.
    """
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except OSError:  # a name longer than any file's
        is_folder = is_file = False
    if is_folder:
        learning = read_part(path, LEARNING_IMAGES, LEARNING_LABELS)
        test = read_part(path, TEST_IMAGES, TEST_LABELS)
        place, labels = path / NAMES, (LEARNING_LABELS.name, TEST_LABELS.name)
    elif is_file:
        learning, test = _read_npz(path)
        place, labels = path.parent / NAMES, ("y_train", "y_test")
    else:
        raise DataError(
            _("there is no data set '{path}'", path=path),
            expected=_("auto, fashion-mnist, garments, {FORMS}", FORMS=_(FORMS)),
            hint=_("kerasnn data show --dataset garments shows one that needs no files"),
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
            hint=_("scale the images of both parts to one size, and write the files again"),
        )
    if len(learning) < 5:
        raise DataError(
            _("{path}: {count} training images", path=path, count=len(learning)),
            expected=_("at least 5, one of which validates"),
            hint=_("collect more images, and write the files again"),
        )
    outlier = labels[_lies_further_out(test, learning)]
    classes = class_names((learning, test), _read_names(place), where=f"{path}, {outlier}")
    location = f"./{path}" if str(path) in (FASHION_MNIST, GARMENTS) else str(path)  # a path, also when loaded again
    return RawDataset(name=path.name, location=location, learning=learning, test=test, classes=classes)


def _lies_further_out(part: Part, other: Part) -> bool:
    """Whether labels that are too high or too low would be found in `part` rather than in `other`."""
    low = min(int(part.labels.min()), 0) < min(int(other.labels.min()), 0)
    return low or int(part.labels.max()) > int(other.labels.max())


def _read_npz(path: Path) -> tuple[Part, Part]:
    try:
        arrays = read_arrays(path, ARRAYS, kinds="iu", limit=LARGEST)
    except (NotAnArchive, OSError) as error:
        raise DataError(
            _("{path} is no readable .npz: {error}", path=path, error=error),
            expected=_(FORMS),
            hint=_("write it again: numpy.savez(path, x_train=..., y_train=..., x_test=..., y_test=...)"),
        ) from None
    return (
        checked_part(arrays["x_train"], arrays["y_train"], where=_("{path}, x_train and y_train", path=path)),
        checked_part(arrays["x_test"], arrays["y_test"], where=_("{path}, x_test and y_test", path=path)),
    )


def _read_names(path: Path) -> tuple[str, ...] | None:
    """The names in the file `path`, or None where there is none."""
    if not path.exists():
        return None
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_NAMES:
            raise _bad_names(path, _("cannot be read: it is no file, or too large"))
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _bad_names(path, _("cannot be read: {error}", error=error)) from None
    names = tuple(line.strip() for line in lines)
    while names and not names[-1]:
        names = names[:-1]
    for number, name in enumerate(names, start=1):
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise _bad_names(path, _("has no name a table could show in line {number}", number=number))
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise _bad_names(path, _("names a class twice: '{twice}'", twice=twice))
    return names


def _bad_names(path: Path, fault: str) -> DataError:
    return DataError(
        _("{path} {fault}", path=path, fault=fault),
        expected=_("one name a line, each another, in UTF-8, in the order of the labels"),
        hint=_("mend {name}, or take it away: then the classes are numbered", name=path.name),
    )
