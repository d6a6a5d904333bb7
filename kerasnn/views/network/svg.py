"""A network as SVG: units in columns, lines between them, readable on light and dark paper and without colours."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as Xml

from rich.cells import cell_len

from kerasnn.files.atomic import write_text
from kerasnn.language import N_, _
from kerasnn.records import Diagram, DiagramLayer, Pixels
from kerasnn.views.format import class_name
from kerasnn.views.network.glyphs import GLYPHS
from kerasnn.views.network.layout import Look, Slots, captions, count_formula, described, drawn_units, dropped_units
from kerasnn.views.network.stylesheet import stylesheet
from kerasnn.views.palette import Style

RADIUS: Final = 13
STEP: Final = 37  # from unit to unit
ACROSS: Final = 250  # from column to column
TOP: Final = 64
BIAS: Final = 50  # above the first unit
PICTURE: Final = 112
MARGIN: Final = 70
LINE: Final = 19  # of text
LEAST_WIDTH: Final = 400
LEGEND: Final = (
    N_("Thicker lines are larger weights, dashed ones are below 0."),
    N_("Of large layers, the units with the largest are drawn."),
)
THINNEST: Final = 0.3  # lines of trained weights
THICKEST: Final = 3.6


@dataclass(frozen=True)
class _Column:
    layer: DiagramLayer
    x: float
    places: dict[int, float]  # of its drawn units, from the top
    gap: float | None  # where the dots stand
    dropped: frozenset[int]
    bias: tuple[float, float] | None


def save_network(
    diagram: Diagram, path: Path, look: Look | None = None, style: Style = "auto", pixels: Pixels | None = None
) -> Path:
    """Write the drawing to `path`, whole or not at all; `pixels`: a picture to show as the input."""
    write_text(path, network_svg(diagram, look, style, pixels))
    return path


def network_svg(diagram: Diagram, look: Look | None = None, style: Style = "auto", pixels: Pixels | None = None) -> str:
    """The drawing as SVG. Trained weights show as the strength of lines, negative ones dashed, where `look` says so."""
    look = look if look is not None else Look()
    icon = pixels is not None or diagram.image_shape is not None
    left = MARGIN + (PICTURE + 60 if icon else 0)
    slots = drawn_units(diagram, look)
    base: float = TOP + (BIAS if look.biases else 0) + max(map(len, slots)) * STEP
    columns = [
        _column(diagram, number, shown, left + number * ACROSS, base, look) for number, shown in enumerate(slots)
    ]
    names = max((cell_len(class_name(label)) for label in diagram.layers[-1].labels), default=0)
    width = columns[-1].x + MARGIN + 9 * names
    weighted = look.weights and bool(diagram.weights)
    width = max(width, LEAST_WIDTH)
    height: float = base + (2 + max(len(captions(layer, look)) for layer in diagram.layers)) * LINE
    if weighted:
        height += len(LEGEND) * LINE
    root = _root(diagram, look, style, width, height)
    _text(
        root,
        20,
        30,
        _("{name}: {count:,} parameters", name=diagram.name, count=diagram.parameters),
        "title",
        anchor="start",
    )
    if icon:
        _picture(root, diagram, pixels, left - MARGIN / 2, _middle(columns[0]))
    for number, pair in enumerate(pairwise(columns)):
        _lines(root, diagram, number, *pair, look)
        formula = count_formula(pair[0].layer.units, pair[1].layer.units, biases=look.biases)
        _text(root, (pair[0].x + pair[1].x) / 2, base + LINE / 2 - 6, formula, "count")
    if weighted:
        for number, sentence in enumerate(LEGEND, start=1):
            _text(root, 20, height - (len(LEGEND) + 0.5 - number) * LINE, _(sentence), "count", anchor="start")
    for column in columns:
        _units(root, column, look)
        for number, caption in enumerate(captions(column.layer, look)):
            _text(root, column.x, base + (1.7 + number) * LINE, caption, "name" if number == 0 else "words")
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode") + "\n"


def _root(diagram: Diagram, look: Look, style: Style, width: float, height: float) -> Xml.Element:
    root = Xml.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "class": "kerasnn-network"})
    root.set("viewBox", f"0 0 {width:g} {height:g}")
    root.set("width", f"{width:g}")
    root.set("height", f"{height:g}")
    Xml.SubElement(root, "title").text = _("The network {name}", name=diagram.name)
    Xml.SubElement(root, "desc").text = described(diagram, look)
    Xml.SubElement(root, "style").text = stylesheet(style)
    Xml.SubElement(root, "rect", {"class": "paper", "width": "100%", "height": "100%"})
    return root


def _column(diagram: Diagram, number: int, slots: Slots, x: float, base: float, look: Look) -> _Column:
    layer, last = diagram.layers[number], number == len(diagram.layers) - 1
    tall = len(slots) * STEP
    top = TOP + (BIAS if look.biases else 0)
    start = top + (base - top - tall) / 2 + STEP / 2
    heights = [start + place * STEP for place in range(len(slots))]
    places = {unit: y for unit, y in zip(slots, heights, strict=True) if unit is not None}
    gap = next((y for unit, y in zip(slots, heights, strict=True) if unit is None), None)
    bias = (x, heights[0] - BIAS) if look.biases and not last else None
    return _Column(layer, x, places, gap, dropped_units(layer, slots, look), bias)


def _middle(column: _Column) -> float:
    heights = list(column.places.values())
    return (heights[0] + heights[-1]) / 2


def _lines(root: Xml.Element, diagram: Diagram, number: int, start: _Column, end: _Column, look: Look) -> None:
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


def _units(root: Xml.Element, column: _Column, look: Look) -> None:
    group = Xml.SubElement(root, "g", {"class": "layer"})
    activation = column.layer.activation if look.activations else None
    if activation == "softmax":
        _joined(group, column)
    for unit, y in column.places.items():
        dropped = unit in column.dropped
        shape = {"cx": f"{column.x:g}", "cy": f"{y:g}", "r": str(RADIUS)}
        kind = "unit input" if column.layer.activation is None else "unit"
        Xml.SubElement(group, "circle", {"class": f"{kind} off" if dropped else kind, **shape})
        if column.layer.activation is None:
            _text(group, column.x, y + 4, str(unit + 1), "number")
        if activation in GLYPHS and not dropped:
            move = f"translate({column.x:g} {y:g}) scale({RADIUS * 0.62:g})"
            Xml.SubElement(group, "path", {"class": "glyph", "d": GLYPHS[activation], "transform": move})
        if dropped:
            r = RADIUS * 0.7
            cross = f"M{column.x - r:g} {y - r:g} l{2 * r:g} {2 * r:g} m0 {-2 * r:g} l{-2 * r:g} {2 * r:g}"
            Xml.SubElement(group, "path", {"class": "cross", "d": cross})
        if column.layer.labels:
            _text(
                group,
                column.x + RADIUS + 12,
                y + 5,
                f"{unit} {class_name(column.layer.labels[unit])}",
                "words",
                anchor="start",
            )
    if column.gap is not None:
        for step in (-8, 0, 8):
            dot = {"cx": f"{column.x:g}", "cy": f"{column.gap + step:g}", "r": "2.2"}
            Xml.SubElement(group, "circle", {"class": "dot", **dot})
    if column.bias is not None:
        x, y = column.bias
        Xml.SubElement(group, "circle", {"class": "unit one", "cx": f"{x:g}", "cy": f"{y:g}", "r": str(RADIUS - 3)})
        _text(group, x, y + 4.5, "1", "one")


def _joined(group: Xml.Element, column: _Column) -> None:
    """A frame around units whose outputs softmax makes add up to 1."""
    heights = list(column.places.values())
    top, bottom = heights[0] - RADIUS - 4, heights[-1] + RADIUS + 4
    shape = {"x": f"{column.x - RADIUS - 4:g}", "y": f"{top:g}", "width": f"{2 * RADIUS + 8:g}"}
    Xml.SubElement(group, "rect", {"class": "frame", **shape, "height": f"{bottom - top:g}", "rx": "17"})


def _picture(root: Xml.Element, diagram: Diagram, pixels: Pixels | None, right: float, middle: float) -> None:
    """The image that enters, or a grid in its place, and how it becomes a column of values."""
    group = Xml.SubElement(root, "g", {"class": "picture"})
    rows, columns = (len(pixels), len(pixels[0])) if pixels else diagram.image_shape or (1, 1)
    size = PICTURE / max(rows, columns)
    left, top = right - 34 - PICTURE, middle - PICTURE / 2
    frame = {"x": f"{left:g}", "y": f"{top:g}", "width": f"{columns * size:g}", "height": f"{rows * size:g}"}
    Xml.SubElement(group, "rect", {"class": "black" if pixels else "grid", **frame})
    if pixels:
        for number, row in enumerate(pixels):
            for place, value in enumerate(row):
                if value:
                    cell = {"x": f"{left + place * size:g}", "y": f"{top + number * size:g}"}
                    cell |= {
                        "width": f"{size + 0.2:g}",
                        "height": f"{size + 0.2:g}",
                        "fill": f"rgb({value},{value},{value})",
                    }
                    Xml.SubElement(group, "rect", cell)
    else:
        steps = [size * step for step in range(1, max(rows, columns))]
        down = "".join(f"M{left + step:g} {top:g}v{rows * size:g}" for step in steps[: columns - 1])
        across = "".join(f"M{left:g} {top + step:g}h{columns * size:g}" for step in steps[: rows - 1])
        Xml.SubElement(group, "path", {"class": "mesh", "d": down + across})
    Xml.SubElement(group, "path", {"class": "arrow", "d": f"M{right - 26:g} {middle:g}h24m-7 -5l7 5l-7 5"})
    _text(
        group,
        left + PICTURE / 2,
        top + PICTURE + LINE,
        _("{rows} x {columns} pixels,", rows=rows, columns=columns),
        "words",
    )
    _text(group, left + PICTURE / 2, top + PICTURE + 2 * LINE, _("unrolled"), "words")


def _text(parent: Xml.Element, x: float, y: float, content: str, kind: str, *, anchor: str = "middle") -> None:
    place = {"x": f"{x:g}", "y": f"{y:g}", "text-anchor": anchor}
    Xml.SubElement(parent, "text", {"class": kind, **place}).text = content
