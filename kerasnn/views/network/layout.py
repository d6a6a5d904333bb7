"""Which units of a network are drawn, and which of them are crossed out."""

from dataclasses import dataclass
from typing import Any, Final

from kerasnn.language import _, ngettext
from kerasnn.records import Diagram, DiagramLayer

Slots = tuple[int | None, ...]

WHOLE: Final = 10  # a larger layer is drawn with dots in its middle


@dataclass(frozen=True)
class Look:
    """What is drawn. `weights`: trained weights as the strength of lines. `most`: places of a layer with dots."""

    biases: bool = True
    activations: bool = True
    weights: bool = False
    most: int = WHOLE


def drawn_units(diagram: Diagram, look: Look) -> list[Slots]:
    """The units drawn of each layer; where lines show weights, those of a large layer whose weights are strongest."""
    slots = [shown_units(layer.units, look.most) for layer in diagram.layers]
    if look.weights:
        for number, (kernel, _bias) in enumerate(diagram.weights):
            if len(kernel) > WHOLE:
                slots[number] = strongest_units(kernel, look.most)
    return slots


def shown_units(units: int, most: int = WHOLE) -> Slots:
    """The units of a layer from the top: all of a small one; the first and last of a large one, None for the dots."""
    if units <= WHOLE:
        return tuple(range(units))
    return _with_dots([*range(most // 2), *range(units - (most - 1) // 2, units)], most)


def strongest_units(kernel: Any, most: int = WHOLE) -> Slots:
    """Those units of a large layer, in their order, from which the largest weights go out; None for the dots."""
    strength = abs(kernel).sum(axis=1)
    return _with_dots(sorted(sorted(range(len(kernel)), key=lambda unit: -strength[unit])[: most - 1]), most)


def _with_dots(units: list[int], most: int) -> Slots:
    return (*units[: most // 2], None, *units[most // 2 :])


def dropped_units(layer: DiagramLayer, slots: Slots, look: Look) -> frozenset[int]:
    """Which of the drawn units a mask crosses out: the layer's share of them, spread out; one at least stays.

    None where trained weights are drawn, for a trained network predicts with all its units.
    """
    units = [unit for unit in slots if unit is not None]
    if layer.dropout == 0 or look.weights:
        return frozenset()
    count = min(max(round(layer.dropout * len(units)), 1), len(units) - 1)
    return frozenset(units[(2 * number + 1) * len(units) // (2 * count)] for number in range(count))


def count_formula(inputs: int, units: int, *, biases: bool) -> str:
    """The parameters between two layers, counted: with the biases, or the weights alone."""
    if biases:
        return f"{inputs:,} x {units:,} + {units:,} = {inputs * units + units:,}"
    return _("{inputs:,} x {units:,} = {count:,} weights", inputs=inputs, units=units, count=inputs * units)


def captions(layer: DiagramLayer, look: Look) -> list[str]:
    """What is written below a column: its name, how many units, what they do with their sum, what is dropped."""
    lines = [layer.name, _counted(layer)]
    if look.activations and layer.activation is not None:
        lines.append(layer.activation)
    if layer.dropout > 0:
        lines += [_("{share:.0%} dropped", share=layer.dropout), _("while training")]
    return lines


def _counted(layer: DiagramLayer) -> str:
    if layer.activation is None:
        return ngettext("{count:,} value", "{count:,} values", layer.units)
    return ngettext("{count:,} unit", "{count:,} units", layer.units)


def described(diagram: Diagram, look: Look) -> str:
    """The drawing in a sentence or two, for those who cannot see it."""
    layers = "; ".join(", ".join(captions(layer, look)) for layer in diagram.layers)
    return _(
        "A fully connected network, from the left: {layers}. {parameters:,} parameters, {biases}. "
        "Every unit has a line to every unit of the next layer.",
        layers=layers,
        parameters=diagram.parameters,
        biases=_("biases drawn") if look.biases else _("biases left out"),
    )
