"""The ways of optimizers down a bowl, and how far each goes for a unit of slope."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from kerasnn.language import _
from kerasnn.records import OptimizerPath
from kerasnn.views.figures.fonts import written
from kerasnn.views.figures.labels import label_ends
from kerasnn.views.figures.style import figure, line, save
from kerasnn.views.palette import Style, palette

COLUMNS = 3
LEVELS = (0.02, 0.1, 0.3, 0.7, 1.3, 2.2, 3.5, 5.2, 7.5)
LEAST_LOSS = 1e-6


@written
def save_optimizer_paths(
    paths: Sequence[OptimizerPath], curvatures: tuple[float, float], path: Path, style: Style = "auto"
) -> Path:
    """Draw each way in a panel of its own over the lines of equal loss, a mark for every step.

    `curvatures`: the bowl's, whose loss is (a x^2 + b y^2) / 2.
    """
    rows = -(-len(paths) // COLUMNS)
    with figure(10.5, 2.15 * rows + 0.5, style) as drawing:
        areas = list(drawing.subplots(rows, COLUMNS, sharex=True, sharey=True, squeeze=False).flat)
        for number, (area, way) in enumerate(zip(areas, paths, strict=False)):
            _contours(area, paths, curvatures, style)
            _way(area, way, number, style)
        for area in areas[len(paths) :]:
            area.set_axis_off()
        note = _("Each mark is a step; the circle is the start, the cross the lowest point; lines join equal losses.")
        drawing.supxlabel(note, fontsize=8.5, color=palette(style).grey)
        return save(drawing, path, style, title=_("The ways of optimizers down the same bowl from the same start"))


def _contours(area: Axes, paths: Sequence[OptimizerPath], curvatures: tuple[float, float], style: Style) -> None:
    points = np.array([(0.0, 0.0), *(point for way in paths for point in way.points)])
    low, high = points.min(axis=0), points.max(axis=0)
    margin = (high - low) * 0.1
    across, up = (np.linspace(low[i] - margin[i], high[i] + margin[i], 160) for i in (0, 1))
    x, y = np.meshgrid(across, up)
    heights = 0.5 * (curvatures[0] * x**2 + curvatures[1] * y**2)
    area.contour(across, up, heights, levels=LEVELS, colors=palette(style).faint, linewidths=0.9)
    area.grid(visible=False)


def _way(area: Axes, way: OptimizerPath, number: int, style: Style) -> None:
    colours = palette(style)
    x, y = np.array(way.points).T
    area.plot(x, y, **line(number, style) | {"linestyle": "-", "linewidth": 1.2, "markersize": 3.6})
    area.plot(x[:1], y[:1], "o", color=colours.ink, markersize=6, markerfacecolor=colours.paper)
    area.plot(0, 0, "+", color=colours.ink, markersize=9)
    area.set_title(way.name, fontweight="bold", pad=14)
    text = _(
        "{settings}; loss after {steps} steps {loss:.2g}",
        settings=way.settings,
        steps=len(way.points) - 1,
        loss=way.losses[-1],
    )
    area.text(0, 1.025, text, transform=area.transAxes, fontsize=8, color=colours.grey)


@written
def save_effective_rates(paths: Sequence[OptimizerPath], path: Path, style: Style = "auto") -> Path:
    """Draw the loss of each step, and the effective learning rates in the steep direction, both on log scales."""
    with figure(11, 4, style) as drawing:
        left, right = drawing.subplots(1, 2)
        for area, title in ((left, _("loss after each step")), (right, _("effective learning rate, steep weight"))):
            area.set_yscale("log")
            area.set_title(title)
            area.set_xlabel(_("step"))
        ends: list[list[tuple[float, float, str, str]]] = [[], []]
        for number, way in enumerate(paths):
            look = line(number, style) | {"markevery": 5, "linewidth": 1.5}
            losses = np.maximum(way.losses, LEAST_LOSS)
            rates = [rate[1] for rate in way.rates]
            left.plot(range(len(losses)), losses, **look)
            right.plot(range(1, len(rates) + 1), np.maximum(rates, LEAST_LOSS), **look)
            ends[0].append((len(losses) - 1, losses[-1], way.name, look["color"]))
            ends[1].append((len(rates), max(rates[-1], LEAST_LOSS), way.name, look["color"]))
        for area, names in zip((left, right), ends, strict=True):
            label_ends(area, names)
        return save(drawing, path, style, title=_("Loss and effective learning rate of each optimizer, step by step"))
