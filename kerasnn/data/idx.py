"""The IDX format of MNIST and Fashion-MNIST, and a data set as a folder of four such files, plain or gzip.

An IDX file is a magic number, the dimensions, then the values, one byte each. The magic number is two zero bytes, the
type of the values (8: unsigned byte) and the number of dimensions. Each dimension is a big-endian integer of 32 bits.
"""

import gzip
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from math import prod
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.blocks import read_up_to
from kerasnn.data.dataset import Part, checked_part
from kerasnn.data.entries import LARGEST, Entry, of_file
from kerasnn.errors import DataError, EnvironmentFault
from kerasnn.files.atomic import replacing
from kerasnn.files.packed import DAMAGE, GZIP, MOST_TIMES, is_bomb
from kerasnn.language import _

UNSIGNED_BYTE: Final = 8
GZIP_AT_BEST: Final = 1032  # deflate cannot compress better than 1032 to 1

Content = bytes | bytearray | memoryview


def read_idx(source: Path | Entry, *, dimensions: int) -> NDArray[np.uint8]:
    """Return the array in an IDX file, plain or gzip: uint8 with `dimensions` dimensions.

    Raises: DataError if the file cannot be read or is not what its header says.
    """
    where = source.where if isinstance(source, Entry) else str(source)
    return parse_idx(read_bytes(source, dimensions=dimensions), dimensions=dimensions, where=where)


def read_bytes(source: Path | Entry, *, dimensions: int) -> bytearray:
    """Return the unpacked content of an IDX file; gzip is recognised by its first bytes, not by the file's name.

    At most one byte more than the header announces is unpacked, so a gzip bomb does no harm. Raises: DataError.
    """
    where = source.where if isinstance(source, Entry) else source
    if isinstance(source, Path) and source.exists() and not source.is_file():  # opening a pipe would wait for a writer
        raise _damaged(_("{path} is not a file", path=source), expected=_("an IDX file"))
    try:
        return _read_announced(source if isinstance(source, Entry) else of_file(source), dimensions)
    except FileNotFoundError:
        raise missing(where) from None
    except DAMAGE as error:
        message = _("{path} is a damaged gzip file: {error}", path=where, error=error)
        raise _damaged(message, expected=_("a whole file")) from None
    except OSError as error:
        raise DataError(
            _("{path} cannot be read: {strerror}", path=where, strerror=error.strerror or error),
            hint=_("check the permissions of the file"),
        ) from None


def missing(path: object) -> DataError:
    """Return the error for an IDX file that is not there."""
    return DataError(_("{path} is missing", path=path), hint=_("put it there, or name another folder"))


def _read_announced(entry: Entry, dimensions: int) -> bytearray:
    with entry.open() as file:
        packed = file.read(2) == GZIP
    with entry.open() as file, gzip.open(file, "rb") if packed else file as stream:
        header = stream.read(_header(dimensions))
        length = _announced(header, dimensions, entry.where)
        # the checks come before the pixels are read, so that a false header costs no memory
        if not packed and entry.size != length:
            raise _wrong_length(entry.where, f"{entry.size:,}", length, header)
        if length > entry.size * GZIP_AT_BEST:
            raise _damaged(
                _("{path} cannot hold the {length:,} bytes that it declares", path=entry.where, length=length)
            )
        if is_bomb(entry.packed, length):
            message = _("{path} unpacks to more than {times} times its size", path=entry.where, times=MOST_TIMES)
            raise _damaged(message, expected=_("a file of images"))
        return read_up_to(stream, length + 1, header)  # one byte more shows that the file is too long


def parse_idx(content: Content, *, dimensions: int, where: str) -> NDArray[np.uint8]:
    """Return the array in `content`, an unpacked IDX file; `where`: its place, for messages."""
    length = _announced(content, dimensions, where)
    if len(content) != length:
        held = _("more than {length:,}", length=length) if len(content) > length else f"{len(content):,}"
        raise _wrong_length(where, held, length, content)
    return np.frombuffer(content, np.uint8, offset=_header(dimensions)).reshape(_shape(content, dimensions))


