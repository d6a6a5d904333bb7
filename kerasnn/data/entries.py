"""Find files by name in a folder and those below it, or in a zip or tar archive, which is never unpacked to disk."""

import gzip
import io
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, cast

from kerasnn.data.blocks import Stream
from kerasnn.data.user_data import MOST_TIMES, UNPACKED
from kerasnn.errors import DataError
from kerasnn.language import _

DEEPEST: Final = 3  # folders below the one named
LARGEST: Final = 2 * 1024**3  # bytes of an IDX file, or of all that are read from a tar archive
MOST_LISTED: Final = 1000  # entries of a folder or an archive that are looked at
DAMAGE: Final = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, ValueError, NotImplementedError, OSError)

Wanted = Callable[[str], object]  # of a file's name without its folders: whether it is looked for


@dataclass(frozen=True)
class Entry:
    """A file that is not read yet, in a folder or an archive.

    `where`: its path, for messages. `depth`: the number of folders above it. `size`: its bytes; `packed`: those that it
    takes on the disk.
    """

    name: str
    where: str
    depth: int
    size: int
    packed: int
    open: Callable[[], IO[bytes]]


def of_file(path: Path, depth: int = 0) -> Entry:
    size = path.stat().st_size
    return Entry(path.name, str(path), depth, size, size, lambda: path.open("rb"))


def entries(path: Path, wanted: Wanted, *, first: bool = False) -> list[Entry]:
    """Return the files at `path` whose names are `wanted`: none if it is neither a folder nor an archive.

    `first`: one is enough, to know whether there are any; it may be empty.

    Raises: DataError if an archive is damaged or not safe to read.
    """
    if path.is_dir():
        return [of_file(file, depth) for file, depth in _walk(path) if wanted(file.name)]
    if not path.is_file():  # opening a pipe would wait for a writer
        return []
    try:
        if zipfile.is_zipfile(path):
            return _in_zip(path, wanted)
        return _in_tar(path, wanted, first) if _is_tar(path) else []
    except DAMAGE as error:
        raise _unreadable(path, str(error) or _("it ends too early")) from None


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
                    elif entry.is_file():
                        yield Path(entry.path), depth
        level = below


def _in_zip(path: Path, wanted: Wanted) -> list[Entry]:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    if not any(wanted(PurePosixPath(member.filename).name) for member in members[:MOST_LISTED]):
        return []
    _refuse_unsafe(path, [member.filename for member in members])
    if any(member.flag_bits & 1 for member in members):  # bit 0 of the zip format's flags
        raise _unreadable(path, _("it is encrypted"))
    return [
        _entry(path, member.filename, member.file_size, partial(_open_member, path, member))
        for member in members
        if not member.is_dir() and not _is_link(member) and wanted(PurePosixPath(member.filename).name)
    ]


def _open_member(path: Path, member: zipfile.ZipInfo) -> IO[bytes]:
    with zipfile.ZipFile(path) as archive:
        return archive.open(member)  # keeps the file open until it is closed itself


def _is_link(member: zipfile.ZipInfo) -> bool:
    return member.external_attr >> 28 == 0o12  # the upper half is the mode that Unix gave the file


def _is_tar(path: Path) -> bool:
    with suppress(EOFError, OSError, zlib.error), _unpacked(path) as stream:
        return stream.read(tarfile.BLOCKSIZE)[257:262] == b"ustar"
    return False


def _unpacked(path: Path) -> io.BufferedIOBase:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")


class _Limited:
    """A stream that may not yield more than `limit` bytes."""

    def __init__(self, stream: Stream, limit: int) -> None:
        self.stream, self.left = stream, limit

    def read(self, size: int, /) -> bytes:
        content = self.stream.read(min(size, self.left + 1))
        self.left -= len(content)
        if self.left < 0:
            raise ValueError(_("it unpacks to more than {times} times its size", times=MOST_TIMES))
        return content


def _in_tar(path: Path, wanted: Wanted, first: bool) -> list[Entry]:
    found: list[Entry] = []
    names: list[str] = []
    limit, left = max(UNPACKED, MOST_TIMES * path.stat().st_size), LARGEST
    with _unpacked(path) as stream, tarfile.open(fileobj=cast(Any, _Limited(stream, limit)), mode="r|") as archive:
        for member in archive:
            names.append(member.name)
            if len(names) > MOST_LISTED:
                break
            file = archive.extractfile(member) if member.isreg() and not member.issparse() else None
            if file is None or not wanted(PurePosixPath(member.name).name):
                continue
            left -= member.size
            if left < 0:
                raise ValueError(_("its files are larger than {most:,} bytes", most=LARGEST))
            content = b"" if first else file.read()
            found.append(_entry(path, member.name, len(content), partial(io.BytesIO, content)))
            if first:
                break
    if found:
        _refuse_unsafe(path, names)
    return found


def _entry(path: Path, name: str, size: int, opened: Callable[[], IO[bytes]]) -> Entry:
    place = PurePosixPath(name)
    packed = min(size, path.stat().st_size)  # what the archive says of it may be false
    return Entry(place.name, f"{path}/{name}", len(place.parts) - 1, size, packed, opened)


def _refuse_unsafe(path: Path, names: list[str]) -> None:
    """Raise DataError for an archive that nobody packs by accident."""
    if len(names) > MOST_LISTED:
        raise _unreadable(path, _("it has more than {most:,} members", most=MOST_LISTED))
    outside = next((name for name in names if name.startswith("/") or ".." in PurePosixPath(name).parts), None)
    if outside is not None:
        raise _unreadable(path, _("its member {name} would lie outside of it", name=outside))
    if len(set(names)) != len(names):
        raise _unreadable(path, _("two of its members have the same name"))


def _unreadable(path: Path, reason: str) -> DataError:
    return DataError(
        _("{path} is not a readable archive: {reason}", path=path, reason=reason),
        expected=_("a zip or tar archive with at most {most:,} files in it", most=MOST_LISTED),
        hint=_("download it again, or unpack it and name the folder"),
    )
