"""Read a zip that a stranger may have written: only members that are expected, each within its limit."""

import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from kerasnn.language import _

BLOCK: Final = 1 << 20
_END: Final = 22  # bytes of the end record, without a comment
_LOCATOR: Final = 20  # bytes before it in the form for more than 4 GiB
_LONGEST_ENTRY: Final = 400  # bytes of a member in the directory; our longest names have 20
_ENCRYPTED: Final = 1  # bit of the flags
_KINDS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Refused(Exception):
    """The file is not the zip that was expected, is damaged or not safe; the message says why in one clause."""


@contextmanager
def opened(path: Path, limits: Mapping[str, int], *, most: int) -> Iterator[zipfile.ZipFile]:
    """Open the zip `path` of at most `most` bytes, whose members are among the names in `limits`, the most bytes each.

    Raises: Refused, before any member is read.
    """
    if not path.is_file():
        raise Refused(_("it is not a file") if path.exists() else _("it is not there"))
    with path.open("rb") as file:
        try:
            _check_end(file, path.stat().st_size, most, len(limits))
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise Refused(_("it is not a zip file, or damaged: {error}", error=error)) from None
        with archive:
            _check_entries(archive.infolist(), limits)
            yield archive


def _check_end(file: IO[bytes], size: int, most: int, members: int) -> None:
    """Refuse a zip with a directory so long that reading it would take long, or in another form than ours."""
    if size > most:
        raise Refused(_("it is {size:,} bytes, more than {most:,}", size=size, most=most))
    file.seek(max(0, size - _END - _LOCATOR))
    end = file.read(_LOCATOR + _END)
    record = end[-_END:]
    if record[:4] != b"PK\x05\x06":
        raise Refused(_("it is not a zip file, or not complete"))
    if end[:4] == b"PK\x06\x07" or int.from_bytes(record[12:16], "little") > members * _LONGEST_ENTRY:
        raise Refused(_("its list of members is too long"))


def _check_entries(entries: list[zipfile.ZipInfo], limits: Mapping[str, int]) -> None:
    names = [entry.orig_filename for entry in entries]
    if others := sorted({ascii(name[:60]) for name in names} - {ascii(name) for name in limits}):
        raise Refused(_("it holds {names}", names=", ".join(others)))
    if len(set(names)) != len(names):
        raise Refused(_("two of its members have the same name"))
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED:
            raise Refused(_("it is encrypted"))
        if entry.compress_type not in _KINDS:
            raise Refused(_("{name} is compressed in an unusual way", name=entry.orig_filename))
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
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise Refused(_("{name} is damaged: {error}", name=name, error=error or type(error).__name__)) from None
