"""Take the zip files of models apart: `.keras`, and the `.npz` of stage `sgd` with scikit-learn's coefficients.

A `.keras` file has three uncompressed members, checked before any of them is read. Keras writes nothing else,
so anything else that a zip may contain is refused: compression, encryption, or other data around its members. What is
only compressed, as by hand, Keras may open if the user trusts it.
"""

import stat
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from kerasnn.data.npy import NotAnArchive, read_arrays
from kerasnn.files.atomic import replacing
from kerasnn.files.packed import open_zip
from kerasnn.files.untrusted import parse_json
from kerasnn.language import N_, _
from kerasnn.networks.files import MOST_CLASSES, Unsafe, Unsupported
from kerasnn.networks.files.strangers import told
from kerasnn.networks.forward import OneVsRest

CONFIG: Final = "config.json"
METADATA: Final = "metadata.json"
WEIGHTS: Final = "model.weights.h5"
ABOUT: Final = "kerasnn"  # in metadata.json, and an attribute in HDF5: what `kerasnn export` says of a network
KERAS_MEMBERS: Final = {CONFIG, METADATA, WEIGHTS}
MOST_PARTS: Final = 100  # that are counted
LARGEST_FILE: Final = 3 << 29  # bytes; 50 million parameters with Adam's state take 600 MB
LARGEST_TEXT: Final = 1 << 20  # bytes of config.json or metadata.json
BLOCK: Final = 1 << 20

# Parts of a zip: a local header before each member, perhaps a descriptor (sizes and checksum) after it, then the
# directory of all members, and an end record.
_LOCAL_HEADER: Final = struct.Struct("<4s5H3I2H")
_END_LENGTH: Final = 22  # without a comment
_LONGEST_DIRECTORY: Final = 4096  # three entries take a few hundred bytes
_DESCRIPTOR_FLAG, _UTF8_FLAG = 0x0008, 0x0800
_LONGEST_DESCRIPTOR: Final = 24  # with signature and 64-bit sizes


@dataclass(frozen=True)
class Archive:
    """The contents of config.json and metadata.json, and where the HDF5 file with the weights lies in the zip.

    `start`, `length`: in bytes.
    """

    config: bytes
    metadata: bytes
    start: int
    length: int


def read_archive(path: Path) -> Archive:
    """Take the `.keras` file `path` apart, and compare its checksums.

    Raises: Unsafe if it is not what Keras writes, or damaged; Unsupported if it is only compressed; OSError.
    """
    try:
        return _read(path)
    except Unsupported:
        raise
    except (Unsafe, zipfile.BadZipFile, NotImplementedError, EOFError, UnicodeError) as error:
        raise Unsafe(told(path) or str(error) or _("it ends too early")) from None


def _read(path: Path) -> Archive:
    with path.open("rb") as file, open_zip(path, MOST_PARTS) as archive:
        starts = _starts(file, archive, path.stat().st_size)
        config, metadata = _text(archive, CONFIG), _text(archive, METADATA)
        with archive.open(WEIGHTS) as stream:
            while stream.read(BLOCK):  # zipfile compares the checksum at the end
                pass
        return Archive(config, metadata, starts[WEIGHTS], archive.getinfo(WEIGHTS).file_size)


def _text(archive: zipfile.ZipFile, name: str) -> bytes:
    size = archive.getinfo(name).file_size
    if size > LARGEST_TEXT:
        raise Unsafe(_("its {name} is {size:,} bytes", name=name, size=size))
    return archive.read(name)


