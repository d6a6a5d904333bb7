"""Dropout at work: the same outputs in several training steps, each with units of its own left out."""

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from kerasnn.language import _
from kerasnn.views.figures.fonts import written
from kerasnn.views.figures.style import amount_colours, figure, save
from kerasnn.views.palette import Style, fixed, palette

Reals = NDArray[np.floating[Any]]


@written
def save_dropout(
    outputs: Reals, kept: NDArray[np.bool_], rate: float, path: Path, style: Style = "auto", *, what: str | None = None
) -> Path:
    """Draw `outputs` as they are when predicting, then under each mask of `kept`: dropped ones are crossed out.

    `outputs`: of shape (rows, columns), as a hidden layer's laid out in a square, or an image. `kept`: of shape
    (passes, rows, columns), False where dropped. What is kept is drawn scaled by 1 / (1 - rate), as in training.
    """
    what = what or _("outputs")
    sheets = [outputs, *(np.where(mask, outputs / (1 - rate), np.nan) for mask in kept)]
    titles = [_("predicting:\nall there"), *(_title(number, mask) for number, mask in enumerate(kept, start=1))]
    top = float(np.nanmax(np.abs(outputs))) / (1 - rate) or 1.0
    with figure(2.1 * len(sheets) + 0.8, 2.85, style) as drawing:
        areas = drawing.subplots(1, len(sheets), squeeze=False)[0]
        for area, sheet, title in zip(areas, sheets, titles, strict=True):
            image = area.imshow(sheet, cmap=amount_colours(style), vmin=0, vmax=top, interpolation="nearest")
            _cross(area, np.isnan(sheet), style)
            area.set_title(title, fontsize=9)
        bar = drawing.colorbar(image, ax=list(areas), shrink=0.62, aspect=14, pad=0.01)
        bar.outline.set_visible(False)
        bar.set_label(_("output"), fontsize=8)
        scaling = f"1 / (1 - {rate:g}) = {1 / (1 - rate):.3f}"
        drawing.suptitle(
            _(
                "Dropout({rate:g}) of {count} {what}; what is kept is multiplied by {scaling}",
                rate=rate,
                count=outputs.size,
                what=what,
                scaling=scaling,
            ),
            fontsize=10,
        )
        shares = ", ".join(f"{1 - mask.mean():.0%}" for mask in kept)
        return save(
            drawing,
            path,
            style,
            title=_(
                "Dropout({rate:g}) in {count} training steps: {shares} dropped",
                rate=rate,
                count=len(kept),
                shares=shares,
            ),
        )


def _title(number: int, mask: NDArray[np.bool_]) -> str:
    dropped = mask.size - int(mask.sum())
    return _("training step {number}:\n{dropped} of {count} dropped", number=number, dropped=dropped, count=mask.size)


def _cross(area: Axes, dropped: NDArray[np.bool_], style: Style) -> None:
    rows, columns = dropped.shape
    marks = np.argwhere(dropped)
    size = 90 / max(rows, columns)
    if len(marks):
        area.plot(
            marks[:, 1], marks[:, 0], "x", color=fixed(palette(style).grey), markersize=size * 0.55, markeredgewidth=0.9
        )
    area.set_facecolor(fixed(palette(style).faint))
    area.set_xticks([])
    area.set_yticks([])
    area.grid(visible=False)
    area.spines[:].set_visible(True)
    area.spines[:].set_color(palette(style).grey)
