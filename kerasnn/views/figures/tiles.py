"""Many small images in one figure, each below its title."""

from collections.abc import Sequence
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from numpy.typing import NDArray

GAP: Final = 0.12  # between tiles, as a fraction of a tile
SPACING: Final = 1.3 / 72  # height of a line of text in inches per point of font size


def draw_tiles(
    area: Axes,
    images: NDArray[Any],
    titles: Sequence[str] = (),
    *,
    columns: int,
    size: float = 1.2,
    fontsize: float = 8,
    **scale: Any,
) -> AxesImage:
    """Draw `images`, of shape (n, rows, columns), as tiles in `columns` columns; `scale`: cmap, vmin and vmax.

    `size`: width of a tile in inches, which determines the room for `titles`.
    """
    height, width = images.shape[1:]
    above = _headline(titles, fontsize) / size * height
    across, down = width * (1 + GAP), height * (1 + GAP) + above
    for number, image in enumerate(images):
        left, top = number % columns * across, number // columns * down
        shown = area.imshow(image, extent=(left, left + width, top + height, top), interpolation="none", **scale)
        if titles:
            area.text(left, top - 0.06 * height, titles[number], fontsize=fontsize, va="baseline", linespacing=1.15)
    rows = -(-len(images) // columns)
    area.set_xlim(-1, columns * across - width * GAP + 1)
    area.set_ylim(rows * down - height * GAP - above + 1, -above - 1)
    area.set_axis_off()
    return shown


def tile_room(
    count: int, columns: int, titles: Sequence[str] = (), *, size: float = 1.2, fontsize: float = 8
) -> tuple[float, float]:
    """Return width and height in inches of `count` square tiles of `size` inches with their titles."""
    rows = -(-count // columns)
    return columns * size * (1 + GAP), rows * (size * (1 + GAP) + _headline(titles, fontsize))


def _headline(titles: Sequence[str], fontsize: float) -> float:
    """Return the height of the tallest title in inches."""
    return max((title.count("\n") + 1 for title in titles), default=0) * fontsize * SPACING
