"""Go through many images a block at a time: NumPy's functions would copy all of them, into eight bytes a pixel."""

from collections.abc import Callable, Iterator
from typing import Final, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Kind = TypeVar("Kind", bound=np.generic)

BLOCK: Final = 1 << 22  # bytes


class Stream(Protocol):
    """An open file, or what unpacks one."""

    def read(self, size: int, /) -> bytes: ...


def read_up_to(stream: Stream, length: int, begun: bytes = b"") -> bytearray:
    """Return `begun` and what follows it in `stream`, at most `length` bytes together.

    The content may be written, and so may an array of it.
    """
    content = bytearray(length)  # takes memory where it is written to
    content[: len(begun)] = begun
    filled = len(begun)
    with memoryview(content) as view:
        while filled < length and (more := stream.read(min(BLOCK, length - filled))):
            view[filled : filled + len(more)] = more
            filled += len(more)
    del content[filled:]
    return content


def histogram(images: Bytes, of: Callable[[Bytes], Bytes] = lambda block: block) -> NDArray[np.int64]:
    """Count the grey values, 0 to 255, of `images`, (n, rows, columns), or of what `of` returns for some of them."""
    counts = np.zeros(256, np.int64)
    for start, end in _blocks(images):
        counts += np.bincount(of(images[start:end]).reshape(-1), minlength=256)
    return counts


def reorder(images: Bytes, order: NDArray[np.int64]) -> None:
    """Make `images` what `images[order]` is, in their place."""
    at = np.arange(len(images))  # which image lies at each place
    place = at.copy()  # where each image lies
    for start, end in _blocks(images):
        sources = place[order[start:end]]
        block = images[sources]
        # the images that lie here and belong elsewhere go where the new ones come from
        here = np.arange(start, end)
        leaving, vacated = here[~np.isin(here, sources)], sources[sources >= end]
        images[vacated], at[vacated] = images[leaving], at[leaving]
        place[at[vacated]] = vacated
        images[start:end] = block


def blocks(values: NDArray[Kind]) -> Iterator[NDArray[Kind]]:
    """Yield `values` of shape (n, ...) a block at a time."""
    return (values[start:end] for start, end in _blocks(values))


def _blocks(images: NDArray[Kind]) -> Iterator[tuple[int, int]]:
    step = max(1, BLOCK * len(images) // images.nbytes)
    return ((start, min(start + step, len(images))) for start in range(0, len(images), step))
