"""Go through the files of a zip or tar archive in its order, within limits and without unpacking it to a disk."""

import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath
from typing import IO, Final, cast

from kerasnn.data.tar_stream import headers, is_tar, unpacked
from kerasnn.errors import DataError
from kerasnn.files import packed
from kerasnn.files.packed import ENCRYPTED, MOST_MEMBERS, is_zip, open_zip
from kerasnn.files.untrusted import visible
from kerasnn.language import _

DAMAGE: Final = (*packed.DAMAGE, tarfile.TarError, OSError)
UTF8: Final = 0x800  # bit of a zip member's flags: its name is UTF-8
ENCODINGS: Final = ("utf-8", "cp949")  # of other names: macOS writes the one, Windows in Korean the other

DEEPEST: Final = 30  # folders that a file lies in
LONGEST_NAME: Final = 255  # letters, as systems allow

Within = tuple[int, int]
Opened = Callable[[], AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True)
class Member:
    """A file in an archive. `written`: its name as the archive has it; `where`: its path, for messages.

    `within`: its place for `open_members`: its number, or the byte at which it begins, and its size in bytes.

    `open`: works until the next member is asked for. `open_later`: works after that, too; None in a tar archive, which
    can only be read once, front to back.
    """

    name: str
    written: str
    where: str
    size: int
    within: Within
    open: Opened
    open_later: Opened | None = None

    def content(self) -> bytes:
        """Return the content. Raises: DataError if it is damaged."""
        try:
            with self.open() as file:
                return file.read()
        except DAMAGE as error:
            raise damaged(self.where, error) from None

    @property
    def folders(self) -> tuple[str, ...]:
        return tuple(self.name.split("/")[:-1])


def is_hidden(name: str) -> bool:
    """Return True for what systems and editors put into folders."""
    return name.startswith(".") or name == "__MACOSX"


def base_name(name: str) -> str:
    """Return a name in an archive without its folders: "" for a folder. Some programs on Windows write backslashes."""
    return name.replace("\\", "/").rpartition("/")[2]


def is_archive(path: Path) -> bool:
    """Return True for a zip or tar file, judged by its first bytes. Raises: OSError."""
    return is_zip(path) or (path.is_file() and is_tar(path))


def zip_names(path: Path) -> tuple[str, ...]:
    """Return the names in a zip archive, as it has them; remembered for the last one. Raises: DataError; OSError."""
    found = path.stat()
    return _zip_names(path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


@lru_cache(maxsize=1)
def _zip_names(path: Path, *_state: int) -> tuple[str, ...]:
    try:
        with open_zip(path) as archive:
            found = archive.infolist()
    except DAMAGE as error:
        raise unreadable(path, str(error) or _("it ends too early")) from None
    _safe_names(path, found)
    return tuple(member.filename for member in found)


def members(path: Path, folders: set[str] | None = None) -> Iterator[Member]:
    """Yield the files in the archive `path`; links and devices are none. The names of folders are added to `folders`.

    Raises: DataError if it is damaged or not safe to read: no program packs such an archive by accident.
    """
    try:
        found = set[str]() if folders is None else folders
        yield from _in_zip(path, found) if is_zip(path) else _in_tar(path, found)
    except DAMAGE as error:
        raise unreadable(path, str(error) or _("it ends too early")) from None


def _safe_names(path: Path, found: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Return the names of the files in a zip. Raises: DataError."""
    names = [_name(member) for member in found]
    known: set[str] = set()
    for name in names:
        _refuse_unsafe(path, name, known)
    return names


def _in_zip(path: Path, folders: set[str]) -> Iterator[Member]:
    with open_zip(path) as archive:
        found = archive.infolist()
        names = _safe_names(path, found)
        if any(member.flag_bits & ENCRYPTED for member in found):
            raise unreadable(path, _("it is encrypted"))
        for number, (name, member) in enumerate(zip(names, found, strict=True)):
            if member.is_dir():
                folders.add(name)
            elif not _is_link(member):
                later = partial(_open_later, path, member)
                size, opened = member.file_size, partial(archive.open, member)
                yield Member(name, member.filename, str(path / name), size, (number, size), opened, later)


def _name(member: zipfile.ZipInfo) -> str:
    name = member.filename
    # where these differ, `zipfile` has found the name in UTF-8 elsewhere, which it does from Python 3.12 on
    if not (member.flag_bits & UTF8 or name.isascii() or name != member.orig_filename):
        content = name.encode("cp437")  # as `zipfile` decodes it
        for encoding in ENCODINGS:
            with suppress(UnicodeError):
                name = content.decode(encoding)
                break
    return str(PurePosixPath(name.replace("\\", "/")))  # as some programs on Windows write it


@contextmanager
def _open_later(path: Path, member: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    with open_zip(path) as archive, archive.open(member) as file:
        yield file


def _is_link(member: zipfile.ZipInfo) -> bool:
    return member.external_attr >> 28 == 0o12  # the upper half is the mode that Unix gave the file


def _in_tar(path: Path, folders: set[str]) -> Iterator[Member]:
    known: set[str] = set()
    for member, archive in headers(path):
        name = str(PurePosixPath(member.name))
        _refuse_unsafe(path, name, known)
        if member.isdir():
            folders.add(name)
        elif member.isreg() and not member.issparse():
            within, opened = (member.offset_data, member.size), cast(Opened, partial(archive.extractfile, member))
            yield Member(name, member.name, str(path / name), member.size, within, opened)


@contextmanager
def open_members(path: Path) -> Iterator[Callable[[int, int], bytes]]:
    """Yield what reads the files in an archive by their places `within` it, in this order, `size` bytes at most.

    It trusts the places, which `members` has checked. Raises: one of DAMAGE.
    """
    if is_zip(path):
        with open_zip(path) as archive:
            found = archive.infolist()

            def read(number: int, size: int) -> bytes:
                with archive.open(found[number]) as file:
                    return file.read(size)

            yield read
    else:
        with unpacked(path) as stream:
            yield lambda start, size: stream.read(size) if stream.seek(start) == start else b""


def _refuse_unsafe(path: Path, name: str, known: set[str]) -> None:
    """Raise DataError for a name that lies outside, is one of too many, or is `known`; it is known from now on."""
    if len(known) >= MOST_MEMBERS:
        raise unreadable(path, _("it has more than {most:,} members", most=MOST_MEMBERS))
    parts = name.split("/")
    if len(parts) > DEEPEST or max(map(len, parts)) > LONGEST_NAME:
        raise unreadable(path, _("its member {name}... lies too deep, or has too long a name", name=visible(name[:60])))
    if name.startswith("/") or ".." in parts:
        raise unreadable(path, _("its member {name} would lie outside of it", name=visible(name)))
    if name in known:
        raise unreadable(path, _("two of its members have the same name"))
    known.add(name)


def damaged(where: object, error: BaseException) -> DataError:
    """Return the error for a file in an archive whose content is not what the archive says."""
    return DataError(
        _("{path} is damaged: {reason}", path=visible(str(where)), reason=str(error) or _("it ends too early")),
        hint=_("download it again, or unpack it and name the folder"),
    )


def unreadable(path: Path, reason: str, most: int = MOST_MEMBERS) -> DataError:
    """Return the error for an archive that is not read."""
    return DataError(
        _("{path} is not a readable archive: {reason}", path=path, reason=reason),
        expected=_("a zip or tar archive with at most {most:,} files in it", most=most),
        hint=_("download it again, or unpack it and name the folder"),
    )