def _starts(file: IO[bytes], archive: zipfile.ZipFile, size: int) -> dict[str, int]:
    """Return the offset of each member's content in `file`, which is `size` bytes long.

    Raises: Unsafe unless the members fill the file without gaps or overlaps.
    """
    entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
    if len(entries) > len(KERAS_MEMBERS):
        raise Unsafe(_("it has more parts than any model that Keras writes"))
    if {entry.filename for entry in entries} != KERAS_MEMBERS:
        raise Unsafe(
            _("it holds {names}", names=", ".join(sorted(entry.filename[:40] for entry in entries)) or _("nothing"))
        )
    for entry in entries:
        _check_entry(entry)
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise Unsupported(_("its parts are compressed, as Keras never does; unpack it, and pack it with: zip -0"))
    starts, place = {}, 0
    for entry in entries:
        # a descriptor may lie between two members
        if not place <= entry.header_offset <= place + _slack(entry):
            raise Unsafe(_("there is something between its parts"))
        file.seek(entry.header_offset)
        header = file.read(_LOCAL_HEADER.size)
        if len(header) != _LOCAL_HEADER.size:
            raise Unsafe(_("it ends too early"))
        # the lengths in the local header count: those in the directory may differ from them
        *_before, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        starts[entry.filename] = entry.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        place = starts[entry.filename] + entry.file_size
    directory = archive.start_dir
    file.seek(max(0, size - _END_LENGTH))
    if file.read(4) != b"PK\x05\x06" or archive.comment or size - directory > _LONGEST_DIRECTORY:
        raise Unsafe(_("there is something after its last part"))
    if not place <= directory <= place + _slack(entries[-1]):
        raise Unsafe(_("there is something between its parts"))
    return starts


def _slack(entry: zipfile.ZipInfo) -> int:
    """Return how many bytes the descriptor after a member may take."""
    return _LONGEST_DESCRIPTOR if entry.flag_bits & _DESCRIPTOR_FLAG else 0


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.compress_type == zipfile.ZIP_STORED and entry.compress_size != entry.file_size:
        raise Unsafe(_("the sizes of its parts contradict each other"))
    if entry.flag_bits & ~(_DESCRIPTOR_FLAG | _UTF8_FLAG):
        raise Unsafe(_("its parts are encrypted"))
    kind = stat.S_IFMT(entry.external_attr >> 16)  # the upper 16 bits are the Unix file mode
    if kind not in (0, stat.S_IFREG):
        raise Unsafe(_("its part {filename} is a link or a folder", filename=entry.filename))


def parse_config(content: bytes) -> Any:
    """Parse a configuration, a JSON object. Raises: Unsafe if it is damaged."""
    try:
        parsed = parse_json(content)
    except ValueError as error:
        raise Unsafe(_("its configuration is damaged: {error}", error=str(error)[:200])) from None
    if not isinstance(parsed, dict):
        raise Unsafe(_("its configuration is damaged: {error}", error=type(parsed).__name__))
    return parsed


LARGEST: Final = 1 << 26  # bytes
ARRAYS: Final = ("coefficients", "intercepts")


def read_linear(path: Path) -> OneVsRest:
    """Read the one-vs-rest model in `path`.

    `coefficients`: float32 of shape (classes, pixels); `intercepts`: (classes,).

    Raises: Unsafe if the file holds something else; OSError.
    """
    try:
        arrays = read_arrays(path, ARRAYS, kinds="f", limit=LARGEST)
    except NotAnArchive as error:
        raise Unsafe(str(error)) from None
    coefficients, intercepts = arrays["coefficients"], arrays["intercepts"]
    if coefficients.ndim != 2 or intercepts.shape != coefficients.shape[:1] or 0 in coefficients.shape:
        shapes = {"shape": coefficients.shape, "shape2": intercepts.shape}
        raise Unsafe(_("coefficients of shape {shape}, intercepts of {shape2}", **shapes))
    if not 2 <= len(coefficients) <= MOST_CLASSES:
        says = N_("the number of classes that it tells apart is {count:,}, where 2 to {most:,} were expected")
        raise Unsafe(_(says, count=len(coefficients), most=MOST_CLASSES))
    kinds = {"dtype": coefficients.dtype, "dtype2": intercepts.dtype}
    if any(kind != np.float32 for kind in kinds.values()):
        raise Unsafe(_("coefficients of type {dtype}, intercepts of {dtype2}", **kinds))
    if not (np.isfinite(coefficients).all() and np.isfinite(intercepts).all()):
        raise Unsafe(_("some of its coefficients are not numbers"))
    return OneVsRest(coefficients, intercepts)


def save_linear(model: OneVsRest, path: Path) -> None:
    """Write the coefficients to `path`, which ends in .npz."""
    with replacing(path) as draft:
        np.savez(draft, coefficients=model.coefficients, intercepts=model.intercepts)
