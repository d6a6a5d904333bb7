"""What a unit looks for: its weights as an image, and the images that excite it most."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kerasnn.language import _
from kerasnn.views.figures.fonts import readable, written
from kerasnn.views.figures.style import figure, save, signed_colours
from kerasnn.views.figures.tiles import draw_tiles
from kerasnn.views.figures.weights import weight_limit
from kerasnn.views.palette import Style

COLUMNS = 5


@written
def save_excitement(
    weights: NDArray[np.floating[Any]],
    images: NDArray[np.uint8],
    names: Sequence[str],
    outputs: Sequence[float],
    path: Path,
    style: Style = "auto",
    *,
    heading: str | None = None,
) -> Path:
    """Draw the unit's `weights`, of shape (rows, columns), beside `images`, the most exciting first.

    `names`: the class of each image; `outputs`: what the unit gives for it.
    """
    heading = heading or _("A hidden unit")
    limit = weight_limit(weights[None])
    rows = -(-len(images) // COLUMNS)
    with figure(8.4, 1.62 * rows + 0.5, style) as drawing:
        left, right = drawing.subplots(1, 2, width_ratios=(1.75, COLUMNS))
        shown = left.imshow(weights, cmap=signed_colours(), vmin=-limit, vmax=limit, interpolation="nearest")
        left.set_axis_off()
        left.set_anchor("N")
        right.set_anchor("NW")
        bar = drawing.colorbar(shown, ax=left, orientation="horizontal", extend="both", pad=0.04, aspect=18)
        bar.outline.set_visible(False)
        bar.ax.tick_params(labelsize=8)
        titles = [f"{name}\n{output:.3g}" for name, output in zip(readable(names), outputs, strict=True)]
        draw_tiles(right, images, titles, columns=COLUMNS, cmap="gray", vmin=0, vmax=255)
        words = _("its weights, and the images that excite it most, with what it gives for each")
        drawing.suptitle(f"{heading}: {words}", fontsize=10, x=0.01, ha="left")
        return save(
            drawing,
            path,
            style,
            title=_(
                "{heading}: its weights and the {count} images it answers most to", heading=heading, count=len(images)
            ),
        )
