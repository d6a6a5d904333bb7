"""The pictures of an explanation as PNG and SVG files."""

from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kerasnn.records import BarsPicture, Drawing, Explanation, ImagesPicture, LinesPicture, NetworkPicture
from kerasnn.views.figures.style import BLUE, GREY, ORANGE, figure, hangul_fonts, line, save, signed_colours
from kerasnn.views.network.layout import Look
from kerasnn.views.network.svg import save_network

SUFFIXES: Final = (".png", ".svg")
FEW: Final = 30  # points of a line that each get a marker
MOST_UNITS: Final = 9  # of a layer, the middle ones left out
TILE: Final = 1.5  # inches


def can_write(language: str) -> bool:
    """Return True if an installed font has the letters of `language`."""
    return language != "ko" or bool(hangul_fonts())


def save_explanation(explanation: Explanation, folder: Path) -> list[Path]:
    """Draw all pictures of `explanation` into `folder`, with file names of topic and picture."""
    paths = []
    for section in explanation.sections:
        for picture in section.pictures:
            paths += save_drawing(picture, folder / f"{explanation.topic}-{picture.name}")
    return paths


def save_drawing(picture: Drawing, stem: Path, suffixes: tuple[str, ...] = SUFFIXES) -> list[Path]:
    """Draw `picture` into one file per suffix; the SVG of a network is drawn without matplotlib."""
    with figure(*_size(picture)) as drawing:
        drawing.suptitle(picture.title, fontsize=10)
        match picture:
            case ImagesPicture():
                _draw_images(drawing, picture)
            case LinesPicture():
                _draw_lines(drawing, picture)
            case BarsPicture():
                _draw_bars(drawing.subplots(), picture)
            case NetworkPicture():
                _draw_network(drawing.subplots(), picture)
        return [_save(drawing, picture, stem.with_name(stem.name + suffix)) for suffix in suffixes]


def _save(drawing: Figure, picture: Drawing, path: Path) -> Path:
    if path.suffix == ".svg" and isinstance(picture, NetworkPicture):
        return save_network(picture.diagram, path, Look(picture.details, picture.details))
    return save(drawing, path, title=picture.title)


def _size(picture: Drawing) -> tuple[float, float]:
    match picture:
        case ImagesPicture():
            across = min(picture.across, len(picture.tiles))
            down = -(-len(picture.tiles) // across)
            tile = 3.2 if len(picture.tiles) == 1 else TILE  # inches
            values = picture.tiles[0].values
            # as high as its rows ask for, within limits
            height = tile * max(0.4, min(1.5, len(values) / len(values[0]))) + 0.25
            return max(4.0, tile * across + 0.8), height * down + 0.6
        case BarsPicture():
            return 6.5, 0.32 * len(picture.labels) + 1.0
        case NetworkPicture():
            return 2.4 * len(picture.diagram.layers), 4.6
    return 6.5, 4.0


def _draw_images(drawing: Figure, picture: ImagesPicture) -> None:
    across = min(picture.across, len(picture.tiles))
    down = -(-len(picture.tiles) // across)
    areas = list(drawing.subplots(down, across, squeeze=False).flat)
    colours: dict[str, Any] = {"cmap": "gray" if picture.scale == "grey" else signed_colours()}
    shown = None
    for area in areas:
        area.set_axis_off()
    for area, tile in zip(areas, picture.tiles, strict=False):
        shown = area.imshow(np.array(tile.values), interpolation="none", vmin=picture.low, vmax=picture.high, **colours)
        area.set_title(tile.title, fontsize=8)
    if shown is not None and picture.scale == "signed":
        drawing.colorbar(shown, ax=areas, shrink=0.8)


def _draw_lines(drawing: Figure, picture: LinesPicture) -> None:
    area = drawing.subplots()
    for number, each in enumerate(picture.series):
        area.plot(each.x, each.y, label=each.name, **line(number, markers=picture.paths or len(each.x) <= FEW))
    if picture.marked is not None:
        area.axvline(picture.marked, color=GREY, linestyle=":", linewidth=1)
    area.set_xlabel(picture.x_label)
    area.set_ylabel(picture.y_label)
    if len(picture.series) > 1:
        drawing.legend(fontsize=8, loc="outside right upper")


def _draw_bars(area: Axes, picture: BarsPicture) -> None:
    places = np.arange(len(picture.labels))
    colours = [ORANGE if place in picture.highlighted else BLUE for place in places]
    bars = area.barh(places, picture.values, color=colours)
    area.bar_label(bars, fmt=f"%.{picture.digits}f", fontsize=8, padding=3)
    area.set_yticks(places, picture.labels)
    area.invert_yaxis()  # barh starts at the bottom, a list at the top
    area.margins(x=0.15)
    area.grid(visible=False, axis="y")


def _draw_network(area: Axes, picture: NetworkPicture) -> None:
    area.set_axis_off()
    columns = [_heights(layer.units) for layer in picture.diagram.layers]
    for place, (left, right) in enumerate(pairwise(columns)):
        for start in left:
            for end in right:
                area.plot([place, place + 1], [start, end], color="#BBBBBB", linewidth=0.5, zorder=1)
    for place, (layer, heights) in enumerate(zip(picture.diagram.layers, columns, strict=True)):
        area.scatter([place] * len(heights), heights, s=170, color="white", edgecolor=BLUE, linewidth=1.5, zorder=2)
        if layer.units > MOST_UNITS:  # the dots stand for the units left out
            area.text(place, 0, "⋮", ha="center", va="center", fontsize=14)
        area.text(place, 1.15, f"{layer.name}\n{layer.units:,}", ha="center", va="bottom", fontsize=9)
        if picture.details and place:
            area.scatter([place - 0.35], [-1.25], s=120, color=ORANGE, zorder=2)
            area.text(place - 0.35, -1.25, "b", color="white", ha="center", va="center", fontsize=8, zorder=3)
            for height in heights:
                area.plot([place - 0.35, place], [-1.25, height], color=ORANGE, linewidth=0.4, zorder=1)
            area.text(place, -1.2, layer.activation or "", ha="center", va="top", fontsize=9, color=BLUE)
    area.set_xlim(-0.5, len(columns) - 0.5)
    area.set_ylim(-1.5, 1.6)


def _heights(units: int) -> list[float]:
    """Return the heights of a layer's circles, from -1 to 1, with a gap in the middle of large layers."""
    if units <= MOST_UNITS:
        step = 2 / MOST_UNITS
        return [step * (number - (units - 1) / 2) for number in range(units)]
    half = np.linspace(0.25, 1, MOST_UNITS // 2)
    return [*(-half), *half]
