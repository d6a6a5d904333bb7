"""A network drawn in the terminal: units in brackets, lines between them in Braille dots."""

from dataclasses import replace
from itertools import pairwise
from typing import Final

import plotille
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import Diagram, DiagramLayer
from kerasnn.views.format import class_name
from kerasnn.views.network.layout import Look, Slots, captions, count_formula, drawn_units, dropped_units

MOST: Final = 7  # places of a large layer: lines of Braille blacken what they cover
UNIT: Final = 3  # columns
NARROWEST: Final = 20  # from column of units to column of units
WIDEST: Final = 34
SIGNS: Final = {"sigmoid": "S", "tanh": "T", "relu": "/", "leaky_relu": "/", "elu": "/", "silu": "/", "linear": "-"}


class NetworkText:
    """A drawing of `diagram`, as wide as the terminal allows; without lines if Braille cannot be written."""

    def __init__(self, diagram: Diagram, look: Look | None = None) -> None:
        self.diagram, self.look = diagram, replace(look if look is not None else Look(), most=MOST)

    def _across(self, room: int) -> int:
        names = max((cell_len(class_name(label)) + 4 for label in self.diagram.layers[-1].labels), default=0)
        steps = len(self.diagram.layers) - 1
        return min(max((room - UNIT - max(names, 8) - 6) // steps, 0), WIDEST)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(options.max_width, options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        across = self._across(options.max_width)
        heading = _("{name}: {count:,} parameters", name=self.diagram.name, count=self.diagram.parameters)
        yield Text(heading, style="bold", no_wrap=True, overflow="ellipsis")
        if across < NARROWEST // 2:  # too narrow for lines: the captions alone
            for layer in self.diagram.layers:
                yield Text("  " + ", ".join(captions(layer, self.look)))
            return
        yield from self._drawn(across, braille=not options.ascii_only)

    def _drawn(self, across: int, *, braille: bool) -> list[Text]:
        layers, slots = self.diagram.layers, drawn_units(self.diagram, self.look)
        tallest = max(map(len, slots))
        offset = 2 if self.look.biases else 0  # lines of text above the tallest layer
        height = offset + 2 * tallest - 1
        left = 6  # room for the numbers of the inputs
        width = left + across * (len(layers) - 1) + UNIT
        canvas = plotille.Canvas(width, height, 0, 0, 2 * width, 4 * height)  # a Braille cell has 2 x 4 dots
        rows = [_rows(shown, tallest, offset) for shown in slots]
        places = [left + number * across for number in range(len(layers))]
        dropped = [dropped_units(layer, shown, self.look) for layer, shown in zip(layers, slots, strict=True)]
        for number, ((x1, x2), (above, below)) in enumerate(zip(pairwise(places), pairwise(rows), strict=True)):
            starts = [row for unit, row in above.items() if unit is not None and unit not in dropped[number]]
            starts += [min(above.values()) - 2] if self.look.biases else []
            for start in starts:
                for end in (row for unit, row in below.items() if unit is not None):
                    canvas.line(2 * (x1 + UNIT), 4 * (height - start) - 2, 2 * x2 - 1, 4 * (height - end) - 2)
        lines = canvas.plot().splitlines() if braille else [" " * width] * height
        texts = [Text(line.replace("\u2800", " ").ljust(width), style="dim", no_wrap=True) for line in lines]
        for number, layer in enumerate(layers):
            _put_units(texts, layer, rows[number], dropped[number], places[number], self.look)
        if self.look.biases:
            for place, row in zip(places[:-1], rows, strict=False):
                _put(texts[min(row.values()) - 2], place, "(1)", "bold")
        return [*texts, Text(), *self._captions(places, across)]

    def _captions(self, places: list[int], across: int) -> list[Text]:
        columns = [captions(layer, self.look) for layer in self.diagram.layers]
        lines = []
        for number in range(max(map(len, columns))):
            line = ""
            for place, column in zip(places, columns, strict=True):
                text = column[number] if number < len(column) else ""
                line += " " * (place + UNIT // 2 - cell_len(text) // 2 - cell_len(line)) + text
            lines.append(Text(line, style="bold" if number == 0 else "", no_wrap=True))
        layers = self.diagram.layers
        sums = [count_formula(a.units, b.units, biases=self.look.biases) for a, b in pairwise(layers)]
        sums += [f"4 x {layer.units:,} = {layer.normalization:,}" for layer in layers if layer.normalization]
        return [*lines, Text(_("Parameters") + ": " + ", ".join(sums), style="dim")]


def _rows(slots: Slots, tallest: int, offset: int) -> dict[int | None, int]:
    """Return the row of text of each slot: two apart in the tallest layer, three apart in others if they fit."""
    height = 2 * tallest - 1
    step = 3 if 3 * len(slots) - 2 <= height else 2
    start = offset + (height - step * (len(slots) - 1) - 1) // 2
    return {unit: start + step * place for place, unit in enumerate(slots)}


def _put_units(
    texts: list[Text], layer: DiagramLayer, rows: dict[int | None, int], dropped: frozenset[int], place: int, look: Look
) -> None:
    sign = SIGNS.get(layer.activation or "", " ") if look.activations else " "
    left, right = "[]" if layer.activation == "softmax" and look.activations else "()"
    for unit, row in rows.items():
        if unit is None:
            _put(texts[row], place, " : ", "bold")
            continue
        crossed = unit in dropped
        _put(texts[row], place, f"{left}{'x' if crossed else sign}{right}", "dim" if crossed else "bold")
        if layer.activation is None:
            _put(texts[row], place - 5, f"{unit + 1:4}", "dim")
        if layer.labels:
            texts[row].append(f" {unit} {class_name(layer.labels[unit])}", style="not dim")


def _put(line: Text, place: int, characters: str, style: str) -> None:
    plain = line.plain
    line.plain = plain[:place] + characters + plain[place + len(characters) :]
    line.stylize(f"not dim {style}" if "dim" not in style else style, place, place + len(characters))
