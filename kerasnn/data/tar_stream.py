"""A tar archive as a stream that is unpacked as it goes by, up to a limit."""

import gzip
import io
import tarfile
import zlib
from contextlib import suppress
from pathlib import Path

from kerasnn.data.blocks import Stream
from kerasnn.files.packed import GZIP, MOST_TIMES
from kerasnn.language import _


def is_tar(path: Path) -> bool:
    """Return True for a tar archive, plain or gzip. Raises: OSError."""
    with suppress(EOFError, OSError, zlib.error), unpacked(path) as stream:
        return stream.read(tarfile.BLOCKSIZE)[257:262] == b"ustar"
    return False


def unpacked(path: Path) -> io.BufferedIOBase:
    """Open a file, unpacked if it is gzip."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    return gzip.open(path, "rb") if packed else path.open("rb")


class Limited:
    """A stream that may not yield more than `limit` bytes."""

    def __init__(self, stream: Stream, limit: int) -> None:
        self.stream, self.left = stream, limit

    def read(self, size: int, /) -> bytes:
        content = self.stream.read(min(size, self.left + 1))
        self.left -= len(content)
        if self.left < 0:
            raise ValueError(_("it unpacks to more than {times} times its size", times=MOST_TIMES))
        return content
