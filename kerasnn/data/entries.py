"""Find files by name in a folder and those below it, or in a zip or tar archive, which is never unpacked to disk."""

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from typing import Final

from kerasnn.data.archives import Opened, base_name, is_archive, is_hidden, members, unreadable, zip_names
from kerasnn.data.copies import unmarked
from kerasnn.files.packed import is_zip
from kerasnn.language import _

DEEPEST: Final = 3  # folders below the one named
LARGEST: Final = 2 * 1024**3  # bytes of an IDX file, or of all that are read from a tar archive
MOST_LISTED: Final = 1000  # entries of a folder or an archive that are looked at

Wanted = Callable[[str], object]  # of a file's name without its folders and mark: whether it is looked for


@dataclass(frozen=True)
class Entry:
    """A file that is not read yet, in a folder or an archive.

    `where`: its path, for messages. `depth`: the number of folders above it. `size`: its bytes; `packed`: those that it
    takes on the disk. `member`: its name in an archive, as that has it.
    """

    name: str
    where: str
    depth: int
    size: int
    packed: int
    open: Opened
    member: str | None = None

    @property
    def plain(self) -> str:
        """The name without the mark of a copy, which tells what the file holds."""
        return unmarked(self.name)

    @property
    def folder(self) -> str:
        return str(PurePath(self.where).parent)


def of_file(path: Path, depth: int = 0) -> Entry:
    size = path.stat().st_size
    return Entry(path.name, str(path), depth, size, size, lambda: path.open("rb"))


def entries(path: Path, wanted: Wanted, *, first: bool = False) -> list[Entry]:
    """Return the files at `path` whose names are `wanted`: none if it is neither a folder nor an archive.

    `first`: one is enough, to know whether there are any; it may be empty.

    Raises: DataError if an archive is damaged or not safe to read.
    """
    if path.is_dir():
        return [of_file(file, depth) for file, depth in _walk(path) if wanted(unmarked(file.name))]
    return _in_archive(path, wanted, first) if is_archive(path) else []


def _walk(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield the files in `folder` and below it with their depth, the uppermost first; no links to folders."""
    level, listed = [folder], 0
    for depth in range(DEEPEST + 1):
        below = []
        for each in level:
            with os.scandir(each) as found:
                for entry in found:
                    listed += 1
                    if listed > MOST_LISTED:
                        return
                    if entry.is_dir(follow_symlinks=False):
                        below.append(Path(entry.path))
                    elif entry.is_file() and not is_hidden(entry.name):
                        yield Path(entry.path), depth
        level = below


def _in_archive(path: Path, wanted: Wanted, first: bool) -> list[Entry]:
    found: list[Entry] = []
    if is_zip(path) and not any(wanted(unmarked(base_name(name))) for name in zip_names(path)[:MOST_LISTED]):
        return []
    left = LARGEST
    for number, member in enumerate(members(path), start=1):
        if number > MOST_LISTED:
            if found:
                raise unreadable(path, _("it has more than {most:,} members", most=MOST_LISTED), MOST_LISTED)
            break
        name = base_name(member.name)
        if not wanted(unmarked(name)) or any(map(is_hidden, (*member.folders, name))):
            continue
        opened = member.open_later
        if opened is None:
            left -= member.size
            if left < 0:
                raise unreadable(path, _("its files are larger than {most:,} bytes", most=LARGEST))
            opened = partial(io.BytesIO, b"" if first else member.content())
        packed = min(member.size, path.stat().st_size)  # what the archive says of it may be false
        found.append(Entry(name, member.where, len(member.folders), member.size, packed, opened, member.written))
        if first:
            break
    return found
