"""Sheets of small images: samples of every class, a model's worst mistakes, the weights of units."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from kerasnn.language import _
from kerasnn.records import DataOverview, Evaluation
from kerasnn.views.figures.style import figure, in_figure_language, readable, save, signed_colours
from kerasnn.views.palette import Style

Maps = NDArray[np.floating[Any]]  # (units, rows, columns)

MOST_CLASSES: Final = 40
MISTAKE_COLUMNS: Final = 5
FEW: Final = 12  # units whose images may be large
MOST_UNITS: Final = 400
GAP: Final = 0.12  # between tiles, as a fraction of a tile
SPACING: Final = 1.3 / 72  # height of a line of text in inches per point of font size


@in_figure_language
def save_contact_sheet(overview: DataOverview, path: Path, style: Style = "auto") -> Path:
    """Draw the samples of each class, one row per class."""
    info, samples = overview.dataset, overview.samples[:MOST_CLASSES]
    across = max(len(images) for images in samples)
    rows, columns = info.shape
    names = readable(info.classes)
    with figure(8.5, 0.62 * len(samples) * rows / columns + 0.4, style) as drawing:
        area = drawing.subplots()
        images = np.full((len(samples), across, rows, columns), np.nan)  # a class with fewer images leaves gaps
        for label, pictures in enumerate(samples):
            images[label, : len(pictures)] = pictures
        draw_tiles(area, images.reshape(-1, rows, columns), columns=across, cmap="gray", vmin=0, vmax=255)
        for label in range(len(samples)):
            middle = label * rows * (1 + GAP) + rows / 2
            area.text(-0.2 * columns, middle, f"{names[label]}  {label}", ha="right", va="center")
        title = _("{name}: the first {across} training images of each class", name=info.name, across=across)
        drawn = " " + _("(drawn by kerasnn)") if info.stand_in else ""
        drawing.suptitle(title + drawn, fontsize=10, x=0.01, ha="left")
        return save(drawing, path, style, title=f"{title}: {', '.join(names)}")


@in_figure_language
def save_mistakes(evaluation: Evaluation, path: Path, style: Style = "auto") -> Path:
    """Draw the worst mistakes, each with the true class and the model's answer."""
    names = dict(zip(evaluation.dataset.classes, readable(evaluation.dataset.classes), strict=True))
    titles = [
        _(
            "{truth}, taken for\n{answer} {probability:.2f}\ntest image {index}",
            truth=names[mistake.truth],
            answer=names[mistake.answer],
            probability=mistake.probability,
            index=mistake.index,
        )
        for mistake in evaluation.mistakes
    ]
    width, height = tile_room(max(1, len(titles)), MISTAKE_COLUMNS, titles, size=1.45)
    with figure(width + 0.2, height + 0.5, style) as drawing:
        area = drawing.subplots()
        area.set_axis_off()
        if titles:
            images = np.array([mistake.pixels for mistake in evaluation.mistakes])
            draw_tiles(area, images, titles, columns=MISTAKE_COLUMNS, size=1.45, cmap="gray", vmin=0, vmax=255)
        heading = _("{model}: its worst mistakes on {dataset}", model=evaluation.model, dataset=evaluation.dataset.name)
        drawing.suptitle(heading, fontsize=11, x=0.01, ha="left")
        title = _("{heading}: {count} images with truth and answer", heading=heading, count=len(titles))
        return save(drawing, path, style, title=title)


@in_figure_language
def save_weight_maps(
    maps: Maps, titles: Sequence[str], path: Path, style: Style = "auto", *, heading: str | None = None
) -> Path:
    """Draw one image per unit, all on the same scale centred at 0.

    `maps`: weights of shape (units, rows, columns). `titles`: one per unit.
    """
    heading = heading or _("Weights")
    shown, names = maps[:MOST_UNITS], titles[:MOST_UNITS]
    few = len(shown) <= FEW
    columns = min(len(shown), 5 if few else 10 if len(shown) <= 100 else 20)
    size, fontsize = (1.5, 9) if few else (0.78, 6)
    width, height = tile_room(len(shown), columns, names, size=size, fontsize=fontsize)
    limit = float(np.quantile(np.abs(shown), 0.995)) or 1.0  # so that a few outliers do not fade all others
    with figure(max(width, 3.2) + 0.3, height + 1.15, style) as drawing:
        scale: dict[str, Any] = {"cmap": signed_colours(), "vmin": -limit, "vmax": limit}
        image = draw_tiles(drawing.subplots(), shown, names, columns=columns, size=size, fontsize=fontsize, **scale)
        bar = drawing.colorbar(
            image, orientation="horizontal", shrink=0.5, aspect=32, extend="both", pad=0.02, location="bottom"
        )
        bar.set_label(_("weight of a pixel: below 0 it lowers the unit's input, above 0 it raises it"), fontsize=9)
        bar.outline.set_visible(False)
        drawing.suptitle(heading, fontsize=12, x=0.01, ha="left")
        title = _("{heading}: {count} images of weights", heading=heading, count=len(maps))
        return save(drawing, path, style, title=title)


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
