"""A confusion matrix as a picture."""

from pathlib import Path

import numpy as np

from kerasnn.records import Evaluation
from kerasnn.views.figures.style import figure, save

NUMBERED = 20


def save_confusion(evaluation: Evaluation, path: Path) -> Path:
    """Draw the matrix into a PNG: shades are shares of the true class, numbers are images."""
    matrix = np.array(evaluation.confusion)
    names = evaluation.dataset.classes
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    size = min(4 + 0.45 * len(names), 24)
    with figure(size, size * 0.92) as drawing:
        area = drawing.subplots()
        image = area.imshow(shares, cmap="cividis", vmin=0, vmax=1)
        drawing.colorbar(image, label="share of the true class", shrink=0.8)
        area.set_xticks(range(len(names)), names, rotation=45, ha="right")
        area.set_yticks(range(len(names)), names)
        area.set_xlabel("answer")
        area.set_ylabel("truth")
        area.set_title(f"{evaluation.model}: test accuracy {evaluation.test.accuracy:.4f} on {evaluation.dataset.name}")
        area.grid(visible=False)
        if len(names) <= NUMBERED:
            for (row, column), count in np.ndenumerate(matrix):
                ink = "black" if shares[row, column] > 0.5 else "white"
                area.text(column, row, str(count), ha="center", va="center", color=ink, fontsize=8)
        return save(drawing, path)
