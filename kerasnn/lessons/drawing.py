"""Arrays turned into the records of pictures."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kerasnn.records import ImagesPicture, LinesPicture, Series, Tile
from kerasnn.records.explanation import Values

STRONGEST: Final = 99  # percentile: single weights at the rim are far larger than all others
DIGITS: Final = 5  # significant digits: more than any picture shows


def grey_images(
    name: str, title: str, tiles: Sequence[tuple[str, NDArray[Any]]], *, high: float = 255, across: int = 5
) -> ImagesPicture:
    """Return grey images, 0 black and `high` white. `tiles`: a caption and an array of shape (rows, columns) each."""
    drawn = tuple(Tile(text, _rows(image)) for text, image in tiles)
    return ImagesPicture(name, title, drawn, "grey", 0.0, float(high), across)


def signed_images(
    name: str, title: str, tiles: Sequence[tuple[str, NDArray[Any]]], *, across: int = 5
) -> ImagesPicture:
    """Return images in two colours, for values below and above 0. `tiles`: as in `grey_images`.

    The strongest colour stands for the 99th percentile of the absolute values.
    """
    drawn = tuple(Tile(text, _rows(image)) for text, image in tiles)
    sizes = np.abs(np.concatenate([image.reshape(-1) for _text, image in tiles]))
    reach = float(f"{np.percentile(sizes, STRONGEST):.3g}") or float(sizes.max()) or 1.0
    return ImagesPicture(name, title, drawn, "signed", -reach, reach, across)


def series(name: str, x: ArrayLike, y: ArrayLike) -> Series:
    return Series(name, _numbers(x), _numbers(y))


def lines(
    name: str, title: str, axes: tuple[str, str], *curves: Series, marked: float | None = None, paths: bool = False
) -> LinesPicture:
    """Return a picture of curves. `axes`: the labels of the x and the y axis."""
    return LinesPicture(name, title, *axes, curves, marked, paths)


def _numbers(values: ArrayLike) -> tuple[float, ...]:
    return tuple(float(f"{value:.{DIGITS}g}") for value in np.asarray(values, np.float64).reshape(-1))


def _rows(image: NDArray[Any]) -> Values:
    return tuple(_numbers(row) for row in image)
