"""The IDX format of MNIST and Fashion-MNIST: a magic number, the dimensions, then the values, one byte each.

Big-endian. The magic number holds two zero bytes, the type of the values (8: unsigned byte), number of dimensions;
then each dimension as 32 bits.
"""

import gzip
import zlib
from math import prod
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.errors import DataError
from kerasnn.language import N_, _

UNSIGNED_BYTE: Final = 8
LARGEST: Final = 2 * 1024**3
GZIP_AT_BEST: Final = 1032  # no gzip file unpacks to more than that many times its own size
GZIP_MAGIC: Final = b"\x1f\x8b"
MEND: Final = N_("copy the file again from where it came")

Content = bytes | memoryview


def read_idx(path: Path, *, dimensions: int) -> NDArray[np.uint8]:
    """The array in an IDX file, plain or gzip, as uint8 with `dimensions` dimensions.

    Raises: DataError where the file cannot be read or is not what its header says.
    """
    return parse_idx(read_bytes(path, dimensions=dimensions), dimensions=dimensions, where=str(path))


def read_bytes(path: Path, *, dimensions: int) -> bytes:
    """The content of an IDX file, unpacked where it is a gzip; told by its first bytes, not by its name.

    No more is unpacked than one byte beyond what the header announces. Raises: DataError.
    """
    if path.exists() and not path.is_file():
        # to open a pipe would be to wait
        raise DataError(_("{path} is not a file", path=path), expected=_("an IDX file"), hint=_(MEND))
    try:
        with path.open("rb") as file:
            packed = file.read(2) == GZIP_MAGIC
        size = path.stat().st_size
        with gzip.open(path, "rb") if packed else path.open("rb") as file:
            content = file.read(_header(dimensions))
            length = _announced(content, dimensions, str(path))
            if not packed and size != length:
                raise _wrong_length(str(path), f"{size:,}", length, content)
            if length > size * GZIP_AT_BEST:
                raise DataError(
                    _("{path} cannot hold the {length:,} bytes that it announces", path=path, length=length),
                    hint=_(MEND),
                )
            content += file.read(length - len(content) + 1)
    except FileNotFoundError:
        raise DataError(_("{path} is missing", path=path), hint=_("put it there, or name another folder")) from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(
            _("{path} is a damaged gzip file: {error}", path=path, error=error),
            expected=_("a whole file"),
            hint=_(MEND),
        ) from None
    except OSError as error:
        raise DataError(
            _("{path} cannot be read: {strerror}", path=path, strerror=error.strerror or error),
            hint=_("see to it that you may read the file"),
        ) from None
    return content


def parse_idx(content: Content, *, dimensions: int, where: str) -> NDArray[np.uint8]:
    """The array that `content`, an unpacked IDX file, holds; `where` names it in errors."""
    length = _announced(content, dimensions, where)
    if len(content) != length:
        held = _("more than {length:,}", length=length) if len(content) > length else f"{len(content):,}"
        raise _wrong_length(where, held, length, content)
    return np.frombuffer(content, np.uint8, offset=_header(dimensions)).reshape(_shape(content, dimensions))


def _wrong_length(where: str, held: str, length: int, content: Content) -> DataError:
    shape = _shape(content, content[3])
    return DataError(
        _("{where} holds {held} bytes", where=where, held=held),
        expected=_("{length:,}, as its header says (shape {shape})", length=length, shape=shape),
        hint=_(MEND),
    )


def _header(dimensions: int) -> int:
    return 4 + 4 * dimensions


def _shape(content: Content, dimensions: int) -> tuple[int, ...]:
    sizes = bytes(content[4 : _header(dimensions)]).ljust(4 * dimensions, b"\0")
    return tuple(int(size) for size in np.frombuffer(sizes, ">u4"))


def _announced(content: Content, dimensions: int, where: str) -> int:
    """How many bytes the header at the beginning of `content` says there are, itself included."""
    magic = bytes((0, 0, UNSIGNED_BYTE, dimensions))
    if content[:4] != magic:
        raise DataError(
            _("{where} begins with the bytes {hex}", where=where, hex=content[:4].hex(" ") or _("(none)")),
            expected=_(
                "an IDX file of unsigned bytes with {dimensions} dimensions, which begins with {hex}",
                dimensions=dimensions,
                hex=magic.hex(" "),
            ),
            hint=_(MEND),
        )
    length = _header(dimensions) + prod(_shape(content, dimensions))
    if length > LARGEST:
        raise DataError(
            _("{where} announces {length:,} bytes", where=where, length=length),
            expected=_("at most 2 GiB of images"),
            hint=_(MEND),
        )
    return length
