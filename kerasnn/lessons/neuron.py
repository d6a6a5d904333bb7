"""One unit of a trained network: its inputs, its output, and the images to which it responds most."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from kerasnn.language import N_, _, ngettext
from kerasnn.lecture.activations import ACTIVATIONS
from kerasnn.lessons.context import Context
from kerasnn.lessons.parts import bars, check, grey_images, lines, section, series, signed_images, table
from kerasnn.lessons.trace import LayerTrace, trace
from kerasnn.networks.classifier import Reals, unrolled
from kerasnn.records import Explanation, Grid, Section

STRONGEST: Final = 10

ANSWER: Final = N_(
    "One number: {output:.4f}, the same for all {count} of them, as an axon carries one signal to all its ends. Each "
    "of them multiplies it by a weight of its own, from {low:+.3f} to {high:+.3f}."
)
RESPONSES: Final = N_(
    "For {still:.0%} of the {count:,} test images its output is 0 or nearly 0 (less than 0.01). It responds most to "
    "these images."
)
DEAD: Final = N_("Its output is 0 for all {count:,} test images: it responds to none of them.")
LAST_QUESTION: Final = N_("The unit is in the output layer. What becomes of its output?")
LAST_ANSWER: Final = N_(
    "It is part of the model's answer: the class whose unit has the largest output, {output:.4f} here."
)


@dataclass(frozen=True)
class _Unit:
    """A unit of the first layer, and what it computed for the image. `weighted_sum`: without the bias, in float64."""

    number: int  # counted from 0
    trace: LayerTrace
    weights: Reals  # of shape (inputs,)
    weighted_sum: float
    bias: float
    z: float
    output: float

    @property
    def name(self) -> str:
        return _("unit {number}", number=self.number)

    @property
    def activation(self) -> str:
        return self.trace.layer.activation


def explain(context: Context) -> Explanation:
    """Explain the unit whose output counts most for the model's answer. Source: lecture, "neuron"."""
    (number, less), first = _most_important(context), context.traces[0]
    weights, bias = first.layer.kernel[:, number], first.layer.bias[number]
    total = float((first.inputs[0] * weights).sum(dtype=np.float64))
    z, output = float(first.z[0, number]), float(first.outputs[0, number])
    unit = _Unit(number, first, weights, total, float(bias), z, output)
    if len(context.layers) > 1:
        onward = context.layers[1].kernel[number]
        question = _(
            "The unit passes its output on to every unit of the next layer. Is that one number, or one for each?"
        )
        answer = _(ANSWER, output=output, count=len(onward), low=float(onward.min()), high=float(onward.max()))
    else:
        question, answer = _(LAST_QUESTION), _(LAST_ANSWER, output=output)
    sections = _opened(context, unit, less), _curve(unit), _responses(context, unit)
    return context.explained(*sections, question=question, answer=answer)


def _most_important(context: Context) -> tuple[int, float]:
    """Find the unit of the first layer that raises z of the answer most, and by how much it does.

    Each unit's output in turn is replaced by 0. If none raises it, it is the unit that responds most to any test image,
    by 0; in a network of one layer, the unit of the answer.
    """
    answer = int(context.traces[-1].outputs[0].argmax())
    outputs, rest = context.traces[0].outputs, context.layers[1:]
    if not rest:
        return answer, 0.0
    without = np.full(outputs.shape[1], context.traces[-1].z[0, answer])  # z of the answer without each unit
    for number in np.flatnonzero(outputs[0]).tolist():
        others = outputs.copy()
        others[0, number] = 0
        without[number] = trace(rest, others)[-1].z[0, answer]
    number = int(without.argmin())
    less = float(context.traces[-1].z[0, answer] - without[number])
    return (number, less) if less > 0 else (int(_outputs(context).max(axis=0).argmax()), 0.0)


def _outputs(context: Context) -> Reals:
    """Return the outputs of the first layer for the test images, of shape (images, units)."""
    return trace(context.layers[:1], unrolled(context.test.images))[0].outputs


def _opened(context: Context, unit: _Unit, less: float) -> Section:
    layer = unit.trace.layer
    answer = context.names[int(context.traces[-1].outputs[0].argmax())]
    by_hand = (_("its inputs multiplied by their weights and added up"), unit.weighted_sum + unit.bias)
    weights, hidden = unit.weights.reshape(context.image.shape), len(context.layers) > 1
    return section(
        _("A unit of layer '{layer}'", layer=layer.name),
        _reason(context, less, count=layer.kernel.shape[1], answer=answer),
        _parts(unit, onward=_("{value:.4f} to every unit of the next layer", value=unit.output) if hidden else answer),
        check("z", by_hand, (_("z in the network's forward pass"), unit.z), 1e-4),
        check("output", (f"{unit.activation}(z)", _activated(unit)), (_("its output in the network"), unit.output)),
        grey_images("image", _("Its input: {name}", name=context.names[context.label]), [("", context.image)]),
        signed_images("weights", _("Its weight for each pixel"), [(unit.name, weights)]),
    )


