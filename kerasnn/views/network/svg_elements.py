"""The elements of a network drawn as SVG: lines, units, the input image, text."""

from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as Xml

from kerasnn.language import _
from kerasnn.records import Diagram, DiagramLayer, Pixels
from kerasnn.views.format import class_name
from kerasnn.views.network.glyphs import GLYPHS
from kerasnn.views.network.layout import Look

# in units of the SVG, which are pixels at its natural size
RADIUS: Final = 13
PICTURE: Final = 112
LINE: Final = 19  # height of a line of text
THINNEST: Final = 0.3  # widths of lines that show weights
THICKEST: Final = 3.6


@dataclass(frozen=True)
class Column:
    """The drawn units of a layer. `places`: y by unit; `gap`: y of the dots; `bias`: x and y of its circle."""

    layer: DiagramLayer
    x: float
    places: dict[int, float]
    gap: float | None
    dropped: frozenset[int]
    bias: tuple[float, float] | None


def draw_lines(root: Xml.Element, diagram: Diagram, number: int, start: Column, end: Column, look: Look) -> None:
    """Draw the lines from the units and the bias of a column to the units of the next one."""
    group = Xml.SubElement(root, "g", {"class": "lines"})
    weighted = look.weights and bool(diagram.weights)
    kernel, bias = diagram.weights[number] if weighted else (None, None)
    values = {(a, b): float(kernel[a, b]) for a in start.places for b in end.places} if kernel is not None else {}
    strongest = max(map(abs, values.values()), default=0.0) or 1.0
    for a, top in start.places.items():
        for b, bottom in end.places.items():
            line = _line(group, start.x + RADIUS, top, end.x - RADIUS, bottom)
            if weighted:
                _strength(line, values[a, b], strongest)
            if a in start.dropped:
                line.set("class", "line off")
    if start.bias is not None:
        strongest = max(abs(float(bias[b])) for b in end.places) or 1.0 if bias is not None else 1.0
        for b, bottom in end.places.items():
            line = _line(group, start.bias[0] + RADIUS - 3, start.bias[1], end.x - RADIUS, bottom)
            line.set("class", "line bias")
            if bias is not None:
                _strength(line, float(bias[b]), strongest)


def _line(group: Xml.Element, x1: float, y1: float, x2: float, y2: float) -> Xml.Element:
    places = {"x1": f"{x1:g}", "y1": f"{y1:g}", "x2": f"{x2:g}", "y2": f"{y2:g}"}
    return Xml.SubElement(group, "line", {"class": "line", **places})


def _strength(line: Xml.Element, weight: float, strongest: float) -> None:
    share = abs(weight) / strongest
    line.set("class", "line for" if weight >= 0 else "line against")
    width, opacity = THINNEST + (THICKEST - THINNEST) * share, 0.15 + 0.75 * share
    line.set("style", f"stroke-width:{width:.2f};stroke-opacity:{opacity:.2f}")


def draw_units(root: Xml.Element, column: Column, look: Look) -> None:
    """Draw the units of a column with their activations and labels, the dots of a large layer, and the bias."""
    group = Xml.SubElement(root, "g", {"class": "layer"})
    if look.activations and column.layer.activation == "softmax":
        _joined(group, column)
    for unit, y in column.places.items():
        _unit(group, column, unit, y, look)
    if column.gap is not None:
        for step in (-8, 0, 8):
            dot = {"cx": f"{column.x:g}", "cy": f"{column.gap + step:g}", "r": "2.2"}
            Xml.SubElement(group, "circle", {"class": "dot", **dot})
    if column.bias is not None:
        x, y = column.bias
        Xml.SubElement(group, "circle", {"class": "unit one", "cx": f"{x:g}", "cy": f"{y:g}", "r": str(RADIUS - 3)})
        put_text(group, x, y + 4.5, "1", "one")


