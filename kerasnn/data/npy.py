"""Read arrays from `.npz` and `.npy` files; a hostile file can neither exhaust the memory nor run code.

An `.npz` file is a zip of `.npy` files, each a short header with type and shape, then the values. Only the arrays asked
for are read, only as many bytes as their headers announce, and never a pickle. `numpy.load` would trust a header, and
allocate whatever it says.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from math import prod
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.blocks import read_up_to
from kerasnn.files.packed import DAMAGE, ENCRYPTED, MOST_TIMES, is_bomb, open_zip
from kerasnn.language import _

MOST_MEMBERS: Final = 64
MAGIC: Final = b"\x93NUMPY\x01\x00"  # version 1; NumPy writes others only for headers over 64 KiB
HEADER: Final = re.compile(
    r"\{'descr': '(?P<dtype>[<>|=]?[a-zA-Z]\d{0,3})', "
    r"'fortran_order': (?P<by_columns>True|False), "
    r"'shape': \((?P<shape>(?:\d{1,18}, ?){0,8}(?:\d{1,18})?)\),? ?\} *\n"
)


class NotAnArchive(Exception):
    """The file is not an .npz archive, is damaged, or is not safe to read; the message says why in one clause."""


def read_arrays(path: Path, names: Sequence[str], *, kinds: str, limit: int) -> dict[str, NDArray[Any]]:
    """Return the arrays called `names` in the `.npz` file `path`, by name; others are ignored.

    `kinds`: NumPy's letters for the allowed kinds of dtype. `limit`: the most bytes that they may take together.

    Raises: NotAnArchive if the file is damaged or unsafe; OSError if it cannot be read.
    """
    arrays: dict[str, NDArray[Any]] = {}
    with _opened(path) as (archive, members):
        missing = [name for name in names if name not in members]
        if missing:
            raise NotAnArchive(_("it has no array {missing}", missing=", ".join(missing)))
        # the sizes of packed members that the archive tells may be false
        if is_bomb(path.stat().st_size, sum(members[name].file_size for name in names)):
            raise NotAnArchive(_("it unpacks to more than {times} times its size", times=MOST_TIMES))
        for name in names:
            with archive.open(members[name]) as stream:
                arrays[name] = _read_array(stream, members[name].file_size, name, kinds, limit)
            limit -= arrays[name].nbytes  # the arrays share the limit
    return arrays


def read_array(path: Path, *, kinds: str, limit: int) -> NDArray[Any]:
    """Return the array in the `.npy` file `path`; `kinds`, `limit` and errors as in `read_arrays`."""
    try:
        with path.open("rb") as stream:
            return _read_array(stream, path.stat().st_size, path.stem, kinds, limit)
    except ValueError as error:  # a type of no bytes
        raise NotAnArchive(str(error)) from None


def shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the arrays in an `.npz` or `.npy` file, by name, without reading them; others are left out.

    Raises: as `read_arrays`.
    """
    if path.suffix == ".npy":
        with path.open("rb") as stream:
            return {path.stem: _shape(_read_header(stream, path.stem)[0])}
    found = {}
    with _opened(path) as (archive, members):
        for name, entry in members.items():
            with suppress(NotAnArchive), archive.open(entry) as stream:
                found[name] = _shape(_read_header(stream, name)[0])
    return found


@contextmanager
def _opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]]:
    try:
        with open_zip(path, MOST_MEMBERS) as archive:
            yield archive, _members(archive)
    except DAMAGE as error:
        raise NotAnArchive(str(error) or _("it ends too early")) from None


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    entries = archive.infolist()
    members = {entry.filename.removesuffix(".npy"): entry for entry in entries}
    if len(members) != len(entries):
        raise NotAnArchive(_("two of its members have the same name"))
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise NotAnArchive(_("it is encrypted"))
    return members


def _read_array(stream: IO[bytes], length: int, name: str, kinds: str, limit: int) -> NDArray[Any]:
    """Read one `.npy` member of `length` bytes; its header is checked before memory is allocated."""
    header, size = _read_header(stream, name)
    try:
        dtype = np.dtype(header["dtype"])
    except TypeError as error:
        raise NotAnArchive(str(error)) from None
    if dtype.kind not in kinds:
        kind = dtype.name
        if dtype.hasobject:
            kind = _("objects, not numbers or text: save {name}.astype('uint8'), or names with astype(str)", name=name)
        raise NotAnArchive(_("its array {name} holds {kind}", name=name, kind=kind))
    shape = _shape(header)
    announced = prod(shape) * dtype.itemsize
    if size + announced != length:
        raise NotAnArchive(
            _(
                "its array {name} of shape {shape} does not fill its {length:,} bytes",
                name=name,
                shape=shape,
                length=length,
            )
        )
    if announced > limit:
        raise NotAnArchive(_("its arrays are larger than {limit:,} bytes", limit=limit))
    content = read_up_to(stream, announced)
    if len(content) != announced or stream.read(1):  # zipfile compares the checksum only at the end
        raise NotAnArchive(_("its array {name} ends too early", name=name))
    values: NDArray[Any] = np.frombuffer(content, dtype)
    by_columns = header["by_columns"] == "True"
    return np.ascontiguousarray(values.reshape(shape[::-1]).T) if by_columns else values.reshape(shape)


def _shape(header: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(number) for number in header["shape"].split(",") if number.strip())


def _read_header(stream: IO[bytes], name: str) -> tuple[re.Match[str], int]:
    """Return the match of HEADER, and how many bytes magic number and header take.

    NumPy's own reader would evaluate the header as a Python literal of any length.
    """
    if stream.read(len(MAGIC)) != MAGIC:
        raise NotAnArchive(_("its member {name} is not an array", name=name))
    size = int.from_bytes(stream.read(2), "little")
    text = stream.read(size).decode("latin-1")
    header = HEADER.fullmatch(text)
    if header is None:
        raise NotAnArchive(_("its array {name} has the header {text}", name=name, text=repr(text[:80])))
    return header, len(MAGIC) + 2 + size