def _reason(context: Context, less: float, *, count: int, answer: str) -> str:
    """Say why this unit was chosen of the `count` in its layer."""
    if len(context.layers) == 1:
        says = N_("Of {count} units this one has the largest output: it is the model's answer, '{answer}'.")
        return _(says, count=count, answer=answer)
    if less > 0:
        return ngettext(
            "The layer's one unit raises the z of the model's answer, '{answer}': with an output of 0 in its place "
            "that z would be {less:.4f} lower.",
            "Of {count} units this one raises the z of the model's answer, '{answer}', most: with an output of 0 in "
            "its place that z would be {less:.4f} lower.",
            count,
            answer=answer,
            less=less,
        )
    return ngettext(
        "For this image the layer's one unit does not raise the z of the model's answer, '{answer}'.",
        "For this image none of the {count} units raises the z of the model's answer, '{answer}'. This one has the "
        "largest output of them all on the test images.",
        count,
        answer=answer,
    )


def _parts(unit: _Unit, onward: str) -> Grid:
    """`onward`: where the unit's output goes."""
    pixels = unit.trace.inputs[0]
    inputs = _("{count} pixels, {lit} of them above 0", count=len(pixels), lit=int((pixels > 0).sum()))
    linear = f"z = {unit.weighted_sum:+.4f} {unit.bias:+.4f} = {unit.weighted_sum + unit.bias:.4f}"
    activation = f"{unit.activation}({unit.z:.4f}) = {unit.output:.4f}"
    return table(
        _("From its inputs to its output: {name}", name=unit.name),
        (_("in the brain"), _("in the network"), _("here")),
        (
            (_("dendrites"), _("inputs, each with a weight"), inputs),
            (_("cell body"), _("linear function"), linear),
            (_("cell body"), _("activation function"), activation),
            (_("axon"), _("output"), onward),
        ),
        note=_("z = all weights times their pixels, plus the bias; units are numbered from 0, as in kerasnn weights"),
    )


def _activated(unit: _Unit) -> float:
    """Apply the activation function to the unit's z, by the slide's own formula where there is one."""
    z = unit.z
    if unit.activation == "softmax":
        powers = np.exp(unit.trace.z[0].astype(np.float64) - z)  # so that no power of a large z overflows
        return float(powers[unit.number] / powers.sum())
    formulas = {"relu": max(0.0, z), "sigmoid": 1 / (1 + np.exp(-z)), "linear": z}
    known = formulas.get(unit.activation)  # worked out again, not by the function that the network uses
    return float(known if known is not None else ACTIVATIONS[unit.activation].function(unit.trace.z[0])[unit.number])


def _curve(unit: _Unit) -> Section:
    title = _("Its activation function")
    if unit.activation == "softmax":
        return section(title, _("softmax looks at the z of all units at once."))
    reach = max(4.0, abs(unit.z) * 1.2)  # so that the marked z is never at the rim
    z = np.linspace(-reach, reach, 81, dtype=np.float32)
    drawn = series(unit.name, z, ACTIVATIONS[unit.activation].function(z))
    caption = _("{activation}; this z is marked", activation=unit.activation)
    return section(title, lines("activation", caption, ("z", _("output")), drawn, marked=unit.z))


def _responses(context: Context, unit: _Unit) -> Section:
    """Show the test images with the largest output of the unit, and its mean output for each class."""
    test, names = context.test, context.names
    outputs = _outputs(context)[:, unit.number]  # shape (images,)
    if not outputs.any():
        return section(_("What it responds to most"), _(DEAD, count=len(outputs)))
    strongest = np.argsort(-outputs, kind="stable")[:STRONGEST]
    tiles = [(f"{names[test.labels[place]]} {outputs[place]:.2f}", test.images[place]) for place in strongest]
    shown = sorted(set(test.labels.tolist()))  # a class may have no image
    means = [float(outputs[test.labels == label].mean()) for label in shown]
    return section(
        _("What it responds to most"),
        _(RESPONSES, count=len(outputs), still=float((np.abs(outputs) < 0.01).mean())),
        grey_images("exciting", _("The {count} test images with the largest output", count=len(tiles)), tiles),
        bars(
            "by-class",
            _("Its mean output for each class"),
            [names[label] for label in shown],
            means,
            int(np.argmax(means)),
        ),
    )
