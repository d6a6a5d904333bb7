"""Normalising in a picture: the pixels before and after, and what stays the same."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from kerasnn.language import _
from kerasnn.records import PixelStatistics
from kerasnn.views.figures.fonts import written
from kerasnn.views.figures.style import figure, save
from kerasnn.views.palette import Style, fixed, palette

WINDOW = 6


@written
def save_normalising(
    image: NDArray[np.uint8],
    counts: Sequence[int],
    raw: PixelStatistics,
    normalised: PixelStatistics,
    path: Path,
    style: Style = "auto",
) -> Path:
    """Draw some pixels of `image` as numbers, and the histogram of all pixels, before and after dividing by 255.

    `counts`: how many pixels have each of the 256 values. The histogram keeps its shape: its axis alone changes.
    """
    colours = palette(style)
    top, left = _busiest_window(image)
    window = image[top : top + WINDOW, left : left + WINDOW]
    with figure(10.5, 5.6, style) as drawing:
        grid = drawing.subplots(2, 3, width_ratios=(1, 1.15, 2.1))
        for row, (divisor, statistics) in enumerate(((1, raw), (255, normalised))):
            grid[row, 0].imshow(image / divisor, cmap="gray", vmin=0, vmax=255 / divisor, interpolation="nearest")
            _frame(grid[row, 0], top, left, colours.orange)
            grid[row, 0].set_title(
                _("as it is: bytes") if row == 0 else _("divided by 255"), fontsize=10, fontweight="bold"
            )
            _numbers(grid[row, 1], window, divisor)
            _histogram(grid[row, 2], counts, divisor, statistics, style)
        grid[0, 1].set_title(_("the framed pixels"), fontsize=10)
        grid[0, 2].set_title(_("how many pixels have each value"), fontsize=10)
        title = _(
            "Pixels before and after dividing by 255: the same picture and the same shape, on a scale from 0 to 1"
        )
        return save(drawing, path, style, title=title)


def _busiest_window(image: NDArray[np.uint8]) -> tuple[int, int]:
    rows, columns = image.shape
    places = [(top, left) for top in range(max(1, rows - WINDOW)) for left in range(max(1, columns - WINDOW))]
    return max(places, key=lambda place: float(image[place[0] :, place[1] :][:WINDOW, :WINDOW].std()))


def _frame(area: Axes, top: int, left: int, colour: str) -> None:
    right, bottom = left + WINDOW, top + WINDOW
    x, y = np.array([left, right, right, left, left]) - 0.5, np.array([top, top, bottom, bottom, top]) - 0.5
    area.plot(x, y, color=colour, linewidth=1.8)
    area.set_axis_off()


def _numbers(area: Axes, window: NDArray[np.uint8], divisor: int) -> None:
    area.imshow(window, cmap="gray", vmin=0, vmax=255)
    for (row, column), value in np.ndenumerate(window):
        text = f"{value}" if divisor == 1 else f"{value / divisor:.2f}"
        colour = fixed("#000000" if value > 120 else "#ffffff")
        area.text(column, row, text, ha="center", va="center", fontsize=7.5, color=colour)
    area.set_axis_off()


def _histogram(area: Axes, counts: Sequence[int], divisor: int, statistics: PixelStatistics, style: Style) -> None:
    colours = palette(style)
    values = np.arange(256) / divisor
    area.fill_between(values, np.maximum(counts, 0.5), 0.5, step="mid", color=colours.blue, linewidth=0)
    area.set_yscale("log")
    area.set_ylim(0.5, max(counts) * 2.2)
    area.axvline(statistics.mean, color=colours.orange, linewidth=1.8, linestyle="--")
    text = _(
        "mean {mean:.4g}\nstandard deviation {deviation:.4g}", mean=statistics.mean, deviation=statistics.deviation
    )
    area.text(statistics.mean + 6 / divisor, max(counts) * 0.75, text, va="top", fontsize=9, color=colours.ink)
    area.set_xlabel(_("value of a pixel, 0 to 255") if divisor == 1 else _("value of a pixel, 0 to 1"))
    area.grid(visible=False, axis="x")
