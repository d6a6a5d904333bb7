"""Read a user's own data set, in any of the formats of `formats`, and the names of its classes."""

import os.path
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from kerasnn.data.addresses import address_fault
from kerasnn.data.dataset import CLASS_LIMITS, Contents, Part, RawDataset, hold_out, other_size
from kerasnn.data.formats import FORMATS, Asked, find_format
from kerasnn.data.unrecognised import describe
from kerasnn.errors import DataError, composed, did_you_mean
from kerasnn.language import _, ngettext
from kerasnn.records import Note
from kerasnn.records.codes import Code
from kerasnn.records.data import FASHION_MNIST, GARMENTS, PUBLISHED


def read(path: Path, asked: Asked | None = None) -> RawDataset:
    """Read the data set at `path`, as `asked`.

    Raises: DataError if nothing is there, it has none of these formats, or it is damaged.
    """
    found = find_format(path)
    if found is None:
        raise _not_recognised(path)
    raw = as_raw(found.reader.read(path, asked or Asked()), path, found.name)
    # a folder may be called like a known data set; with ./ its location still means the folder when loaded again
    return replace(raw, location=f"./{path}") if str(path) in (FASHION_MNIST, GARMENTS, *PUBLISHED) else raw


def as_raw(contents: Contents, path: Path, form: str) -> RawDataset:
    """Check and complete the `contents` of `path`, whose format is called `form`. Raises: DataError."""
    learning, test, conversions = contents.learning, contents.test, contents.conversions
    if test is None:
        learning, test = hold_out(learning)
        conversions += (Note(Code.TEST_HELD_OUT, {"count": len(test)}),)
    _check_images(learning, test, path)
    classes = class_names(contents, path)
    return RawDataset(path.name, str(path), learning, test, classes, form=form, conversions=conversions)


def _not_recognised(path: Path) -> DataError:
    remedy: str | None = _("kerasnn data show --dataset garments shows one that needs no files")
    if os.path.exists(path):  # noqa: PTH110  Path.exists raises for a name that is too long
        what, nearer = describe(path)
        message = _("{path} is not in a form that kerasnn reads: {what}", path=path, what=what)
        remedy = nearer or remedy
    elif fault := address_fault(path):
        return fault
    else:
        message = _("there is no data set '{path}'", path=path)
        remedy = did_you_mean(str(path), (FASHION_MNIST, *PUBLISHED, GARMENTS), remedy)
    return DataError(
        message,
        expected=_(
            "auto, {names}, or the path of: {forms}",
            names=", ".join((FASHION_MNIST, *PUBLISHED, GARMENTS)),
            forms="; ".join(_(each.looks_like) for each in FORMATS),
        ),
        hint=remedy,
    )


def _check_images(learning: Part, test: Part, path: Path) -> None:
    if learning.images.shape[1:] != test.images.shape[1:]:
        raise other_size(path, learning, test)
    if len(learning) < 5:
        raise DataError(
            ngettext("{path}: {count} training image", "{path}: {count} training images", len(learning), path=path),
            expected=_("at least 5, one of which is kept for validation"),
            hint=_("collect more images, and write the files again"),
        )


NAMES_FILE: Final = "classes.txt"
LARGEST: Final = 1 << 20  # bytes
LONGEST_NAME: Final = 200  # characters


def read_class_names(path: Path) -> tuple[str, ...] | None:
    """Return the names in the file `path`, one per line in the order of the labels; None if there is no such file.

    Raises: DataError if the file cannot be read, or a name is empty, too long, unprintable or repeated.
    """
    if not path.exists():
        return None
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            raise _bad_names(path, _("cannot be read: it is not a file, or too large"))
        return names_in(path.read_bytes(), path)
    except OSError as error:
        raise _bad_names(path, _("cannot be read: {error}", error=error)) from None


def names_in(content: bytes, where: Path) -> tuple[str, ...]:
    """Return the names in the `content` of the file `where`. Raises: as `read_class_names`."""
    if len(content) > LARGEST:
        raise _bad_names(where, _("cannot be read: it is not a file, or too large"))
    try:
        lines = content.decode("utf-8-sig").rstrip().splitlines()  # some editors write a byte-order mark
    except UnicodeDecodeError as error:
        raise _bad_names(where, _("cannot be read: {error}", error=error)) from None
    return checked_names(lines, where)


def class_names_beside(path: Path) -> tuple[str, ...] | None:
    """Return the names in the `classes.txt` in the folder `path`, or beside the file. Raises: as `read_class_names`."""
    return read_class_names((path if path.is_dir() else path.parent) / NAMES_FILE)


def checked_names(given: Sequence[str], where: Path | str) -> tuple[str, ...]:
    """Return the names `given`, in Unicode's composed form. Raises: as `read_class_names`; `where`: their place."""
    names = tuple(composed(line.strip()) for line in given)
    for number, name in enumerate(names, start=1):
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise _bad_names(where, _("has an empty, unprintable or very long name in line {number}", number=number))
    twice = next((name for name, count in Counter(names).items() if count > 1), None)
    if twice is not None:
        raise _bad_names(where, _("names a class twice: '{twice}'", twice=twice))
    return names


def _bad_names(where: Path | str, fault: str) -> DataError:
    return DataError(
        _("{path} {fault}", path=where, fault=fault),
        expected=_("one name per line, no two alike, in UTF-8, in the order of the labels"),
        hint=_("correct {name}, or remove it: then the classes are numbered", name=getattr(where, "name", where)),
    )


def numbered(count: int) -> tuple[str, ...]:
    """Return the names of classes that have none."""
    return tuple(f"class {label}" for label in range(count))


def class_names(contents: Contents, path: Path) -> tuple[str, ...]:
    """Return the names of the classes, or numbered ones if `contents` has none.

    Raises: DataError if a label is negative or has no name, all are equal, or there are more than 1,000 classes.
    """
    parts = [part for part in (contents.learning, contents.test) if part is not None]
    lowest = [int(part.labels.min()) for part in parts]
    highest = [int(part.labels.max()) for part in parts]
    names = contents.names
    count = len(names) if names is not None else max(highest) + 1
    fewest, most = CLASS_LIMITS
    if names is None and min(lowest) == max(highest):
        raise DataError(
            _(
                "{path}: all labels are {label}, and a network needs two classes to learn anything",
                path=path,
                label=lowest[0],
            ),
            expected=_("images of at least two classes, numbered from 0 on"),
            hint=_("add images of another class, or check how the labels were written"),
        )
    if min(lowest) >= 0 and max(highest) < count and fewest <= count <= most:
        return names if names is not None else numbered(count)
    faults = (
        low < 0 or high >= (count if names is not None else most) for low, high in zip(lowest, highest, strict=True)
    )
    part = next((number for number, fault in enumerate(faults) if fault), 0)
    raise DataError(
        _(
            "{where}: labels from {lowest} to {highest} for {count} classes",
            where=f"{path}, {contents.labels[part]}",
            lowest=lowest[part],
            highest=highest[part],
            count=count,
        ),
        expected=_("labels from 0 on, {fewest} to {most:,} classes", fewest=fewest, most=most),
        hint=_("write one name a line into classes.txt beside the files, in the order of the labels")
        if names is not None
        else _("number the classes from 0 on, and write the labels again"),
    )
