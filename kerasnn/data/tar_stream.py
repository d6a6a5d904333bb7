"""A tar archive as a stream that is unpacked as it goes by, up to a limit."""

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self, cast

from kerasnn.data.blocks import Stream
from kerasnn.files.packed import GZIP, MOST_TIMES, UNPACKED
from kerasnn.language import _

LONGEST_HEADER: Final = 1 << 20  # bytes from a member's end to the next one's content
USUAL_RECORDS: Final = 512  # bytes of what a header in the form pax says
LONGEST_RECORDS: Final = 1 << 12
MOST_LONG_RECORDS: Final = 1 << 20  # of all that are longer than usual
MOST_RECORDS: Final = 100  # that hold for all members: `tarfile` copies them for each


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


class _Limited:
    """A stream that may not yield more than `most` bytes, nor any that follow the first `until` of them."""

    def __init__(self, stream: Stream, most: int) -> None:
        self.stream, self.most = stream, most
        self.read_so_far, self.until = 0, LONGEST_HEADER

    def read(self, size: int, /) -> bytes:
        content = self.stream.read(min(size, min(self.most, self.until) + 1 - self.read_so_far))
        self.read_so_far += len(content)
        if self.read_so_far > self.most:
            raise ValueError(_("it unpacks to more than {times} times its size", times=MOST_TIMES))
        if self.read_so_far > self.until:
            raise ValueError(_("a header is longer than {most:,} bytes", most=LONGEST_HEADER))
        return content


class _Header(tarfile.TarInfo):
    """What an archive says of a member; if it is damaged, that is an error, and not the end of the archive."""

    def _proc_pax(self, archive: Any) -> tarfile.TarInfo:
        # `tarfile` before 3.13 searches digits in these in quadratic time (CVE-2024-6232)
        if self.size > USUAL_RECORDS:
            archive.long_records = getattr(archive, "long_records", 0) + self.size
            if self.size > LONGEST_RECORDS or archive.long_records > MOST_LONG_RECORDS:
                raise tarfile.ReadError("the records of a header are too long")
        return cast(tarfile.TarInfo, cast(Any, super())._proc_pax(archive))

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile, /) -> Self:
        try:
            return super().fromtarfile(archive)
        except cast(Any, tarfile).EOFHeaderError:
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(str(error)) from None


def headers(path: Path) -> Iterator[tuple[tarfile.TarInfo, tarfile.TarFile]]:
    """Yield what a tar archive says of each member, and the archive, which can read it until the next one is asked for.

    Raises: ValueError, TarError, or what `gzip` raises, if it is damaged or not safe to read.
    """
    with unpacked(path) as stream:
        limited = cast(Any, _Limited(stream, max(UNPACKED, MOST_TIMES * path.stat().st_size)))
        with tarfile.open(fileobj=limited, mode="r|", tarinfo=_Header) as archive:
            while member := archive.next():
                if member.size < 0:
                    raise tarfile.ReadError("negative size")
                cast(Any, archive).members.clear()
                if len(archive.pax_headers) > MOST_RECORDS:
                    raise ValueError(_("more than {most} records hold for all of its members", most=MOST_RECORDS))
                limited.until = archive.offset + LONGEST_HEADER
                yield member, archive
