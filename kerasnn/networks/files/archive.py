"""Take a `.keras` file apart: a zip of three stored members, looked at before anything in it is read.

Keras writes nothing else, so whatever else a zip can be (packed, encrypted, with a second file before, between or
behind its members) is refused.
"""

import stat
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from kerasnn.language import _
from kerasnn.networks.files.refusal import Unsafe

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


@dataclass(frozen=True)
class Archive:
    """`config`, `metadata`: the contents of these members. `start`, `length`: of the HDF5 file among them."""

    config: bytes
    metadata: bytes
    start: int
    length: int


def read_archive(path: Path) -> Archive:
    """Take the `.keras` file `path` apart; its checksums agree.

    Raises: Unsafe; OSError where it cannot be read.
    """
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            starts = _starts(file, archive, path.stat().st_size)
            config, metadata = _text(archive, CONFIG), _text(archive, METADATA)
            with archive.open(WEIGHTS) as stream:
                while stream.read(BLOCK):  # to the end, where zipfile compares the checksum
                    pass
            return Archive(config, metadata, starts[WEIGHTS], archive.getinfo(WEIGHTS).file_size)
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
