"""The units of a network to draw, those to cross out, and the captions."""

from dataclasses import dataclass
from typing import Any, Final

from kerasnn.language import _, ngettext
from kerasnn.records import Diagram, DiagramLayer

Slots = tuple[int | None, ...]

WHOLE: Final = 10  # a larger layer is drawn with dots in its middle


@dataclass(frozen=True)
class Look:
    """Options of a drawing. `weights`: show trained weights by line width. `most`: places in a layer with dots."""

    biases: bool = True
    activations: bool = True
    weights: bool = False
    most: int = WHOLE


def drawn_units(diagram: Diagram, look: Look) -> list[Slots]:
    """Return the units to draw of each layer; with `look.weights`, those of large layers with the largest weights."""
    slots = [shown_units(layer.units, look.most) for layer in diagram.layers]
    if look.weights:
        for number, (kernel, _bias) in enumerate(diagram.weights):
            if len(kernel) > WHOLE:
                slots[number] = strongest_units(kernel, look.most)
    return slots


def shown_units(units: int, most: int = WHOLE) -> Slots:
    """Return all units of a small layer, or the first and last of a large one with None for the dots."""
    if units <= WHOLE:
        return tuple(range(units))
    return _with_dots([*range(most // 2), *range(units - (most - 1) // 2, units)], most)


def strongest_units(kernel: Any, most: int = WHOLE) -> Slots:
    """Return, in order, the units with the largest outgoing weights, with None for the dots.

    `kernel`: shape (units, units of the next layer).
    """
    strength = abs(kernel).sum(axis=1)
    return _with_dots(sorted(sorted(range(len(kernel)), key=lambda unit: -strength[unit])[: most - 1]), most)


def _with_dots(units: list[int], most: int) -> Slots:
    return (*units[: most // 2], None, *units[most // 2 :])


def dropped_units(layer: DiagramLayer, slots: Slots, look: Look) -> frozenset[int]:
    """Return the drawn units that dropout crosses out: the layer's fraction, evenly spread, never all of them.

    Empty with `look.weights`, because a trained network predicts with all its units.
    """
    units = [unit for unit in slots if unit is not None]
    if layer.dropout == 0 or look.weights:
        return frozenset()
    count = min(max(round(layer.dropout * len(units)), 1), len(units) - 1)  # at least one, but never all
    # the middles of `count` equal parts
    return frozenset(units[(2 * number + 1) * len(units) // (2 * count)] for number in range(count))


def count_formula(inputs: int, units: int, *, biases: bool) -> str:
    """Return the arithmetic of the parameters between two layers, with the biases or of the weights alone."""
    if biases:
        return f"{inputs:,} x {units:,} + {units:,} = {inputs * units + units:,}"
    return _("{inputs:,} x {units:,} = {count:,} weights", inputs=inputs, units=units, count=inputs * units)


def captions(layer: DiagramLayer, look: Look) -> list[str]:
    """Return the lines below a column: name, number of units, activation, dropout."""
    lines = [layer.name, _counted(layer)]
    if look.activations and layer.activation is not None:
        lines.append(layer.activation)
    if layer.normalization:
        lines.append(_("batch normalization"))
    if layer.dropout > 0:
        lines += [_("{share:.0%} dropped", share=layer.dropout), _("while training")]
    return lines


def _counted(layer: DiagramLayer) -> str:
    if layer.activation is None:  # the inputs are values, not units
        return ngettext("{count:,} value", "{count:,} values", layer.units)
    return ngettext("{count:,} unit", "{count:,} units", layer.units)


def described(diagram: Diagram, look: Look) -> str:
    """Describe the drawing in two sentences for screen readers."""
    layers = "; ".join(", ".join(captions(layer, look)) for layer in diagram.layers)
    return _(
        "A fully connected network, from the left: {layers}. {parameters:,} parameters, {biases}. "
        "Every unit has a line to every unit of the next layer.",
        layers=layers,
        parameters=diagram.parameters,
        biases=_("biases drawn") if look.biases else _("biases left out"),
    )
