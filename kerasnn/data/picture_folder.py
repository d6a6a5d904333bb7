"""A data set as a folder of pictures: one folder for each class, perhaps in `train` and `test`."""

from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np

from kerasnn.data import kept_pictures, many_pictures
from kerasnn.data.class_folders import File, Listing, has_pictures, list_pictures, natural
from kerasnn.data.dataset import Contents, Part, checked_part
from kerasnn.data.formats import Asked
from kerasnn.data.many_pictures import read_many
from kerasnn.data.part_names import TEST, part_of
from kerasnn.data.picture_stack import Many, notes_of
from kerasnn.data.user_data import read_class_names
from kerasnn.errors import DataError
from kerasnn.files.untrusted import visible
from kerasnn.language import _, ngettext
from kerasnn.records import Note
from kerasnn.records.codes import Code

SHOWN: Final = 6  # names in a note


def recognise(path: Path) -> bool:
    """Return True for a folder with pictures, in it or in folders in it."""
    return path.is_dir() and has_pictures(path)


def read(path: Path, asked: Asked) -> Contents:
    """Read the pictures of all classes, in grey and in one size; the cache keeps them for the next time.

    The classes are called like their folders, in the order of these names, or in that of a file classes.txt.

    Raises: DataError if a picture is damaged, or there are not pictures of two classes.
    """
    try:
        listing = list_pictures(path)
    except OSError as error:
        raise DataError(_("{path} cannot be read: {error}", path=path, error=error)) from None
    given = None if listing.names is None else read_class_names(Path(listing.names))
    return contents_of(path, listing, given, asked)


def contents_of(path: Path, listing: Listing, given: tuple[str, ...] | None, asked: Asked) -> Contents:
    """Read the pictures of a `listing` of the folder or archive `path`; `given`: the names in a file classes.txt.

    Raises: as `read`.
    """
    names = _class_names(path, listing, given)
    # training before test: the arrays are cut in two
    files = [file for test in (False, True) for file in listing.files if (file.part == TEST) is test]
    found = _pictures(path, files, asked)
    learning = sum(file.part != TEST for file in files)
    numbers = {name: number for number, name in enumerate(names)}
    labels = np.array([numbers[file.name] for file in files], np.int32)
    parts: list[Part | None] = [
        checked_part(found.images[cut], labels[cut], where=str(path)) if len(labels[cut]) else None
        for cut in (slice(learning), slice(learning, None))
    ]
    if parts[0] is None:
        raise _no_classes(path, listing)
    notes = (*notes_of(found), *_notes(listing))
    return Contents(parts[0], parts[1], names, labels=("train", TEST), conversions=notes)


def _pictures(path: Path, files: list[File], asked: Asked) -> Many:
    key = kept_pictures.key_of(files, asked.size)
    if (kept := kept_pictures.find(key)) is not None:
        return kept
    # a tar archive can only be read once, front to back
    order = sorted(range(len(files)), key=lambda place: files[place].within or (0, 0))
    paths, within = [Path(files[place].path) for place in order], [files[place].within for place in order]
    sources = many_pictures.files(paths, (path, within) if path.is_file() else None)
    found = read_many(sources, asked.size, asked.listener)
    found.put(order)
    if kept_pictures.is_at_rest(files):  # what changes meanwhile is never looked for under this key again
        kept_pictures.keep(key, found)
    return found


def _class_names(path: Path, listing: Listing, given: tuple[str, ...] | None) -> tuple[str, ...]:
    names = tuple(sorted({file.name for file in listing.files}, key=natural))
    if len(names) < 2 or all(map(part_of, names)):  # the pictures lie in the folders of the parts
        raise _no_classes(path, listing)
    if given is None or set(given) == set(names):
        return given or names
    raise DataError(
        _("{path} does not name the folders of the classes", path=listing.names),
        expected=_("the names {names}, in the order that you want", names=", ".join(names[:20])),
        hint=_("correct the file, or remove it: then the classes are in the order of their names"),
    )


def _no_classes(path: Path, listing: Listing) -> DataError:
    expected = _("a folder for each class, two at least, with its pictures")
    if listing.table is not None:
        return DataError(
            _(
                "{path} holds pictures in folders of fewer than two classes, and a table: {table}",
                path=path,
                table=listing.table,
            ),
            expected=_("a folder for each class, two at least, with its pictures; a table of file names is not read"),
            hint=_(
                "if the table says the class of each file, let Python copy them: csv.DictReader reads it, and "
                "shutil.copy puts a file into the folder of its class"
            ),
        )
    if len({file.name for file in listing.files}) == 1 and not part_of(listing.files[0].name):
        return DataError(
            _("{path} holds pictures of only one class: {name}", path=path, name=listing.files[0].name),
            expected=expected,
            hint=_("add a folder with pictures of another class beside it; links are not followed"),
        )
    return DataError(
        ngettext(
            "{path} holds {count} file, in no folder of a class",
            "{path} holds {count} files, in no folder of a class",
            len(listing.left_out) + len(listing.files),
            path=path,
        ),
        expected=expected,
        hint=_("move the pictures of each class into a folder with the name of the class; links are not followed"),
    )


def _notes(listing: Listing) -> list[Note]:
    """Return notes of what was not taken, and of what was made of parts and of folders."""
    notes = []
    if listing.left_out:
        first = min(listing.left_out, key=natural).rpartition("/")[2]
        notes.append(Note(Code.FILES_LEFT_OUT, {"count": f"{len(listing.left_out):,}", "name": first}))
    for code, names in ((Code.FOLDERS_EMPTY, listing.empty), (Code.FOLDERS_SHARED, listing.shared)):
        if names:
            some = list(map(visible, sorted(names, key=natural)))
            notes.append(Note(code, {"folders": (*some[:SHOWN], *(["..."] if len(some) > SHOWN else []))}))
    if listing.inside:
        notes.append(Note(Code.PARTS_INSIDE))
    if joined := Counter(file.part for file in listing.files)["validation"]:
        notes.append(Note(Code.PARTS_JOINED, {"count": joined}))
    return notes
