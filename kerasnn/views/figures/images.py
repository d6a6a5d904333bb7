"""Sheets of images: samples of every class, and a model's worst mistakes."""

from pathlib import Path

import numpy as np

from kerasnn.records import DataOverview, Evaluation
from kerasnn.views.figures.style import figure, save

MOST_CLASSES = 40
GAP = 2
MISTAKE_COLUMNS = 5


def save_contact_sheet(overview: DataOverview, path: Path) -> Path:
    """Draw the samples of each class, one class a row, into a PNG."""
    info, samples = overview.dataset, overview.samples[:MOST_CLASSES]
    rows, columns = info.shape
    across = max(len(images) for images in samples)
    sheet = np.full((len(samples) * (rows + GAP) - GAP, across * (columns + GAP) - GAP), 255, np.uint8)
    for label, images in enumerate(samples):
        for place, image in enumerate(images):
            top, left = label * (rows + GAP), place * (columns + GAP)
            sheet[top : top + rows, left : left + columns] = image
    with figure(8.5, 0.62 * len(samples) * rows / columns + 0.6) as drawing:
        area = drawing.subplots()
        area.imshow(sheet, cmap="gray", vmin=0, vmax=255)
        middles = np.arange(len(samples)) * (rows + GAP) + rows / 2
        area.set_yticks(middles, [f"{label} {name}" for label, name in enumerate(info.classes[: len(samples)])])
        area.set_xticks([])
        area.tick_params(length=0)
        area.grid(visible=False)
        area.spines[:].set_visible(False)
        title = f"{info.name}: the first {across} training images of each class"
        area.set_title(title + (" (drawn by kerasnn)" if info.stand_in else ""), fontsize=10)
        return save(drawing, path)


def save_mistakes(evaluation: Evaluation, path: Path) -> Path:
    """Draw the worst mistakes, each with its truth and the model's answer, into a PNG."""
    rows = max(1, -(-len(evaluation.mistakes) // MISTAKE_COLUMNS))
    with figure(1.9 * MISTAKE_COLUMNS, 2.1 * rows + 0.5) as drawing:
        areas = list(drawing.subplots(rows, MISTAKE_COLUMNS, squeeze=False).flat)
        for area in areas:
            area.set_axis_off()
        for area, mistake in zip(areas, evaluation.mistakes, strict=False):
            area.imshow(mistake.pixels, cmap="gray", vmin=0, vmax=255)
            area.set_title(f"{mistake.truth},\ntaken for {mistake.answer} {mistake.probability:.2f}", fontsize=8)
            place = {"transform": area.transAxes, "ha": "center", "va": "top"}
            area.text(0.5, -0.02, f"test image {mistake.index}", fontsize=7, **place)
        drawing.suptitle(f"{evaluation.model}: its worst mistakes on {evaluation.dataset.name}", fontsize=11)
        return save(drawing, path)
