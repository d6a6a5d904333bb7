"""Whether a figure is a slide, measured on what matplotlib's renderer is told to draw."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from PIL import Image

SLIDE = np.array([13 + 1 / 3, 7.5])  # inches: the usual 16:9 of slide programs
LEAST = 14  # points
CLEAR = 3.0  # WCAG's least contrast of large letters and of lines
NEAR = 1.0  # pixels that an outline may be off
Corners = np.ndarray  # of a text: (4, 2)


@dataclass
class Letters:
    """A line of text as it was drawn: its corners in pixels, y upwards, from the lower left one on."""

    text: str
    corners: Corners
    points: float
    colour: str


@dataclass
class Slide:
    """What was drawn. `marks`: pixels on lines, bars and points; `image`: of shape (rows, columns, 3)."""

    inches: np.ndarray
    letters: list[Letters]
    marks: np.ndarray
    image: np.ndarray


@contextmanager
def watched() -> Iterator[list[Slide]]:
    """Yield a list that takes up each figure saved as a PNG meanwhile."""
    slides: list[Slide] = []
    letters: list[Letters] = []
    draw_text: Any = RendererAgg.draw_text
    savefig = Figure.savefig

    def drawing(renderer: Any, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, *more: Any) -> None:
        if s.strip():
            box = corners(renderer, x, y, s, prop, angle)
            letters.append(Letters(s, box, prop.get_size_in_points(), to_hex(gc.get_rgb())))
        draw_text(renderer, gc, x, y, s, prop, angle, *more)

    def saving(figure: Figure, path: Path, **options: Any) -> None:
        letters.clear()
        savefig(figure, path, **options)
        marks = line_points(figure) * options["dpi"] / figure.dpi  # laid out as it was saved
        with Image.open(path) as image:
            slides.append(Slide(figure.get_size_inches(), letters.copy(), marks, np.asarray(image.convert("RGB"))))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RendererAgg, "draw_text", lambda *given, ismath, mtext: drawing(*given, ismath, mtext))
        patch.setattr(Figure, "savefig", saving)
        yield slides


def corners(renderer: Any, x: float, y: float, text: str, prop: Any, angle: float) -> Corners:
    """Return the corners of a line of text, y upwards; (x, y) is where its baseline starts, y downwards."""
    width, height, descent = renderer.get_text_width_height_descent(text, prop, False)
    box = np.array([(0, -descent), (width, -descent), (width, height - descent), (0, height - descent)])
    turn = np.deg2rad(angle)
    turned = box @ np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))])
    return np.asarray(turned + np.array([x, renderer.height - y]))


def line_points(figure: Figure) -> np.ndarray:
    """Return points on all lines and bars, about a pixel apart, and the middles of all marks, in pixels."""
    found = [np.zeros((0, 2))]
    for area in figure.axes:
        ticks = (*area.xaxis.get_major_ticks(), *area.yaxis.get_major_ticks())
        lines = (*area.lines, *(tick.gridline for tick in ticks if area.axison and tick.gridline.get_visible()))
        drawn: list[np.ndarray] = [_along(line) for line in lines]
        drawn += [dots.get_offset_transform().transform(dots.get_offsets()) for dots in area.collections]
        drawn += [_grid(bar) for bars in area.containers if isinstance(bars, BarContainer) for bar in bars]
        places = np.concatenate([np.zeros((0, 2)), *drawn])
        room = area.bbox.padded(1)  # nothing is drawn beyond
        found.append(places[[room.contains(x, y) for x, y in places]])
    return np.concatenate(found)


def _along(line: Line2D) -> np.ndarray:
    path = line.get_transform().transform_path(line.get_path())
    places = np.asarray(path.vertices)
    if line.get_linestyle() == "None" or len(places) < 2:
        return places
    longest = np.abs(np.diff(places, axis=0)).max()
    return np.asarray(path.interpolated(int(longest) + 1).vertices)


def _grid(bar: Rectangle) -> np.ndarray:
    box = bar.get_window_extent()
    places = np.meshgrid(np.linspace(box.x0, box.x1, 200), np.linspace(box.y0, box.y1, 20))
    return np.stack(places, axis=-1).reshape(-1, 2)


def meet(one: Corners, other: Corners) -> bool:
    """Two rectangles, turned or not, meet unless a side of one separates them."""
    for corner in (one, other):
        for side in np.diff(corner[:3], axis=0):
            normal = np.array([-side[1], side[0]]) / np.hypot(*side)
            first, second = one @ normal, other @ normal
            if first.max() <= second.min() + NEAR or second.max() <= first.min() + NEAR:
                return False
    return True


def within(points: np.ndarray, box: Corners) -> np.ndarray:
    """Return which points lie in a rectangle."""
    inside = np.ones(len(points), bool)
    for side in np.diff(box[:3], axis=0):
        along = side / np.hypot(*side)
        inside &= (points @ along > (box @ along).min() + NEAR) & (points @ along < (box @ along).max() - NEAR)
    return inside


def beside(slide: Slide, box: Corners) -> str:
    """Return the colour just before a text, which is that of its background."""
    along = (box[1] - box[0]) / np.hypot(*(box[1] - box[0]))
    x, y = np.rint((box[0] + box[3]) / 2 - 3 * along).astype(int)
    return to_hex(slide.image[len(slide.image) - 1 - y, x] / 255)


def faults(slide: Slide) -> list[str]:
    """Return what keeps a figure from being a slide."""
    found = [] if np.allclose(slide.inches, SLIDE) else [f"is {slide.inches} inches"]
    rows, columns, _colours = slide.image.shape
    for each in slide.letters:
        if each.points < LEAST:
            found.append(f"{each.text!r} has letters of {each.points} points")
        if (each.corners < -NEAR).any() or (each.corners > (columns + NEAR, rows + NEAR)).any():
            found.append(f"{each.text!r} leaves the canvas")
        elif contrast(each.colour, beside(slide, each.corners)) < CLEAR:
            found.append(f"{each.text!r} is {each.colour} on {beside(slide, each.corners)}")
        if within(slide.marks, each.corners).any():
            found.append(f"{each.text!r} stands on a line")
    pairs = combinations(slide.letters, 2)
    return found + [f"{one.text!r} on {other.text!r}" for one, other in pairs if meet(one.corners, other.corners)]


def contrast(one: str, other: str) -> float:
    """Source: WCAG 2.2, "contrast ratio"."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return float(np.dot((0.2126, 0.7152, 0.0722), parts))


def hangul_font(name: str, path: Path) -> None:
    """Write a font whose every syllable fills its square, which those of real ones do not quite."""
    square = TTGlyphPen(None)
    square.moveTo((0, -120))
    for corner in ((0, 880), (1000, 880), (1000, -120)):
        square.lineTo(corner)
    square.closePath()
    glyphs = (".notdef", "square")
    made = FontBuilder(1000)
    made.setupGlyphOrder(list(glyphs))
    made.setupCharacterMap(dict.fromkeys(range(0xAC00, 0xD7A4), "square"))
    made.setupGlyf(dict.fromkeys(glyphs, square.glyph()))
    made.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 0)))
    made.setupHorizontalHeader(ascent=880, descent=-120)
    made.setupNameTable({"familyName": name, "styleName": "Regular"})
    made.setupOS2()
    made.setupPost()
    made.save(path)
