"""The background of images: that of a data set, and whether a picture's is like it or the other way round."""

from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind", bound=np.generic)

NEAR: Final = 64  # grey values that count as the same background


def border(pixels: NDArray[Kind]) -> NDArray[Kind]:
    """Return the outermost pixels of images of shape (..., rows, columns), as shape (..., pixels)."""
    edges = (pixels[..., 0, :], pixels[..., -1, :], pixels[..., 1:-1, 0], pixels[..., 1:-1, -1])
    return np.concatenate(edges, axis=-1)


def background_of(images: NDArray[np.uint8], chosen: NDArray[np.int64] | slice = slice(None)) -> int | None:
    """Return the grey value of the background of a data set's `images`, (n, rows, columns); None if they share none.

    `chosen`: the numbers of those that count.
    """
    edges = border(images)[chosen]
    median = float(np.median(edges))
    shared = np.abs(edges.astype(np.int16) - median) < NEAR / 2
    return round(median) if shared.mean() > 0.5 and not NEAR < median < 255 - NEAR else None


def is_reversed(pixels: NDArray[np.uint8], background: int) -> bool | None:
    """Return True if the border is as light as the `background` is dark, or as dark as it is light.

    None if it is neither that nor like `background`.
    """
    edges = border(pixels).astype(np.int16)
    same, opposite = (float((np.abs(edges - value) < NEAR).mean()) for value in (background, 255 - background))
    return opposite > same if max(same, opposite) > 0.25 else None
