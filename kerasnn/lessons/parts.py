"""The parts of a lesson, from arrays: sections, tables, pictures, and two computations of the same numbers compared."""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kerasnn.records import BarsPicture, Check, Epoch, Grid, ImagesPicture, LinesPicture, Section, Series, Tile
from kerasnn.records.explanation import Drawing

ROUNDING: Final = 1e-5  # float32 results may differ by this much when terms are added in another order
STRONGEST: Final = 99  # percentile: single weights at the rim are far larger than all others
DIGITS: Final = 5  # significant digits: more than any picture shows


def section(title: str, *parts: str | Grid | Check | Drawing) -> Section:
    """Return one step of a lesson. Sentences before its first table, check or picture introduce it, others close it."""
    sentences = tuple(takewhile(lambda part: isinstance(part, str), parts))
    rest = parts[len(sentences) :]
    return Section(
        title,
        tuple(map(str, sentences)),
        tuple(part for part in rest if isinstance(part, Grid)),
        tuple(part for part in rest if isinstance(part, Check)),
        tuple(part for part in rest if not isinstance(part, str | Grid | Check)),
        tuple(part for part in rest if isinstance(part, str)),
    )


def table(
    title: str, columns: tuple[str, ...], rows: Iterable[Iterable[Any]], *, digits: int = 4, note: str | None = None
) -> Grid:
    """Return a table. A cell is a text, a number, also one of NumPy's, or None."""
    plain = (tuple(cell.item() if isinstance(cell, np.generic) else cell for cell in row) for row in rows)
    return Grid(title, columns, tuple(plain), digits, note)  # JSON knows no NumPy numbers


def check(name: str, left: tuple[str, ArrayLike], right: tuple[str, ArrayLike], tolerance: float = ROUNDING) -> Check:
    """Compare two arrays of one shape element by element.

    `left`, `right`: a label and the numbers. The check fails for different shapes, empty arrays and not-a-number.
    """
    one, other = (np.asarray(side[1], np.float64) for side in (left, right))
    same_shape = one.shape == other.shape
    difference = float(np.abs(one - other).max()) if same_shape and one.size else float("inf")
    values = [float(side.item()) if side.size == 1 else None for side in (one, other)]
    # not-a-number is never <= tolerance, so it fails
    return Check(
        name, left[0], right[0], values[0], values[1], one.size, difference, tolerance, difference <= tolerance
    )


def grey_images(
    name: str, title: str, tiles: Sequence[tuple[str, NDArray[Any]]], *, high: float = 255, across: int = 5
) -> ImagesPicture:
    """Return grey images, 0 black and `high` white. `tiles`: a caption and an array of shape (rows, columns) each."""
    return ImagesPicture(name, title, _tiles(tiles), "grey", 0.0, float(high), across)


def signed_images(name: str, title: str, tiles: Sequence[tuple[str, NDArray[Any]]]) -> ImagesPicture:
    """Return images in two colours, for values below and above 0. `tiles`: as in `grey_images`.

    The strongest colour stands for the 99th percentile of the absolute values.
    """
    sizes = np.abs(np.concatenate([image.reshape(-1) for _text, image in tiles]))
    reach = float(f"{np.percentile(sizes, STRONGEST):.3g}") or float(sizes.max()) or 1.0  # 1: all weights may be 0
    return ImagesPicture(name, title, _tiles(tiles), "signed", -reach, reach)


def bars(
    name: str, title: str, labels: Iterable[str], values: Iterable[float], *highlighted: int, digits: int = 4
) -> BarsPicture:
    """Return a picture of one bar per label. `highlighted`: indices of the bars to emphasize."""
    return BarsPicture(name, title, tuple(labels), tuple(map(float, values)), highlighted, digits)


def series(name: str, x: ArrayLike, y: ArrayLike) -> Series:
    return Series(name, _numbers(x), _numbers(y))


def curve(name: str, history: tuple[Epoch, ...], metric: str) -> Series:
    """Return one metric of a history by epoch. `metric`: a field of Epoch."""
    return Series(name, tuple(float(line.epoch) for line in history), tuple(getattr(line, metric) for line in history))


def lines(
    name: str, title: str, axes: tuple[str, str], *curves: Series, marked: float | None = None, paths: bool = False
) -> LinesPicture:
    """Return a picture of curves. `axes`: the labels of the x and the y axis."""
    return LinesPicture(name, title, *axes, curves, marked, paths)


def _numbers(values: ArrayLike) -> tuple[float, ...]:
    return tuple(float(f"{value:.{DIGITS}g}") for value in np.asarray(values, np.float64).reshape(-1))


def _tiles(tiles: Sequence[tuple[str, NDArray[Any]]]) -> tuple[Tile, ...]:
    return tuple(Tile(text, tuple(map(_numbers, image))) for text, image in tiles)
