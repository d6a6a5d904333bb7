"""The names of the classes in a user's own data: read them from `classes.txt`, and compare them with the labels."""

from pathlib import Path
from typing import Final

from kerasnn.data.dataset import CLASS_LIMITS, Contents
from kerasnn.errors import DataError
from kerasnn.language import _

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
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _bad_names(path, _("cannot be read: {error}", error=error)) from None
    names = tuple(line.strip() for line in lines)
    while names and not names[-1]:  # empty lines at the end
        names = names[:-1]
    for number, name in enumerate(names, start=1):
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise _bad_names(path, _("has an empty, unprintable or very long name in line {number}", number=number))
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise _bad_names(path, _("names a class twice: '{twice}'", twice=twice))
    return names


def _bad_names(path: Path, fault: str) -> DataError:
    return DataError(
        _("{path} {fault}", path=path, fault=fault),
        expected=_("one name per line, no two alike, in UTF-8, in the order of the labels"),
        hint=_("correct {name}, or remove it: then the classes are numbered", name=path.name),
    )


def class_names(contents: Contents, path: Path) -> tuple[str, ...]:
    """Return the names of the classes, or numbered ones if `contents` has none.

    Raises: DataError if a label is negative or has no name, or there are fewer than 2 or more than 1,000 classes.
    """
    parts = (contents.learning, contents.test)
    lowest = [int(part.labels.min()) for part in parts]
    highest = [int(part.labels.max()) for part in parts]
    names = contents.names
    count = len(names) if names is not None else max(highest) + 1
    fewest, most = CLASS_LIMITS
    if min(lowest) >= 0 and max(highest) < count and fewest <= count <= most:
        return names if names is not None else tuple(f"class {label}" for label in range(count))
    # which file to name in the message: that of the test labels only if they are worse than the others
    in_test = min(0, lowest[1]) < min(0, lowest[0]) or highest[1] > highest[0]
    raise DataError(
        _(
            "{where}: labels from {lowest} to {highest} for {count} classes",
            where=f"{path}, {contents.labels[in_test]}",
            lowest=min(lowest),
            highest=max(highest),
            count=count,
        ),
        expected=_("labels from 0 on, {fewest} to {most:,} classes", fewest=fewest, most=most),
        hint=_("write one name a line into classes.txt beside the files, in the order of the labels")
        if names is not None
        else _("number the classes from 0 on, and write the labels again"),
    )
