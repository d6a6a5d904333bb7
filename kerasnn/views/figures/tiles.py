"""Many small images on one sheet, each with a line of text above it."""

from collections.abc import Sequence
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from kerasnn.views.palette import Style, palette

GAP: Final = 0.12  # of a tile, between tiles
HEADLINE: Final = 0.2  # of a tile, above it, for each line of its text


def draw_tiles(
    area: Axes,
    images: NDArray[Any],
    titles: Sequence[str] = (),
    *,
    columns: int,
    style: Style = "auto",
    fontsize: float = 8,
    **scale: Any,
) -> AxesImage:
    """Draw `images`, of shape (n, rows, columns), in `columns` of tiles; `scale`: cmap, vmin and vmax of all."""
    height, width = images.shape[1:]
    lines = max((title.count("\n") + 1 for title in titles), default=0)
    across, down = width * (1 + GAP), height * (1 + GAP + HEADLINE * lines)
    for number, image in enumerate(images):
        left, top = number % columns * across, number // columns * down
        shown = area.imshow(image, extent=(left, left + width, top + height, top), interpolation="nearest", **scale)
        if titles:
            colour = palette(style).ink
            area.text(
                left, top - 0.06 * height, titles[number], color=colour, fontsize=fontsize, va="bottom", ha="left"
            )
    rows = -(-len(images) // columns)
    area.set_xlim(-1, columns * across - width * GAP + 1)
    area.set_ylim(rows * down - height * (GAP + HEADLINE * lines) + 1, -height * HEADLINE * lines - 1)
    area.set_axis_off()
    return shown


def tile_room(count: int, columns: int, *, lines: int = 0, size: float = 1.2) -> tuple[float, float]:
    """Inches that `count` square tiles of `size` inches take, with so many lines of text above each."""
    rows = -(-count // columns)
    return columns * size * (1 + GAP), rows * size * (1 + GAP + HEADLINE * lines)
