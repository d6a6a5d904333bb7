"""Open a zip that a stranger may have written, or read only those members that are expected, each within its limit."""

import gzip
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from kerasnn.files.untrusted import visible
from kerasnn.language import _

# what `zipfile` and `gzip` raise for a damaged file, beside OSError, which may be the disk's
DAMAGE: Final = (
    *(zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError),
    *(ValueError, OverflowError, RuntimeError),
)
BLOCK: Final = 1 << 20
GZIP: Final = b"\x1f\x8b"  # the first bytes of a file
ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")  # the second of an empty one
MOST_MEMBERS: Final = 100_000
UNPACKED: Final = 128 << 20  # bytes that a file may unpack to, however little it is
MOST_TIMES: Final = 20  # its size that a file may unpack to beyond that; pictures pack to a half or a third
ENCRYPTED: Final = 1  # bit of a member's flags
_ENTRY: Final = b"PK\x01\x02"  # begins what the list says of a member
_LONGEST_ENTRY: Final = 400  # bytes of it
_KINDS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Refused(Exception):
    """The file is not the zip that was expected, is damaged or not safe; the message says why in one clause."""


def is_bomb(packed: int, unpacked: int) -> bool:
    """Return True if `packed` bytes that unpack to `unpacked` would cost out of all proportion."""
    return unpacked > max(UNPACKED, MOST_TIMES * packed)


def is_zip(path: Path) -> bool:
    """Return True for a file that begins like a zip, whole or not. Raises: OSError."""
    if not path.is_file():  # opening a pipe would wait for a writer
        return False
    with path.open("rb") as file:
        return file.read(4).startswith(ZIP)


class _File(io.FileIO):
    """A zip whose list of members, which `zipfile` reads at once and then takes apart, names at most `most`."""

    def __init__(self, path: Path, most: int) -> None:
        super().__init__(path)
        self.most: int | None = most

    def read(self, size: int | None = -1, /) -> bytes:
        if self.most is None:
            return super().read(size)
        too_long = size is not None and size > self.most * _LONGEST_ENTRY
        content = b"" if too_long else super().read(size)
        if too_long or content.count(_ENTRY) > self.most:
            raise zipfile.BadZipFile(_("it has more than {most:,} members", most=self.most))
        return content


@contextmanager
def open_zip(path: Path, most: int = MOST_MEMBERS) -> Iterator[zipfile.ZipFile]:
    """Open a zip that names at most `most` members: a list of millions would take minutes and gigabytes.

    Raises: one of DAMAGE, for a member that is neither stored nor deflated, too; OSError.
    """
    with _File(path, most) as file, zipfile.ZipFile(file) as archive:
        file.most = None
        if others := [each for each in archive.infolist() if each.compress_type not in _KINDS]:
            raise zipfile.BadZipFile(_("{name} is compressed in an unusual way", name=visible(others[0].filename)))
        yield archive


@contextmanager
def opened(path: Path, limits: Mapping[str, int], *, most: int) -> Iterator[zipfile.ZipFile]:
    """Open the zip `path` of at most `most` bytes, whose members are among the names in `limits`, the most bytes each.

    Raises: Refused, before any member is read.
    """
    if not path.is_file():
        raise Refused(_("it is not a file") if path.exists() else _("it is not there"))
    if (size := path.stat().st_size) > most:
        raise Refused(_("it is {size:,} bytes, more than {most:,}", size=size, most=most))
    with ExitStack() as stack:
        try:
            archive = stack.enter_context(open_zip(path, len(limits)))
        except (*DAMAGE, OSError) as error:
            raise Refused(_("it is not a zip file, or damaged: {error}", error=error)) from None
        _check_entries(archive.infolist(), limits)
        yield archive


def _check_entries(entries: list[zipfile.ZipInfo], limits: Mapping[str, int]) -> None:
    names = [entry.orig_filename for entry in entries]
    if others := sorted({ascii(name[:60]) for name in names} - {ascii(name) for name in limits}):
        raise Refused(_("it holds {names}", names=", ".join(others)))
    if len(set(names)) != len(names):
        raise Refused(_("two of its members have the same name"))
    for entry in entries:
        if entry.flag_bits & ENCRYPTED:
            raise Refused(_("it is encrypted"))
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):  # the upper 16 bits are the Unix file mode
            raise Refused(_("{name} is a link, a folder or a device", name=entry.orig_filename))
        if entry.file_size > (most := limits[entry.orig_filename]):
            sizes = {"size": entry.file_size, "most": most}
            raise Refused(_("{name} is {size:,} bytes, more than {most:,}", name=entry.orig_filename, **sizes))


def blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield the content of a member, whose checksum is compared at its end. Raises: Refused if it is damaged."""
    try:
        with archive.open(name) as member:
            while block := member.read(BLOCK):
                yield block
    except (*DAMAGE, OSError) as error:
        raise Refused(_("{name} is damaged: {error}", name=name, error=error or type(error).__name__)) from None
