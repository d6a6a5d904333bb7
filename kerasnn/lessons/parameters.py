"""Parameters counted by hand, by the formula, and in the model itself."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from kerasnn.language import N_, _
from kerasnn.lessons.context import Context
from kerasnn.lessons.parts import bars, check, section, table
from kerasnn.records import Explanation, Section

ASKED: Final = (200, 50)
OTHERS: Final = ((), (10,), (50,), (100,), (300,), (300, 100), (1000,))

COUNTED: Final = N_(
    "Every unit has a weight for each of its inputs, and one bias. Its inputs are the outputs of the layer before; "
    "Flatten and Dropout learn nothing and count 0."
)


def explain(context: Context) -> Explanation:
    """Explain how parameters are counted. Source: lecture, "model summary": previous units x units + biases."""
    inputs, classes = context.classifier.input_size, context.classifier.classes
    steps = " + ".join(f"({before} x {units} + {units})" for before, units in pairwise((inputs, *ASKED, classes)))
    return context.explained(
        _counted(context),
        _others(inputs, classes),
        question=_("How many parameters has the network {sizes}?", sizes=_name(inputs, ASKED, classes)),
        answer=f"{steps} = {count(inputs, ASKED, classes):,}",
        on_image=False,
    )


def count(inputs: int, hidden: Sequence[int], classes: int) -> int:
    """Count the weights and biases of a network of Dense layers. `hidden`: units of each hidden layer."""
    return sum(before * units + units for before, units in pairwise((inputs, *hidden, classes)))


def _name(inputs: int, hidden: Sequence[int], classes: int) -> str:
    return "-".join(map(str, (inputs, *hidden, classes)))


def _counted(context: Context) -> Section:
    model = context.classifier
    rows, stored = [], 0
    for layer in context.layers:
        before, units = layer.kernel.shape
        sizes = str(layer.kernel.shape), layer.kernel.size, layer.bias.size
        rows.append((layer.name, f"{before} x {units} + {units}", before * units + units, *sizes))
        stored += layer.kernel.size + layer.bias.size  # counted in the arrays, not computed from their shapes
    what = _("layer"), _("before x units + units"), _("parameters")
    stored_parts = _("shape of the weights"), _("weights"), _("biases")
    hidden = [layer.kernel.shape[1] for layer in context.layers[:-1]]
    formula = (_("by the formula"), count(model.input_size, hidden, model.classes))
    return section(
        _("Formula and model"),
        _(COUNTED),
        table(_("By the formula, and in the file"), (*what, *stored_parts), rows),
        check("formula", formula, (_("numbers stored in the model's file"), stored)),
        check("model", (_("weights and biases"), stored), (_("parameters the model reports"), model.parameters)),
    )


def _others(inputs: int, classes: int) -> Section:
    counts = {_name(inputs, hidden, classes): count(inputs, hidden, classes) for hidden in OTHERS}
    rows = ((name, parameters, parameters * 4 / 1e6) for name, parameters in counts.items())  # 4 bytes: float32
    thousands = [parameters / 1000 for parameters in counts.values()]
    return section(
        _("Other networks"),
        _("Nearly all parameters are in the first layer, because it sees every pixel. Each takes four bytes."),
        table(_("How the number grows"), (_("network"), _("parameters"), _("megabytes")), rows, digits=2),
        bars("parameters", _("Parameters in thousands"), counts, thousands, digits=1),
    )
