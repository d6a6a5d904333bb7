"""IDX, the format of MNIST and Fashion-MNIST: a header of big-endian numbers, then bytes.

Source: the description on the MNIST page: magic number 0, 0, type (8: unsigned byte), number of dimensions;
then each dimension as 32 bits.
"""

import gzip
import zlib
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.errors import DataError

UNSIGNED_BYTE: Final = 8
LARGEST: Final = 2 * 1024**3


def read_idx(path: Path, *, dimensions: int) -> NDArray[np.uint8]:
    """The array in an IDX file, plain or gzip, as uint8 with `dimensions` dimensions.

    Raises: DataError where the file cannot be read or is not what its header says.
    """
    return parse_idx(read_bytes(path), dimensions=dimensions, where=str(path))


def read_bytes(path: Path) -> bytes:
    """The content of a file, unpacked where it is a gzip; told by its first bytes, not by its name."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rb") if packed else path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise DataError(f"{path} is missing") from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path} is a damaged gzip file: {error}", expected="a whole file") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None
    if len(content) > LARGEST:
        raise DataError(f"{path} holds more than {LARGEST:,} bytes", expected="at most 2 GiB of images")
    return content


def parse_idx(content: bytes | memoryview, *, dimensions: int, where: str) -> NDArray[np.uint8]:
    """The array that `content`, an unpacked IDX file, holds; `where` names it in errors."""
    header = 4 + 4 * dimensions
    magic = bytes((0, 0, UNSIGNED_BYTE, dimensions))
    if content[:4] != magic:
        raise DataError(
            f"{where} begins with the bytes {content[:4].hex(' ') or '(none)'}",
            expected=f"an IDX file of unsigned bytes with {dimensions} dimensions, which begins with {magic.hex(' ')}",
        )
    shape = tuple(int(size) for size in np.frombuffer(bytes(content[4:header]).ljust(header - 4, b"\0"), ">u4"))
    length = header + int(np.prod(shape, dtype=object))
    if len(content) != length:
        raise DataError(
            f"{where} holds {len(content):,} bytes", expected=f"{length:,}, as its header says (shape {shape})"
        )
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)
