"""List a folder of pictures: a folder for each class, perhaps in folders of the training and of the test part.

What lies in an archive is arranged in the same way.
"""

import os
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kerasnn.data.archives import Within, is_hidden
from kerasnn.data.arrangement import Folders, arrange
from kerasnn.data.csv_tables import is_table
from kerasnn.data.user_data import NAMES_FILE
from kerasnn.errors import DataError, composed
from kerasnn.files.untrusted import visible
from kerasnn.language import _

SUFFIXES: Final = (
    *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".bmp", ".tif", ".tiff", ".webp"),
    *(".ppm", ".pgm", ".pbm", ".avif", ".heic", ".heif"),
)
MOST_ENTRIES: Final = 1_000_000  # files and folders
MOST_FOLDERS: Final = 6  # that a picture lies in
LONGEST_NAME: Final = 200  # characters
LOOKED_AT: Final = 1000  # entries, to recognise such a folder


@dataclass(frozen=True, slots=True)
class Place:
    """A file below a folder or in an archive. `folders`: those that it lies in, the outermost first.

    `state`: what changes if anybody writes to it; None for what is no file, such as a link. `within`: its
    place in an archive, as a Member has it.
    """

    path: str
    name: str
    folders: Folders
    state: tuple[int, ...] | None
    within: Within | None = None

    @property
    def is_picture(self) -> bool:
        return self.state is not None and is_picture(self.name)


@dataclass(frozen=True, slots=True)
class File:
    """A picture's file: its part and its class, and what changes if anybody writes to it."""

    path: str
    inner: str  # path in the data set, with slashes on every system
    part: str
    name: str  # of the class
    state: tuple[int, ...]
    within: Within | None = None  # an archive


@dataclass
class Listing:
    """Pictures in the order that they are counted in; `names`: the path of a file with the names of their classes.

    `left_out`: files that are not pictures, or not in a class folder, as `inner` paths. `empty`: class folders without
    pictures. `table`: one beside the pictures. `inside`: the folders of the parts lie in those of the classes.
    `shared`: the folders in each class folder.
    """

    files: list[File] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    names: str | None = None
    empty: set[str] = field(default_factory=set)
    table: str | None = None
    inside: bool = False
    shared: set[str] = field(default_factory=set)


def has_pictures(path: Path) -> bool:
    """Return True if the first files in the folder, or in folders in it, seem to be pictures."""
    waiting, seen = [(str(path), 0)], 0
    while waiting and seen < LOOKED_AT:
        folder, depth = waiting.pop(0)
        for entry in _entries(folder):
            seen += 1
            if entry.is_dir(follow_symlinks=False):
                waiting += [(entry.path, depth + 1)] if depth < MOST_FOLDERS else []
            elif is_picture(entry.name):
                return True
            if seen >= LOOKED_AT:
                break
    return False


def is_picture(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122  # ten times as fast as Path


def list_pictures(path: Path) -> Listing:
    """List the pictures of each class in `path`, in the order of their names. Raises: DataError; OSError."""
    folders: set[Folders] = set()
    return arranged(path, list(_places(path, folders)), folders)


def arranged(path: Path, places: Sequence[Place], folders: Set[Folders] = frozenset()) -> Listing:
    """Return the pictures among `places`, all that is in the folder or archive `path`. Raises: DataError.

    `folders`: those in it, of which some may be empty.
    """
    pictures = {place.folders for place in places if place.is_picture}
    order = arrange(path, pictures)
    parts = {folder: part for folder in pictures if (part := order.part(folder)) is not None}
    names = {folder: class_name(path, order.class_folder(folder) or "") for folder in parts}
    empty = order.empty({*folders, *(place.folders for place in places)}, pictures)
    listing = Listing(empty=empty, inside=order.inside, shared=order.shared(pictures))
    for place in places:
        inner, folder = "/".join((*place.folders, place.name)), place.folders
        if place.name == NAMES_FILE and folder == order.around[: len(folder)]:
            listing.names = min(place.path, listing.names or place.path, key=len)
        elif place.is_picture and folder in parts:
            state = place.state or ()
            listing.files.append(File(place.path, inner, parts[folder], names[folder], state, place.within))
        elif place.is_picture or order.root(folder) is not None:
            listing.left_out.append(inner)
        if is_table(place.name):
            listing.table = inner
    # the pictures of all classes in turn, if their names number them: as the images were before they became files
    listing.files.sort(key=lambda file: (natural(file.inner.rpartition("/")[2]), natural(file.name), file.inner))
    return listing


def _places(path: Path, inside: set[Folders]) -> Iterator[Place]:
    """Yield what is in a folder and below it, and add the folders in it to `inside`. Raises: DataError; OSError."""
    waiting: list[tuple[str, Folders]] = [(str(path), ())]
    listed = 0
    while waiting:
        place, folders = waiting.pop()
        for entry in _entries(place):
            listed += 1
            if listed > MOST_ENTRIES:
                raise DataError(
                    _("{path} holds more than {most:,} files", path=path, most=MOST_ENTRIES),
                    hint=_("name the folder that holds only the data set"),
                )
            if entry.is_dir(follow_symlinks=False) and len(folders) < MOST_FOLDERS:
                waiting.append((entry.path, (*folders, entry.name)))
                inside.add((*folders, entry.name))
            elif entry.is_file(follow_symlinks=False):
                found = entry.stat(follow_symlinks=False)
                state = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
                yield Place(entry.path, entry.name, folders, state)
            else:
                yield Place(entry.path, entry.name, folders, None)


def _entries(folder: Path | str) -> Iterator["os.DirEntry[str]"]:
    """Yield what is in a folder, but what systems and editors hide in it."""
    with os.scandir(folder) as entries:
        yield from (each for each in entries if not is_hidden(each.name))


def class_name(path: Path, folder: str) -> str:
    """Return the name of the class whose pictures are in `folder`. Raises: DataError if it cannot be shown."""
    name = composed(folder)
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise DataError(
            _("{path}: the folder's name cannot be the name of a class", path=path / visible(folder)),
            expected=_("at most {most} letters that can be shown", most=LONGEST_NAME),
            hint=_("rename the folder"),
        )
    return name.strip()


def natural(name: str) -> tuple[tuple[str | int, ...], str]:
    """Return what names are sorted by: `class 10` comes after `class 9`, and capitals do not matter."""
    pieces = re.split(r"(\d+)", composed(name).casefold())
    return tuple(int(each) if number % 2 else each for number, each in enumerate(pieces)), name
