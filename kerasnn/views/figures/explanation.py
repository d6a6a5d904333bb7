"""The pictures of an explanation as PNG and SVG files."""

from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from kerasnn.records import BarsPicture, Drawing, Explanation, ImagesPicture, LinesPicture, NetworkPicture
from kerasnn.views.figures.images import ROOM, draw_tiles
from kerasnn.views.figures.letters import hangul_fonts
from kerasnn.views.figures.style import BLUE, GREY, ORANGE, figure, line, name_lines, save, signed_colours
from kerasnn.views.network.layout import Look
from kerasnn.views.network.svg import save_network
from kerasnn.views.palette import LIGHT

SUFFIXES: Final = (".png", ".svg")
FEW: Final = 30  # points of a line that each get a marker
MOST_UNITS: Final = 9  # of a layer, the middle ones left out


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
    with figure(picture.title) as drawing:
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


def _draw_images(drawing: Figure, picture: ImagesPicture) -> None:
    area = drawing.subplots()
    colours: dict[str, Any] = {"cmap": "gray" if picture.scale == "grey" else signed_colours()}
    images, titles = np.array([tile.values for tile in picture.tiles]), [tile.title for tile in picture.tiles]
    room = (ROOM[0] - 1.5, ROOM[1])  # beside the scale
    shown = draw_tiles(
        area, images, titles if any(titles) else (), room=room, vmin=picture.low, vmax=picture.high, **colours
    )
    if picture.scale == "signed":
        drawing.colorbar(shown, shrink=0.8, panchor=False)


def _draw_lines(drawing: Figure, picture: LinesPicture) -> None:
    area = drawing.subplots()
    for number, each in enumerate(picture.series):
        area.plot(each.x, each.y, label=each.name, **line(number, markers=picture.paths or len(each.x) <= FEW))
    if picture.marked is not None:
        area.axvline(picture.marked, color=GREY, linestyle=":", linewidth=2)
    if all(x.is_integer() for each in picture.series for x in each.x):
        area.xaxis.set_major_locator(MaxNLocator(integer=True))  # no half epoch
    area.set_xlabel(picture.x_label)
    area.set_ylabel(picture.y_label)
    if len(picture.series) > 1:
        name_lines(drawing, area)


def _draw_bars(area: Axes, picture: BarsPicture) -> None:
    places = np.arange(len(picture.labels))
    colours = [ORANGE if place in picture.highlighted else BLUE for place in places]
    bars = area.barh(places, picture.values, color=colours)
    area.bar_label(bars, fmt=f"{{:,.{picture.digits}f}}", padding=3)
    area.set_yticks(places, picture.labels)
    area.invert_yaxis()  # barh starts at the bottom, a list at the top
    area.margins(x=0.15)
    area.grid(visible=False)
    area.xaxis.set_major_formatter("{x:,.9g}")


def _draw_network(area: Axes, picture: NetworkPicture) -> None:
    area.set_axis_off()
    columns = [_heights(layer.units) for layer in picture.diagram.layers]
    for place, (left, right) in enumerate(pairwise(columns)):
        for start in left:
            for end in right:
                area.plot([place, place + 1], [start, end], color=GREY, linewidth=0.5, zorder=1)
    for place, (layer, heights) in enumerate(zip(picture.diagram.layers, columns, strict=True)):
        area.scatter([place] * len(heights), heights, s=350, color=LIGHT.paper, edgecolor=BLUE, linewidth=2, zorder=2)
        if layer.units > MOST_UNITS:  # the dots stand for the units left out
            area.text(place, 0, "⋮", ha="center", va="center", fontsize="xx-large")
        about = [layer.name, f"{layer.units:,}"]
        if picture.details and place:
            about.append(layer.activation or "")
            for height in heights:
                area.plot([place - 0.35, place], [-1.25, height], color=ORANGE, linewidth=0.8, zorder=1)
            area.scatter([place - 0.35], [-1.25], s=350, color=ORANGE, zorder=2)
            area.text(place - 0.35, -1.4, "1", ha="center", va="top")
        area.text(place, 1.15, "\n".join(about), ha="center", va="bottom")
    area.set_xlim(-0.5, len(columns) - 0.5)
    area.set_ylim(-1.6, 1.6)


def _heights(units: int) -> list[float]:
    """Return the heights of a layer's circles, from -1 to 1, with a gap in the middle of large layers."""
    if units <= MOST_UNITS:
        step = 2 / MOST_UNITS
        return [step * (number - (units - 1) / 2) for number in range(units)]
    half = np.linspace(0.25, 1, MOST_UNITS // 2)
    return [*(-half), *half]