def _wrong_length(where: str, held: str, length: int, content: Content) -> DataError:
    shape = _shape(content, content[3])
    return _damaged(
        _("{where} holds {held} bytes", where=where, held=held),
        expected=_("{length:,}, as its header says (shape {shape})", length=length, shape=shape),
    )


def _damaged(message: str, expected: str | None = None) -> DataError:
    return DataError(message, expected=expected, hint=_("copy or download the file again"))


def _header(dimensions: int) -> int:
    return 4 + 4 * dimensions


def _shape(content: Content, dimensions: int) -> tuple[int, ...]:
    sizes = bytes(content[4 : _header(dimensions)]).ljust(4 * dimensions, b"\0")  # the file may end early
    return tuple(int(size) for size in np.frombuffer(sizes, ">u4"))


def _announced(content: Content, dimensions: int, where: str) -> int:
    """Return how many bytes the whole file has according to the header of `content`."""
    magic = bytes((0, 0, UNSIGNED_BYTE, dimensions))
    if content[:4] != magic:
        raise _damaged(
            _("{where} begins with the bytes {hex}", where=where, hex=content[:4].hex(" ") or _("(none)")),
            expected=_(
                "an IDX file of unsigned bytes with {dimensions} dimensions, which begins with {hex}",
                dimensions=dimensions,
                hex=magic.hex(" "),
            ),
        )
    length = _header(dimensions) + prod(_shape(content, dimensions))
    if length > LARGEST:
        message = _("{where} declares {length:,} bytes", where=where, length=length)
        raise _damaged(message, expected=_("at most 2 GiB of images"))
    return length


def read_idx_once(packed: Path, *, dimensions: int, folder: Path, digest: str) -> NDArray[np.uint8]:
    """Return the array in the IDX file `packed`; if it is gzip, from its copy in `folder` with the sha256 `digest`.

    Without such a copy, unpack `packed` and write one, if `folder` can be written. The copy is memory-mapped.

    Raises: DataError if `packed` cannot be read or is not what its header says.
    """
    if packed.suffix != ".gz":
        return read_idx(packed, dimensions=dimensions)  # nothing to unpack
    copy = folder / packed.stem
    try:
        content: Content = np.memmap(copy, np.uint8, mode="r").data
    except (OSError, ValueError):  # missing, unreadable, or empty
        content = b""
    if sha256(content).hexdigest() != digest:
        content = read_bytes(packed, dimensions=dimensions)
        if sha256(content).hexdigest() == digest:
            with suppress(EnvironmentFault), replacing(copy) as draft:  # without the copy, the next time takes longer
                draft.write_bytes(content)
    return parse_idx(content, dimensions=dimensions, where=str(packed))


@dataclass(frozen=True)
class IdxFile:
    """One of the four files: its `name` without `.gz`, and the number of dimensions of its array."""

    name: str
    dimensions: int

    def find(self, folder: Path) -> Path | None:
        """Return the file in `folder`, gzip before plain, or None."""
        candidates = (folder / f"{self.name}.gz", folder / self.name)
        return next((path for path in candidates if path.is_file()), None)


LEARNING_IMAGES: Final = IdxFile("train-images-idx3-ubyte", 3)
LEARNING_LABELS: Final = IdxFile("train-labels-idx1-ubyte", 1)
TEST_IMAGES: Final = IdxFile("t10k-images-idx3-ubyte", 3)
TEST_LABELS: Final = IdxFile("t10k-labels-idx1-ubyte", 1)
LEARNING: Final = (LEARNING_IMAGES, LEARNING_LABELS)
TEST: Final = (TEST_IMAGES, TEST_LABELS)
FOUR_FILES: Final = (*LEARNING, *TEST)


def read_part(
    folder: Path, files: tuple[IdxFile, IdxFile], read_images: Callable[..., NDArray[np.uint8]] = read_idx
) -> Part:
    """Read one part of the data set in `folder`, LEARNING or TEST; `read_images` is called like `read_idx`.

    Raises: DataError if a file is missing or damaged, or images and labels do not match.
    """
    images, labels = (file.find(folder) or folder / f"{file.name}.gz" for file in files)
    image_array = read_images(images, dimensions=files[0].dimensions)
    label_array = read_idx(labels, dimensions=files[1].dimensions)
    return checked_part(image_array, label_array, where=f"{images.name} and {labels.name} in {folder}")
