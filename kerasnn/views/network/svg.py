"""A network as SVG: units in columns, lines between them, readable on light and dark paper and without colours.

Like all figures a slide of 16:9 with letters of 14 points, as long as the network has at most one hidden layer: deeper
ones are wider, and smaller on a slide.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from rich.cells import cell_len

from kerasnn.files.atomic import write_text
from kerasnn.files.owned import DRAWN_BY
from kerasnn.files.seal import BLANK_COMMENT, sealed
from kerasnn.language import N_, _
from kerasnn.records import Diagram, DiagramLayer, Pixels
from kerasnn.views.format import class_name
from kerasnn.views.network.layout import Look, captions, count_formula, described, drawn_units, dropped_units
from kerasnn.views.palette import DARK, Style, palette

# in units of the SVG, which are pixels at its natural size
STEP: Final = 38  # from unit to unit
ACROSS: Final = 290  # from column to column
TOP: Final = 64
BIAS: Final = 50  # above the first unit
MARGIN: Final = 70
RADIUS: Final = 17
PICTURE: Final = 112
LINE: Final = 22  # height of a line of text
THINNEST, THICKEST = 0.3, 3.6  # widths of lines that show weights
LEGEND: Final = (
    N_("Thicker lines are larger weights, dashed ones are below 0."),
    N_("For large layers, the units with the largest weights are drawn."),
)
# the curve of each activation on -1 to 1, for the inside of a unit; the y axis of an SVG path points down
GLYPHS: Final = {
    "linear": "M-1 1L1 -1",
    "relu": "M-1 0.5H0L1 -0.9",
    "leaky_relu": "M-1 0.75L0 0.5L1 -0.9",
    "sigmoid": "M-1 0.7C0.1 0.7 -0.1 -0.7 1 -0.7",
    "tanh": "M-1 0.85C-0.05 0.85 0.05 -0.85 1 -0.85",
    "elu": "M-1 0.85C-0.6 0.85 -0.3 0.75 0 0.4L1 -0.9",
    "silu": "M-1 0.45C-0.6 0.6 -0.3 0.75 0 0.45L1 -0.85",
}


@dataclass(frozen=True)
class Column:
    """The drawn units of a layer. `places`: y by unit; `gap`: y of the dots; `bias`: y of the unit of 1."""

    layer: DiagramLayer
    x: float
    places: dict[int, float]
    gap: float | None
    dropped: frozenset[int]
    bias: float | None
    captions: list[str]


def save_network(
    diagram: Diagram, path: Path, look: Look | None = None, style: Style = "auto", pixels: Pixels | None = None
) -> Path:
    """Write the drawing to `path` atomically; `pixels`: an image to show as the input."""
    svg = f"{network_svg(diagram, look, style, pixels).lstrip()}{BLANK_COMMENT}"
    write_text(path, sealed(svg.encode(), DRAWN_BY).decode())
    return path


def network_svg(diagram: Diagram, look: Look | None = None, style: Style = "auto", pixels: Pixels | None = None) -> str:
    """Return the drawing as SVG. With `look.weights`, lines show trained weights, negative ones dashed."""
    look = look if look is not None else Look()
    icon = pixels is not None or diagram.image_shape is not None
    left = MARGIN + (PICTURE + 60 if icon else 0)
    columns, base = _columns(diagram, look, left)
    legend = [_(sentence) for sentence in LEGEND] if look.weights and diagram.weights else []
    names = max((cell_len(class_name(label)) for label in diagram.layers[-1].labels), default=0)
    lines = 2 + max(len(column.captions) for column in columns)
    broad, high = columns[-1].x + MARGIN + 10 * names, base + lines * LINE
    width, height = max(broad, high * 16 / 9), max(high, broad * 9 / 16)
    drawn = {
        "name": _("The network {name}", name=diagram.name),
        "description": described(diagram, look),
        "heading": _("{name}: {count:,} parameters", name=diagram.name, count=diagram.parameters),
        "width": width,
        "height": height,
        "moved": (width - broad) / 2,
        "image": _image(diagram, pixels, left - MARGIN / 2, columns[0]) if icon else None,
        "gaps": [_gap(diagram, number, pair, look) for number, pair in enumerate(pairwise(columns))],
        # `auto` draws in light colours, and adds the dark ones for readers with a dark screen
        "palettes": (palette(style), DARK if style == "auto" else None),
    }
    drawn |= {"base": base, "columns": columns, "legend": legend, "look": look, "pixels": pixels}
    drawn |= {"glyphs": GLYPHS, "line": LINE, "picture": PICTURE, "radius": RADIUS}
    return fill_template("kerasnn.views.network", "network.svg", **drawn)


def _columns(diagram: Diagram, look: Look, left: float) -> tuple[list[Column], float]:
    """Return the columns from x `left` on, all centred at one height, and the y below them for their captions."""
    slots = drawn_units(diagram, look)
    top, tallest = TOP + (BIAS if look.biases else 0), max(map(len, slots))
    columns = []
    for number, (layer, shown) in enumerate(zip(diagram.layers, slots, strict=True)):
        start = top + (tallest - len(shown)) * STEP / 2 + STEP / 2
        heights = {unit: start + place * STEP for place, unit in enumerate(shown)}
        gap = heights.pop(None, None)
        bias = start - BIAS if look.biases and number < len(slots) - 1 else None
        places = {unit: y for unit, y in heights.items() if unit is not None}
        dropped = dropped_units(layer, shown, look)
        columns.append(Column(layer, left + number * ACROSS, places, gap, dropped, bias, captions(layer, look)))
    return columns, top + tallest * STEP


def _gap(diagram: Diagram, number: int, pair: tuple[Column, Column], look: Look) -> tuple[object, ...]:
    """Return the lines between two columns, and the place and text of the formula below them."""
    start, end = pair
    lines = _lines(start, end, diagram.weights[number] if look.weights and diagram.weights else None)
    formula = count_formula(start.layer.units, end.layer.units, biases=look.biases)
    return lines, (start.x + end.x) / 2, formula


def _lines(start: Column, end: Column, weights: tuple[Any, Any] | None) -> Iterator[tuple[object, ...]]:
    """Yield class, x1, y1, x2, y2 and style of the lines from the units and the bias of a column to the next one.

    `weights`: kernel of shape (units, units of the next layer) and bias of shape (units of the next layer,).
    """
    units = [(y, "line off" if unit in start.dropped else "line") for unit, y in start.places.items()]
    groups: list[tuple[float, list[tuple[float, str]], Any]] = [
        (start.x + RADIUS, units, weights and weights[0][list(start.places)])
    ]
    if start.bias is not None:
        # the bias is one more row of weights, with a scale of its own
        groups.append((start.x + RADIUS - 3, [(start.bias, "line bias")], weights and weights[1][None]))
    for x, rows, values in groups:
        shown = None if values is None else values[:, list(end.places)].astype(float)  # (rows, drawn units)
        strongest = 1.0 if shown is None else abs(shown).max() or 1.0
        for row, (y, kind) in enumerate(rows):
            for column, below in enumerate(end.places.values()):
                place = (x, y, end.x - RADIUS, below)
                if shown is None:
                    yield kind, *place, ""
                else:
                    yield (
                        "line for" if shown[row, column] >= 0 else "line against",
                        *place,
                        _strength(abs(shown[row, column]) / strongest),
                    )


def _strength(share: float) -> str:
    width, opacity = THINNEST + (THICKEST - THINNEST) * share, 0.15 + 0.75 * share
    return f"stroke-width:{width:.2f};stroke-opacity:{opacity:.2f}"


def _image(diagram: Diagram, pixels: Pixels | None, right: float, column: Column) -> dict[str, Any]:
    """Return size, place and captions of the input image, which an arrow connects to the column of values."""
    rows, columns = (len(pixels), len(pixels[0])) if pixels else diagram.image_shape or (1, 1)
    heights = list(column.places.values())
    shape = _("{rows} x {columns} pixels,", rows=rows, columns=columns)
    middle = (heights[0] + heights[-1]) / 2
    return {"rows": rows, "columns": columns, "right": right, "middle": middle, "captions": (shape, _("unrolled"))}


def fill_template(package: str, name: str, /, **values: Any) -> str:
    """Return the template `name` of a package with `values` filled in and escaped."""
    environment = Environment(
        loader=PackageLoader(package, ""),
        autoescape=True,
        undefined=StrictUndefined,  # a misspelt name is an error, not an empty string
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"kind": lambda block: type(block).__name__.lower(), "g": "{:g}".format, "name": class_name}
    return environment.get_template(name).render(**values)
