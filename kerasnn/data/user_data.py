"""Read a user's own data set, in any of the formats of `formats`."""

from pathlib import Path

from kerasnn.data.class_names import class_names
from kerasnn.data.dataset import Contents, RawDataset
from kerasnn.data.formats import FORMATS, find_format
from kerasnn.errors import DataError
from kerasnn.language import _
from kerasnn.records.data import FASHION_MNIST, GARMENTS


def read(path: Path) -> RawDataset:
    """Read the data set at `path`.

    Raises: DataError if nothing is there, it has none of these formats, or it is damaged.
    """
    found = find_format(path)
    if found is None:
        raise _not_recognised(path)
    contents = found.reader.read(path)
    _check_images(contents, path)
    classes = class_names(contents, path)
    # a folder may be called like a known data set; with ./ its location still means the folder when loaded again
    location = f"./{path}" if str(path) in (FASHION_MNIST, GARMENTS) else str(path)
    return RawDataset(path.name, location, learning=contents.learning, test=contents.test, classes=classes)


def _not_recognised(path: Path) -> DataError:
    try:
        there = path.exists()
    except OSError:  # a name that is too long
        there = False
    return DataError(
        _("{path} is not in a form that kerasnn reads", path=path)
        if there
        else _("there is no data set '{path}'", path=path),
        expected=_(
            "auto, fashion-mnist, garments, or the path of: {forms}",
            forms="; ".join(_(each.looks_like) for each in FORMATS),
        ),
        hint=_("kerasnn data show --dataset garments shows one that needs no files"),
    )


def _check_images(contents: Contents, path: Path) -> None:
    learning, test = contents.learning, contents.test
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
