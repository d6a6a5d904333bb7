"""A `.keras` file taken apart: a zip of three stored members, looked at before anything in it is read.

Keras writes nothing else, so whatever else a zip can be (packed, encrypted, with a second file before, between or
behind its members) is refused.
"""

import io
import os
import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from kerasnn.language import _

CONFIG: Final = "config.json"
METADATA: Final = "metadata.json"
WEIGHTS: Final = "model.weights.h5"
KERAS_MEMBERS: Final = {CONFIG, METADATA, WEIGHTS}
LARGEST_FILE: Final = 3 << 29
LARGEST_TEXT: Final = 1 << 20
BLOCK: Final = 1 << 20

_LOCAL_HEADER: Final = struct.Struct("<4s5H3I2H")
_END_LENGTH: Final = 22
_LONGEST_DIRECTORY: Final = 4096
_DESCRIPTOR_FLAG, _UTF8_FLAG = 0x0008, 0x0800
_LONGEST_DESCRIPTOR: Final = 24


class Unsafe(Exception):
    """A model file is damaged or not safe to open; says why in one clause."""


@dataclass(frozen=True)
class Container:
    """`config`: the content of config.json. `weights`: the HDF5 file within, to be read like any other."""

    config: bytes
    weights: "Window"


class Window(io.RawIOBase):
    """`length` bytes of `file` from `start`, as a file of their own that can only be read."""

    def __init__(self, file: IO[bytes], start: int, length: int) -> None:
        self.file, self.start, self.length = file, start, length
        self.place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self.place, os.SEEK_END: self.length}[whence]
        self.place = max(0, base + offset)
        return self.place

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]  # Buffer has a name only from Python 3.12 on
        view = memoryview(buffer)[: max(0, self.length - self.place)]
        self.file.seek(self.start + self.place)
        content = self.file.read(len(view))
        view[: len(content)] = content
        self.place += len(content)
        return len(content)


@contextmanager
def opened(path: Path) -> Iterator[Container]:
    """The parts of the `.keras` file `path`, whose checksums agree.

    Raises: Unsafe; OSError where it cannot be read.
    """
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            starts = _starts(file, archive, path.stat().st_size)
            config = _text(archive, CONFIG)
            _text(archive, METADATA)
            length = archive.getinfo(WEIGHTS).file_size
            with archive.open(WEIGHTS) as stream:
                while stream.read(BLOCK):  # to the end, where zipfile compares the checksum
                    pass
            yield Container(config, Window(file, starts[WEIGHTS], length))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, UnicodeError) as error:
        raise Unsafe(str(error) or _("it ends too early")) from None


def _text(archive: zipfile.ZipFile, name: str) -> bytes:
    size = archive.getinfo(name).file_size
    if size > LARGEST_TEXT:
        raise Unsafe(_("its {name} is {size:,} bytes", name=name, size=size))
    return archive.read(name)


def _starts(file: IO[bytes], archive: zipfile.ZipFile, size: int) -> dict[str, int]:
    """Where the content of each member begins, once they are known to fill the file without gap or overlap."""
    entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
    if len(entries) > len(KERAS_MEMBERS):
        raise Unsafe(_("its parts are too many, which no model written by Keras has"))
    if {entry.filename for entry in entries} != KERAS_MEMBERS:
        raise Unsafe(
            _("it holds {names}", names=", ".join(sorted(entry.filename[:40] for entry in entries)) or _("nothing"))
        )
    starts, place = {}, 0
    for entry in entries:
        _check_entry(entry)
        if not place <= entry.header_offset <= place + _slack(entry):
            raise Unsafe(_("something stands between its parts"))
        file.seek(entry.header_offset)
        header = file.read(_LOCAL_HEADER.size)
        if len(header) != _LOCAL_HEADER.size:
            raise Unsafe(_("it ends too early"))
        *_before, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        starts[entry.filename] = entry.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        place = starts[entry.filename] + entry.file_size
    directory = archive.start_dir
    file.seek(max(0, size - _END_LENGTH))
    if file.read(4) != b"PK\x05\x06" or archive.comment or size - directory > _LONGEST_DIRECTORY:
        raise Unsafe(_("something stands behind its last part"))
    if not place <= directory <= place + _slack(entries[-1]):
        raise Unsafe(_("something stands between its parts"))
    return starts


def _slack(entry: zipfile.ZipInfo) -> int:
    return _LONGEST_DESCRIPTOR if entry.flag_bits & _DESCRIPTOR_FLAG else 0


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size:
        raise Unsafe(_("its parts are compressed, which no model written by Keras has"))
    if entry.flag_bits & ~(_DESCRIPTOR_FLAG | _UTF8_FLAG):
        raise Unsafe(_("its parts are encrypted"))
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise Unsafe(_("its part {filename} is a link or a folder", filename=entry.filename))
