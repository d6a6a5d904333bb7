"""Parameters counted by hand, by the formula, and in the model itself."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from kerasnn.language import N_, _
from kerasnn.lecture.layer import formula_in_language
from kerasnn.lessons.context import Context
from kerasnn.lessons.parts import bars, check, section, table
from kerasnn.lessons.trace import stored_arrays
from kerasnn.records import Explanation, Section

ASKED: Final = (200, 50)
OTHERS: Final = ((), (10,), (50,), (100,), (300,), (300, 100), (1000,))

COUNTED: Final = N_(
    "Every unit has a weight for each of its inputs, and one bias unless the layer has use_bias=False. Its inputs are "
    "the outputs of the layer before; Flatten and Dropout learn nothing and count 0."
)
FIRST_LAYER: Final = N_(
    "The first layer sees every pixel, so it has {least:.0%} or more of the parameters in each of these. A parameter "
    "takes four bytes."
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
    """Count by the formula, and in the arrays of the model's file."""
    model = context.classifier
    summary, arrays = model.summary(context.found.name), stored_arrays(model)
    rows, stored = [], 0
    for layer, own in zip(summary.layers, arrays, strict=True):
        if not own:
            continue
        numbers = sum(array.size for array in own)  # counted in the arrays, not computed from their shapes
        rows.append(
            (
                layer.name,
                formula_in_language(layer.formula),
                layer.parameters,
                " ".join(str(array.shape) for array in own),
                numbers,
            )
        )
        stored += numbers
    counted = (_("by the formula, all layers"), sum(layer.parameters for layer in summary.layers))
    return section(
        _("Formula and model"),
        _(COUNTED),
        table(
            _("By the formula, and in the file"),
            (_("layer"), _("formula"), _("parameters"), _("arrays in the file"), _("numbers in them")),
            rows,
        ),
        check("formula", counted, (_("numbers stored in the model's file"), stored)),
    )


def _others(inputs: int, classes: int) -> Section:
    sizes = {_name(inputs, hidden, classes): (hidden, count(inputs, hidden, classes)) for hidden in OTHERS}
    shares = [count(inputs, (), (*hidden, classes)[0]) / parameters for hidden, parameters in sizes.values()]
    rows = (  # 4 bytes: float32
        (name, parameters, f"{share:.0%}", parameters * 4 / 1e6)
        for (name, (_hidden, parameters)), share in zip(sizes.items(), shares, strict=True)
    )
    thousands = [parameters / 1000 for _hidden, parameters in sizes.values()]
    columns = (_("network"), _("parameters"), _("in the\nfirst layer"), _("megabytes"))
    return section(
        _("Other networks"),
        _(FIRST_LAYER, least=min(shares)),
        table(_("How the number grows"), columns, rows, digits=2),
        bars("parameters", _("Parameters in thousands"), sizes, thousands, digits=1),
    )
