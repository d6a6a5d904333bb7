"""A network as SVG: units in columns, lines between them, readable on light and dark paper and without colours."""

from itertools import pairwise
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as Xml

from rich.cells import cell_len

from kerasnn.files.atomic import write_text
from kerasnn.language import N_, _
from kerasnn.records import Diagram, Pixels
from kerasnn.views.format import class_name
from kerasnn.views.network.layout import Look, Slots, captions, count_formula, described, drawn_units, dropped_units
from kerasnn.views.network.stylesheet import stylesheet
from kerasnn.views.network.svg_elements import LINE, PICTURE, Column, draw_lines, draw_picture, draw_units, put_text
from kerasnn.views.palette import Style

STEP: Final = 37  # from unit to unit
ACROSS: Final = 250  # from column to column
TOP: Final = 64
BIAS: Final = 50  # above the first unit
MARGIN: Final = 70
LEAST_WIDTH: Final = 400
LEGEND: Final = (
    N_("Thicker lines are larger weights, dashed ones are below 0."),
    N_("For large layers, the units with the largest weights are drawn."),
)


def save_network(
    diagram: Diagram, path: Path, look: Look | None = None, style: Style = "auto", pixels: Pixels | None = None
) -> Path:
    """Write the drawing to `path` atomically; `pixels`: an image to show as the input."""
    write_text(path, network_svg(diagram, look, style, pixels))
    return path


def network_svg(diagram: Diagram, look: Look | None = None, style: Style = "auto", pixels: Pixels | None = None) -> str:
    """Return the drawing as SVG. With `look.weights`, lines show trained weights, negative ones dashed."""
    look = look if look is not None else Look()
    icon = pixels is not None or diagram.image_shape is not None
    left = MARGIN + (PICTURE + 60 if icon else 0)
    slots = drawn_units(diagram, look)
    base: float = TOP + (BIAS if look.biases else 0) + max(map(len, slots)) * STEP
    columns = [
        _column(diagram, number, shown, left + number * ACROSS, base, look) for number, shown in enumerate(slots)
    ]
    width, height = _size(diagram, look, columns, base)
    root = _root(diagram, look, style, width, height)
    title = _("{name}: {count:,} parameters", name=diagram.name, count=diagram.parameters)
    put_text(root, 20, 30, title, "title", anchor="start")
    if icon:
        draw_picture(root, diagram, pixels, left - MARGIN / 2, _middle(columns[0]))
    for number, (start, end) in enumerate(pairwise(columns)):
        draw_lines(root, diagram, number, start, end, look)
        formula = count_formula(start.layer.units, end.layer.units, biases=look.biases)
        put_text(root, (start.x + end.x) / 2, base + LINE / 2 - 6, formula, "count")
    if look.weights and diagram.weights:
        _legend(root, height)
    for column in columns:
        draw_units(root, column, look)
        for number, caption in enumerate(captions(column.layer, look)):
            put_text(root, column.x, base + (1.7 + number) * LINE, caption, "name" if number == 0 else "words")
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode") + "\n"


def _size(diagram: Diagram, look: Look, columns: list[Column], base: float) -> tuple[float, float]:
    """Return width and height; `base`: y below the units, where the captions start."""
    names = max((cell_len(class_name(label)) for label in diagram.layers[-1].labels), default=0)
    lines = 2 + max(len(captions(layer, look)) for layer in diagram.layers)
    if look.weights and diagram.weights:
        lines += len(LEGEND)
    return max(columns[-1].x + MARGIN + 9 * names, LEAST_WIDTH), base + lines * LINE


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


def _column(diagram: Diagram, number: int, slots: Slots, x: float, base: float, look: Look) -> Column:
    layer, last = diagram.layers[number], number == len(diagram.layers) - 1
    tall = len(slots) * STEP
    top = TOP + (BIAS if look.biases else 0)
    start = top + (base - top - tall) / 2 + STEP / 2
    heights = [start + place * STEP for place in range(len(slots))]
    places = {unit: y for unit, y in zip(slots, heights, strict=True) if unit is not None}
    gap = next((y for unit, y in zip(slots, heights, strict=True) if unit is None), None)
    bias = (x, heights[0] - BIAS) if look.biases and not last else None
    return Column(layer, x, places, gap, dropped_units(layer, slots, look), bias)


def _middle(column: Column) -> float:
    heights = list(column.places.values())
    return (heights[0] + heights[-1]) / 2


def _legend(root: Xml.Element, height: float) -> None:
    for number, sentence in enumerate(LEGEND, start=1):
        put_text(root, 20, height - (len(LEGEND) + 0.5 - number) * LINE, _(sentence), "count", anchor="start")
