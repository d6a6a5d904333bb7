"""List a folder of pictures: a folder for each class, perhaps in folders of the training and of the test part."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kerasnn.errors import DataError, composed
from kerasnn.language import _

SUFFIXES: Final = (
    *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".bmp", ".tif", ".tiff", ".webp"),
    *(".ppm", ".pgm", ".pbm", ".avif", ".heic", ".heif"),
)
PARTS: Final = {
    "train": ("train", "training"),
    "test": ("test", "testing"),
    "validation": ("val", "valid", "validation"),
}
MOST_ENTRIES: Final = 1_000_000  # files and folders
DEEPEST: Final = 2  # folders from that of a class to a picture
LONGEST_NAME: Final = 200  # characters
LOOKED_AT: Final = 1000  # entries, to recognise such a folder


@dataclass(frozen=True)
class File:
    """A picture's file: its part and its class, and what changes if anybody writes to it."""

    path: str
    part: str
    name: str  # of the class
    state: tuple[int, ...]


@dataclass
class Listing:
    """What lies in a folder. `left_out`: files and folders that are no pictures of a class, links among them."""

    files: list[File] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    entries: int = 0


def has_pictures(path: Path) -> bool:
    """Return True if the first files in the folder, or in folders in it, seem to be pictures."""
    waiting, seen = [(path, 0)], 0
    while waiting and seen < LOOKED_AT:
        folder, depth = waiting.pop(0)
        for entry in _entries(folder):
            seen += 1
            if entry.is_dir(follow_symlinks=False):
                waiting += [(Path(entry.path), depth + 1)] if depth <= DEEPEST else []
            elif is_picture(entry.name):
                return True
            if seen >= LOOKED_AT:
                break
    return False


def is_picture(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122  # ten times as fast as Path


def list_pictures(path: Path) -> Listing:
    """List the pictures of each class in `path`, in the order of their names. Raises: DataError; OSError."""
    listing = Listing()
    parts = _parts(path)
    folders = {str(folder) for folder in parts.values()}
    for part, folder in parts.items():
        for entry in _entries(folder):
            listing.entries += 1
            if entry.is_dir(follow_symlinks=False) and entry.path not in folders:
                _list_class(listing, entry, part, class_name(entry))
            elif not entry.is_dir(follow_symlinks=False):
                listing.left_out.append(entry.path)
    # the pictures of all classes in turn, if their names number them: as the images were before they became files
    listing.files.sort(key=lambda file: (natural(file.path.rpartition(os.sep)[2]), natural(file.name), file.path))
    return listing


def _list_class(listing: Listing, folder: "os.DirEntry[str]", part: str, name: str) -> None:
    waiting = [(folder.path, 1)]
    while waiting:
        place, depth = waiting.pop()
        for entry in _entries(Path(place)):
            listing.entries += 1
            if listing.entries > MOST_ENTRIES:
                raise DataError(
                    _("{path} holds more than {most:,} files", path=folder.path, most=MOST_ENTRIES),
                    hint=_("name the folder that holds only the data set"),
                )
            if entry.is_dir(follow_symlinks=False) and depth < DEEPEST:
                waiting.append((entry.path, depth + 1))
            elif entry.is_file(follow_symlinks=False) and is_picture(entry.name):
                found = entry.stat(follow_symlinks=False)
                state = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
                listing.files.append(File(entry.path, part, name, state))
            else:
                listing.left_out.append(entry.path)


def _entries(folder: Path) -> Iterator["os.DirEntry[str]"]:
    """Yield what is in a folder, but what systems and editors hide in it."""
    with os.scandir(folder) as entries:
        yield from (each for each in entries if not each.name.startswith(".") and each.name != "__MACOSX")


def _parts(path: Path) -> dict[str, Path]:
    """Return the folder of each part; if there are none, `path` holds the classes of the training part."""
    folders = [each for each in _entries(path) if each.is_dir(follow_symlinks=False)]
    if len(folders) == 1 and part_of(folders[0].name) is None and len(found := _parts_in(Path(folders[0].path))) > 1:
        return found  # an archive that was unpacked into a folder of its own name
    return _parts_in(path) or {"train": path}


def _parts_in(path: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for entry in sorted(_entries(path), key=lambda each: each.name):
        part = part_of(entry.name) if entry.is_dir(follow_symlinks=False) else None
        # without folders in it, it is a class: of things that are called so, such as trains
        if (
            part
            and part not in found
            and any(each.is_dir(follow_symlinks=False) for each in _entries(Path(entry.path)))
        ):
            found[part] = Path(entry.path)
    return found if "train" in found else {}


def part_of(name: str) -> str | None:
    """Return which part a folder of this name holds: `train`, `test` or `validation`; None if it tells none."""
    words = re.split(r"[\W\d_]+", name.casefold())
    return next((part for part, names in PARTS.items() if any(word in names for word in words)), None)


def class_name(folder: "os.DirEntry[str]") -> str:
    """Return the name of the class whose pictures are in `folder`. Raises: DataError if it cannot be shown."""
    name = composed(folder.name)
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise DataError(
            _("{path}: the folder's name cannot be the name of a class", path=folder.path),
            expected=_("at most {most} letters that can be shown", most=LONGEST_NAME),
            hint=_("rename the folder"),
        )
    return name.strip()


def natural(name: str) -> tuple[tuple[str | int, ...], str]:
    """Return what names are sorted by: `class 10` comes after `class 9`, and capitals do not matter."""
    pieces = re.split(r"(\d+)", composed(name).casefold())
    return tuple(int(each) if number % 2 else each for number, each in enumerate(pieces)), name
