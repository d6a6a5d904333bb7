"""Sheets of images: samples of every class, and a model's worst mistakes."""

from pathlib import Path

import numpy as np

from kerasnn.language import _
from kerasnn.records import DataOverview, Evaluation
from kerasnn.views.figures.fonts import in_figure_language, readable
from kerasnn.views.figures.style import figure, save
from kerasnn.views.figures.tiles import GAP, draw_tiles, tile_room
from kerasnn.views.palette import Style

MOST_CLASSES = 40
MISTAKE_COLUMNS = 5


@in_figure_language
def save_contact_sheet(overview: DataOverview, path: Path, style: Style = "auto") -> Path:
    """Draw the samples of each class, one row per class."""
    info, samples = overview.dataset, overview.samples[:MOST_CLASSES]
    across = max(len(images) for images in samples)
    rows, columns = info.shape
    names = readable(info.classes)
    with figure(8.5, 0.62 * len(samples) * rows / columns + 0.4, style) as drawing:
        area = drawing.subplots()
        images = np.full((len(samples), across, rows, columns), np.nan)
        for label, pictures in enumerate(samples):
            images[label, : len(pictures)] = pictures
        draw_tiles(area, images.reshape(-1, rows, columns), columns=across, cmap="gray", vmin=0, vmax=255)
        for label in range(len(samples)):
            middle = label * rows * (1 + GAP) + rows / 2
            area.text(-0.2 * columns, middle, f"{names[label]}  {label}", ha="right", va="center")
        title = _("{name}: the first {across} training images of each class", name=info.name, across=across)
        drawing.suptitle(
            title + (" " + _("(drawn by kerasnn)") if info.stand_in else ""), fontsize=10, x=0.01, ha="left"
        )
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
        return save(
            drawing,
            path,
            style,
            title=_("{heading}: {count} images with truth and answer", heading=heading, count=len(titles)),
        )
