"""Parameters counted by hand, by the formula, and in the model itself."""

from collections.abc import Sequence
from itertools import pairwise

from kerasnn.language import _
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context
from kerasnn.records import BarsPicture, Cell, Explanation, Grid, Section

OTHERS = ((), (10,), (50,), (100,), (300,), (300, 100), (1000,))


def explain(context: Context) -> Explanation:
    """Source: lecture, "model summary": previous units x units + biases."""
    inputs, classes = context.classifier.input_size, context.classifier.classes
    asked = (200, 50)
    steps = " + ".join(_step(before, units) for before, units in _pairs(inputs, asked, classes))
    return context.explained(
        _counted(context),
        _others(inputs, classes),
        question=_("How many parameters has the network {sizes}?", sizes=_sizes(inputs, asked, classes)),
        answer=f"{steps} = {count(inputs, asked, classes):,}",
        on_image=False,
    )


def count(inputs: int, hidden: Sequence[int], classes: int) -> int:
    """Weights and biases of a network of Dense layers."""
    return sum(before * units + units for before, units in _pairs(inputs, hidden, classes))


def _pairs(inputs: int, hidden: Sequence[int], classes: int) -> list[tuple[int, int]]:
    sizes = [inputs, *hidden, classes]
    return list(pairwise(sizes))


def _step(before: int, units: int) -> str:
    return f"({before} x {units} + {units})"


def _sizes(inputs: int, hidden: Sequence[int], classes: int) -> str:
    return "-".join(map(str, (inputs, *hidden, classes)))


def _counted(context: Context) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for layer in context.layers:
        before, units = layer.kernel.shape
        formula = f"{before} x {units} + {units}"
        rows.append(
            (layer.name, formula, before * units + units, f"{layer.kernel.shape}", layer.kernel.size, layer.bias.size)
        )
    stored = sum(layer.kernel.size + layer.bias.size for layer in context.layers)
    hidden = [layer.kernel.shape[1] for layer in context.layers[:-1]]
    return Section(
        _("Formula and model"),
        sentences=(
            _(
                "Every unit has a weight for each value that comes in, and one bias. What comes in is what the "
                "layer before puts out; Flatten and Dropout learn nothing and count 0."
            ),
        ),
        grids=(
            Grid(
                _("By the formula, and what lies in the file"),
                (
                    _("layer"),
                    _("before x units + units"),
                    _("parameters"),
                    _("shape of the weights"),
                    _("weights"),
                    _("biases"),
                ),
                tuple(rows),
            ),
        ),
        checks=(
            check(
                "formula",
                (_("by the formula"), float(count(context.classifier.input_size, hidden, context.classifier.classes))),
                (_("numbers stored in the model's file"), float(stored)),
            ),
            check(
                "model",
                (_("weights and biases"), float(stored)),
                (_("parameters the model reports"), float(context.classifier.parameters)),
            ),
        ),
    )


def _others(inputs: int, classes: int) -> Section:
    rows = [
        (_sizes(inputs, hidden, classes), count(inputs, hidden, classes), count(inputs, hidden, classes) * 4 / 1e6)
        for hidden in OTHERS
    ]
    return Section(
        _("Other networks"),
        sentences=(_("Nearly all parameters lie in the first layer, for it sees every pixel. Four bytes each."),),
        grids=(
            Grid(_("How the number grows"), (_("network"), _("parameters"), _("megabytes")), tuple(rows), digits=2),
        ),
        pictures=(
            BarsPicture(
                "parameters",
                _("Parameters in thousands"),
                tuple(row[0] for row in rows),
                tuple(row[1] / 1000 for row in rows),
                digits=1,
            ),
        ),
    )
