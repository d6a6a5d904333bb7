"""A prediction as a figure: the image, and a bar for the probability of each class."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from kerasnn.language import _
from kerasnn.records import Prediction
from kerasnn.views.figures.fonts import in_figure_language, readable
from kerasnn.views.figures.style import figure, save
from kerasnn.views.format import image_name
from kerasnn.views.palette import Style, palette

MOST = 20


@in_figure_language
def save_probabilities(prediction: Prediction, path: Path, style: Style = "auto") -> Path:
    """Draw the image and a bar for each class; the answer is emphasized and the true class marked."""
    names = readable(prediction.names)
    ranked = sorted(range(len(names)), key=lambda label: -prediction.probabilities[label])
    shown = sorted(ranked[:MOST])
    with figure(7.6, max(2.8, 0.29 * len(shown) + 0.6), style) as drawing:
        left, right = drawing.subplots(1, 2, width_ratios=(1, 1.5))
        left.imshow(np.array(prediction.pixels), cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        left.set_axis_off()
        left.set_title(image_name(prediction), fontsize=10)
        _bars(right, prediction, shown, style)
        right.set_yticks(range(len(shown)), [f"{label} {names[label]}" for label in shown])
        right.set_title(f"argmax: {prediction.label} {names[prediction.label]}", fontsize=10)
        title = _(
            "{image}: {name} with probability {probability:.4f}",
            image=image_name(prediction),
            name=names[prediction.label],
            probability=prediction.probability,
        )
        return save(drawing, path, style, title=title)


def _bars(area: Axes, prediction: Prediction, shown: Sequence[int], style: Style) -> None:
    """Draw the probabilities of the classes `shown`, given by their labels."""
    colours = palette(style)
    values = [prediction.probabilities[label] for label in shown]
    best = [label == prediction.label for label in shown]
    area.barh(
        range(len(shown)),
        values,
        color=[colours.blue if answer else colours.faint for answer in best],
        edgecolor=[colours.ink if answer else colours.grey for answer in best],
        linewidth=0.8,
    )
    truth = prediction.names.index(prediction.truth) if prediction.truth in prediction.names else None
    for place, (label, value) in enumerate(zip(shown, values, strict=True)):
        mark = "  " + _("is the truth") if label == truth else ""
        weight = "bold" if label == prediction.label else "normal"
        area.text(value + 0.015, place, f"{value:.4f}{mark}", va="center", fontsize=8.5, fontweight=weight)
    area.invert_yaxis()
    area.set_xlim(0, 1.3)  # room for the numbers behind the bars
    area.set_xticks([0, 0.5, 1])
    area.grid(visible=False, axis="y")
    area.spines["left"].set_visible(False)
    area.tick_params(axis="y", length=0)
