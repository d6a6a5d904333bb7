"""Sheets of small images: samples of every class, a model's worst mistakes, the weights of units."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from kerasnn.language import _
from kerasnn.records import DataOverview, Evaluation
from kerasnn.views.figures.letters import in_figure_language, readable
from kerasnn.views.figures.style import GREY, figure, save, signed_colours, text_room
from kerasnn.views.palette import Style

Maps = NDArray[np.floating[Any]]  # (units, rows, columns)

MOST_CLASSES: Final = 26
MOST_MISTAKES: Final = 10
MOST_UNITS: Final = 400
GAP: Final = 0.12  # between tiles, as a fraction of a tile
ROOM: Final = (12.6, 6.2)  # inches that a slide has below its heading
LEAST: Final = 0.35  # inches: smaller tiles go without titles


@in_figure_language
def save_contact_sheet(overview: DataOverview, path: Path, style: Style = "auto") -> Path:
    """Draw the samples of each class, one row per class."""
    info, samples = overview.dataset, overview.samples[:MOST_CLASSES]
    across = max(len(images) for images in samples)
    rows, columns = np.shape(next(images[0] for images in samples if images))
    names = readable(info.classes)
    title = _("{name}: the first {across} training images of each class", name=info.name, across=across)
    if len(samples) < len(names):
        title = _(
            "{name}: the first {across} training images of {count} of the {total} classes",
            name=info.name,
            across=across,
            count=len(samples),
            total=len(names),
        )
    drawn = " " + _("(drawn by kerasnn)") if info.stand_in else ""
    with figure(title + drawn, style) as drawing:
        area = drawing.subplots()
        images = np.full((len(samples), across, rows, columns), np.nan)  # a class with fewer images leaves gaps
        for label, pictures in enumerate(samples):
            if pictures:
                images[label, : len(pictures)] = pictures
        draw_tiles(area, images.reshape(-1, rows, columns), columns=across, cmap="gray", vmin=0, vmax=255)
        for label in range(len(samples)):
            middle = label * rows * (1 + GAP) + rows / 2
            area.text(-0.2 * columns, middle, f"{names[label]}  {label}", ha="right", va="center")
        return save(drawing, path, style, title=f"{title}: {', '.join(names)}")


@in_figure_language
def save_mistakes(evaluation: Evaluation, path: Path, style: Style = "auto") -> Path:
    """Draw the worst mistakes, each with the true class and the model's answer."""
    names = dict(zip(evaluation.dataset.classes, readable(evaluation.dataset.classes), strict=True))
    worst = evaluation.mistakes[:MOST_MISTAKES]
    titles = [
        _(
            "{truth}, taken for\n{answer} {probability:.2f}\ntest image {index}",
            truth=names[mistake.truth],
            answer=names[mistake.answer],
            probability=mistake.probability,
            index=mistake.index,
        )
        for mistake in worst
    ]
    heading = _("{model}: its worst mistakes on {dataset}", model=evaluation.model, dataset=evaluation.dataset.name)
    with figure(heading, style) as drawing:
        area = drawing.subplots()
        area.set_axis_off()
        if worst:
            images = np.array([mistake.pixels for mistake in worst])
            draw_tiles(area, images, titles, cmap="gray", vmin=0, vmax=255)
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
    shown = maps[:MOST_UNITS]
    names = titles[:MOST_UNITS] if len(shown) > 1 else ()  # one is named by the heading
    limit = float(np.quantile(np.abs(shown), 0.995)) or 1.0  # so that a few outliers do not fade all others
    scale: dict[str, Any] = {"cmap": signed_colours(), "vmin": -limit, "vmax": limit}
    with figure(heading, style) as drawing:
        image = draw_tiles(drawing.subplots(), shown, names, room=(ROOM[0], ROOM[1] - 1), **scale)
        bar = drawing.colorbar(image, location="bottom", shrink=0.5, aspect=32, extend="both", pad=0.02, panchor=False)
        bar.set_label(_("weight of a pixel: below 0 it lowers the unit's input, above 0 it raises it"))
        bar.outline.set_visible(False)
        title = _("{heading}: {count} images of weights", heading=heading, count=len(maps))
        return save(drawing, path, style, title=title)


def draw_tiles(
    area: Axes,
    images: NDArray[Any],
    titles: Sequence[str] = (),
    *,
    columns: int | None = None,
    room: tuple[float, float] = ROOM,
    **scale: Any,
) -> AxesImage:
    """Draw `images`, of shape (n, rows, columns), as tiles below their titles; `scale`: cmap, vmin and vmax.

    The tiles are as large as `room`, in inches, allows, in `columns` columns or as many as suit it. Titles of very
    small tiles are left out.
    """
    height, width = images.shape[1:]
    broad, above = text_room(cast(Figure, area.figure), titles)
    most = max(1, min(len(images), int(room[0] / (broad + GAP))))
    choice = [columns] if columns else range(1, most + 1)
    size, columns = max((_tile_size(len(images), each, height / width, room, above), each) for each in choice)
    if titles and size < LEAST:
        return draw_tiles(area, images, room=room, **scale)
    above *= width / size  # in pixels of an image, as all below
    across, down = max(width * (1 + GAP), (broad + GAP) / size * width), height * (1 + GAP) + above
    for number, image in enumerate(images):
        left, top = number % columns * across, number // columns * down
        shown = area.imshow(image, extent=(left, left + width, top + height, top), interpolation="none", **scale)
        area.add_patch(Rectangle((left, top), width, height, fill=False, edgecolor=GREY, linewidth=1))
        if titles:
            area.text(left, top - 0.06 * height, titles[number], va="baseline", linespacing=1.15)
    rows = -(-len(images) // columns)
    area.set_xlim(-1, columns * across - width * GAP + 1)
    area.set_ylim(rows * down - height * GAP - above + 1, -above - 1)
    area.set_axis_off()
    return shown


def _tile_size(count: int, columns: int, shape: float, room: tuple[float, float], above: float) -> float:
    """Return the width in inches of `count` tiles in so many columns; `shape`: height by width, `above`: of a title."""
    rows = -(-count // columns)
    return min(room[0] / columns, (room[1] / rows - above) / shape) / (1 + GAP)
