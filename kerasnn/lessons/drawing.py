"""Arrays made into pictures as data."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kerasnn.records import ImagesPicture, LinesPicture, Series, Tile
from kerasnn.records.explanation import Values

STRONGEST = 99  # percentile: single weights at the rim are far larger than all others
DIGITS = 5  # significant ones: more than any picture shows


def grey_images(
    name: str, title: str, tiles: Sequence[tuple[str, NDArray[Any]]], *, high: float = 255, across: int = 5
) -> ImagesPicture:
    """Images of shape (rows, columns) from black, 0, to white, `high`; each with what stands above it."""
    drawn = tuple(Tile(text, _rows(image)) for text, image in tiles)
    return ImagesPicture(name, title, drawn, "grey", 0.0, float(high), across)


def signed_images(
    name: str, title: str, tiles: Sequence[tuple[str, NDArray[Any]]], *, across: int = 5
) -> ImagesPicture:
    """Images of shape (rows, columns) about 0; the hundredth furthest from it gets the strongest colour."""
    drawn = tuple(Tile(text, _rows(image)) for text, image in tiles)
    sizes = np.abs(np.concatenate([image.reshape(-1) for _text, image in tiles]))
    reach = float(f"{np.percentile(sizes, STRONGEST):.3g}") or float(sizes.max()) or 1.0
    return ImagesPicture(name, title, drawn, "signed", -reach, reach, across)


def series(name: str, x: ArrayLike, y: ArrayLike) -> Series:
    return Series(name, _numbers(x), _numbers(y))


def lines(
    name: str, title: str, axes: tuple[str, str], *curves: Series, marked: float | None = None, paths: bool = False
) -> LinesPicture:
    """Curves; `axes`: what the x and the y axis measure."""
    return LinesPicture(name, title, *axes, curves, marked, paths)


def _numbers(values: ArrayLike) -> tuple[float, ...]:
    return tuple(float(f"{value:.{DIGITS}g}") for value in np.asarray(values, np.float64).reshape(-1))


def _rows(image: NDArray[Any]) -> Values:
    return tuple(_numbers(row) for row in image)
