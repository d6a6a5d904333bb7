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
from kerasnn.data.user_data import NAMES_FILE
from kerasnn.errors import DataError, composed
from kerasnn.files.untrusted import visible
from kerasnn.language import _

SUFFIXES: Final = (
    *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".bmp", ".tif", ".tiff", ".webp"),
    *(".ppm", ".pgm", ".pbm", ".avif", ".heic", ".heif"),
)
TRAIN: Final = "train"
PARTS: Final = {
    TRAIN: ("train", "training"),
    "test": ("test", "testing"),
    "validation": ("val", "valid", "validation"),
}
MOST_ENTRIES: Final = 1_000_000  # files and folders
DEEPEST: Final = 2  # folders from that of a class to a picture
MOST_FOLDERS: Final = 6  # that a picture lies in
LONGEST_NAME: Final = 200  # characters
LOOKED_AT: Final = 1000  # entries, to recognise such a folder

Folders = tuple[str, ...]


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

    `left_out`: files that are not pictures, or not in a class folder, as `inner` paths.
    """

    files: list[File] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    names: str | None = None


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
    return arranged(path, list(_places(path)))


def arranged(path: Path, places: Sequence[Place]) -> Listing:
    """Return the pictures among `places`, all that is in the folder or archive `path`. Raises: DataError."""
    pictures = {place.folders for place in places if is_picture(place.name) and place.state is not None}
    around = _around(pictures)
    parts = _parts(pictures, len(around))
    depth = len(around) + bool(parts)  # of the classes' folders
    names = {name: class_name(path, name) for name in {folders[depth] for folders in pictures if len(folders) > depth}}
    listing = Listing()
    for place in places:
        inner = "/".join((*place.folders, place.name))
        folders, is_one = place.folders, is_picture(place.name) and place.state is not None
        part = parts.get(folders[depth - 1]) if parts and len(folders) >= depth else None if parts else TRAIN
        inside = folders[: len(around)] == around and part is not None
        if place.name == NAMES_FILE and folders == around[: len(folders)]:
            listing.names = min(place.path, listing.names or place.path, key=len)
        elif inside and is_one and depth < len(folders) <= depth + DEEPEST:
            name, state = names[folders[depth]], place.state or ()
            listing.files.append(File(place.path, inner, str(part), name, state, place.within))
        elif inside or is_one:
            listing.left_out.append(inner)
    # the pictures of all classes in turn, if their names number them: as the images were before they became files
    listing.files.sort(key=lambda file: (natural(file.inner.rpartition("/")[2]), natural(file.name), file.inner))
    return listing


def _around(pictures: Set[Folders]) -> Folders:
    """Return the folders around those of the parts or classes, such as one called like the archive that it was in."""
    around: Folders = ()
    while len(first := {folders[: len(around) + 1] for folders in pictures if len(folders) > len(around)}) == 1:
        (deeper,) = first
        if part_of(deeper[-1]) or deeper in pictures:  # a part, or a class
            break
        around = deeper
    return around


def _parts(pictures: Set[Folders], depth: int) -> dict[str, str]:
    """Return the part that each folder at this `depth` holds; none if these are the folders of the classes."""
    found: dict[str, str] = {}
    # without folders in it, it is a class: of things that are called so, such as trains
    for name in sorted({folders[depth] for folders in pictures if len(folders) > depth + 1}):
        part = part_of(name)
        if part and part not in found.values():
            found[name] = part
    return found if TRAIN in found.values() else {}


def _places(path: Path) -> Iterator[Place]:
    """Yield what is in a folder and below it. Raises: DataError; OSError."""
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


def part_of(name: str) -> str | None:
    """Return which part a folder of this name holds: `train`, `test` or `validation`; None if it tells none."""
    words = re.split(r"[\W\d_]+", name.casefold())
    return next((part for part, names in PARTS.items() if any(word in names for word in words)), None)


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
