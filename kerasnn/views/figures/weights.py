"""The incoming weights of units as images."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.language import _
from kerasnn.views.figures.fonts import in_figure_language
from kerasnn.views.figures.style import figure, save, signed_colours
from kerasnn.views.figures.tiles import draw_tiles, tile_room
from kerasnn.views.palette import Style

Maps = NDArray[np.floating[Any]]

FEW: Final = 12
MOST: Final = 400


@in_figure_language
def save_weight_maps(
    maps: Maps, titles: Sequence[str], path: Path, style: Style = "auto", *, heading: str | None = None
) -> Path:
    """Draw one image per unit, all on the same scale centred at 0.

    `maps`: weights of shape (units, rows, columns). `titles`: one per unit.
    """
    heading = heading or _("Weights")
    shown, names = maps[:MOST], titles[:MOST]
    few = len(shown) <= FEW
    columns = min(len(shown), 5 if few else 10 if len(shown) <= 100 else 20)
    size, fontsize = (1.5, 9) if few else (0.78, 6)
    width, height = tile_room(len(shown), columns, names, size=size, fontsize=fontsize)
    limit = weight_limit(shown)
    with figure(max(width, 3.2) + 0.3, height + 1.15, style) as drawing:
        area = drawing.subplots()
        scale: dict[str, Any] = {"cmap": signed_colours(), "vmin": -limit, "vmax": limit}
        image = draw_tiles(area, shown, names, columns=columns, size=size, fontsize=fontsize, **scale)
        bar = drawing.colorbar(
            image, orientation="horizontal", shrink=0.5, aspect=32, extend="both", pad=0.02, location="bottom"
        )
        bar.set_label(_("weight of a pixel: below 0 it lowers the unit's input, above 0 it raises it"), fontsize=9)
        bar.outline.set_visible(False)
        drawing.suptitle(heading, fontsize=12, x=0.01, ha="left")
        return save(
            drawing, path, style, title=_("{heading}: {count} images of weights", heading=heading, count=len(maps))
        )


def weight_limit(maps: Maps) -> float:
    """Return the 99.5 % quantile of the absolute weights, so that a few outliers do not fade all others."""
    return float(np.quantile(np.abs(maps), 0.995)) or 1.0