def _unit(group: Xml.Element, column: Column, unit: int, y: float, look: Look) -> None:
    layer, dropped = column.layer, unit in column.dropped
    kind = "unit input" if layer.activation is None else "unit"
    shape = {"cx": f"{column.x:g}", "cy": f"{y:g}", "r": str(RADIUS)}
    Xml.SubElement(group, "circle", {"class": f"{kind} off" if dropped else kind, **shape})
    if layer.activation is None:
        put_text(group, column.x, y + 4, str(unit + 1), "number")
    if dropped:
        r = RADIUS * 0.7
        cross = f"M{column.x - r:g} {y - r:g} l{2 * r:g} {2 * r:g} m0 {-2 * r:g} l{-2 * r:g} {2 * r:g}"
        Xml.SubElement(group, "path", {"class": "cross", "d": cross})
    elif look.activations and layer.activation in GLYPHS:
        move = f"translate({column.x:g} {y:g}) scale({RADIUS * 0.62:g})"
        Xml.SubElement(group, "path", {"class": "glyph", "d": GLYPHS[layer.activation], "transform": move})
    if layer.labels:
        label = f"{unit} {class_name(layer.labels[unit])}"
        put_text(group, column.x + RADIUS + 12, y + 5, label, "words", anchor="start")


def _joined(group: Xml.Element, column: Column) -> None:
    """Draw a frame around the units of a softmax layer, whose outputs add up to 1."""
    heights = list(column.places.values())
    top, bottom = heights[0] - RADIUS - 4, heights[-1] + RADIUS + 4
    shape = {"x": f"{column.x - RADIUS - 4:g}", "y": f"{top:g}", "width": f"{2 * RADIUS + 8:g}"}
    Xml.SubElement(group, "rect", {"class": "frame", **shape, "height": f"{bottom - top:g}", "rx": "17"})


def draw_picture(root: Xml.Element, diagram: Diagram, pixels: Pixels | None, right: float, middle: float) -> None:
    """Draw the input image, or a grid in its place, with an arrow to the column of values."""
    group = Xml.SubElement(root, "g", {"class": "picture"})
    rows, columns = (len(pixels), len(pixels[0])) if pixels else diagram.image_shape or (1, 1)
    size = PICTURE / max(rows, columns)
    left, top = right - 34 - PICTURE, middle - PICTURE / 2
    frame = {"x": f"{left:g}", "y": f"{top:g}", "width": f"{columns * size:g}", "height": f"{rows * size:g}"}
    Xml.SubElement(group, "rect", {"class": "black" if pixels else "grid", **frame})
    if pixels:
        _pixels(group, pixels, left, top, size)
    else:
        steps = [size * step for step in range(1, max(rows, columns))]
        down = "".join(f"M{left + step:g} {top:g}v{rows * size:g}" for step in steps[: columns - 1])
        across = "".join(f"M{left:g} {top + step:g}h{columns * size:g}" for step in steps[: rows - 1])
        Xml.SubElement(group, "path", {"class": "mesh", "d": down + across})
    Xml.SubElement(group, "path", {"class": "arrow", "d": f"M{right - 26:g} {middle:g}h24m-7 -5l7 5l-7 5"})
    shape = _("{rows} x {columns} pixels,", rows=rows, columns=columns)
    for number, line in enumerate((shape, _("unrolled")), start=1):
        put_text(group, left + PICTURE / 2, top + PICTURE + number * LINE, line, "words")


def _pixels(group: Xml.Element, pixels: Pixels, left: float, top: float, size: float) -> None:
    # a little larger than a pixel, so that no seams show between them
    square = {"width": f"{size + 0.2:g}", "height": f"{size + 0.2:g}"}
    for number, row in enumerate(pixels):
        for place, value in enumerate(row):
            if value:
                cell = {"x": f"{left + place * size:g}", "y": f"{top + number * size:g}", **square}
                Xml.SubElement(group, "rect", {**cell, "fill": f"rgb({value},{value},{value})"})


def put_text(parent: Xml.Element, x: float, y: float, content: str, kind: str, *, anchor: str = "middle") -> None:
    """Add a line of text to `parent`, placed by its baseline; `kind`: its CSS class."""
    place = {"x": f"{x:g}", "y": f"{y:g}", "text-anchor": anchor}
    Xml.SubElement(parent, "text", {"class": kind, **place}).text = content
