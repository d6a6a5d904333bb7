"""The background of images: that of a data set, and whether a picture's is like it or the other way round."""

from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.blocks import histogram

Kind = TypeVar("Kind", bound=np.generic)

NEAR: Final = 64  # grey values that count as the same background


def border(pixels: NDArray[Kind]) -> NDArray[Kind]:
    """Return the outermost pixels of images of shape (..., rows, columns), as shape (..., pixels)."""
    edges = (pixels[..., 0, :], pixels[..., -1, :], pixels[..., 1:-1, 0], pixels[..., 1:-1, -1])
    return np.concatenate(edges, axis=-1)


def background_of(images: NDArray[np.uint8]) -> int | None:
    """Return the grey value of the background of data set `images`, (n, rows, columns); None if they share none."""
    counts = histogram(images, border)
    below = counts.cumsum()
    middle = ((below[-1] - 1) // 2, below[-1] // 2)  # both are the same place if the number of pixels is odd
    median = float(np.searchsorted(below, middle, side="right").mean())
    shared = counts[np.abs(np.arange(256) - median) < NEAR / 2].sum() / below[-1]
    return round(median) if shared > 0.5 and not NEAR < median < 255 - NEAR else None


def is_reversed(pixels: NDArray[np.uint8], background: int) -> bool | None:
    """Return True if the border is as light as the `background` is dark, or as dark as it is light.

    None if it is neither that nor like `background`.
    """
    edges = border(pixels).astype(np.int16)
    same, opposite = (float((np.abs(edges - value) < NEAR).mean()) for value in (background, 255 - background))
    return opposite > same if max(same, opposite) > 0.25 else None
