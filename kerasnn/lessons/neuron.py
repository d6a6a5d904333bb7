"""One unit of a trained network: its inputs, its output, and the images to which it responds most."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from kerasnn.language import N_, _
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
CHOSEN: Final = N_("Of {count} units this one's output counts most for the model's answer, '{answer}'.")
RESPONSES: Final = N_(
    "For {still:.0%} of the {count:,} test images its output is 0 or nearly 0; to these images it responds most."
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
        return _("unit {number}", number=self.number + 1)

    @property
    def activation(self) -> str:
        return self.trace.layer.activation


def explain(context: Context) -> Explanation:
    """Explain the unit whose output counts most for the model's answer. Source: lecture, "neuron"."""
    number, first = _most_important(context), context.traces[0]
    weights, bias = first.layer.kernel[:, number], first.layer.bias[number]
    total = float((first.inputs[0] * weights).sum(dtype=np.float64))
    z, output = float(first.z[0, number]), float(first.outputs[0, number])
    unit = _Unit(number, first, weights, total, float(bias), z, output)
    onward = context.layers[1].kernel[number] if len(context.layers) > 1 else np.ones(1, np.float32)
    return context.explained(
        _opened(context, unit),
        _curve(unit),
        _responses(context, unit),
        question=_(
            "The unit passes its output on to every unit of the next layer. Is that one number, or one for each?"
        ),
        answer=_(ANSWER, output=output, count=len(onward), low=float(onward.min()), high=float(onward.max())),
    )


def _most_important(context: Context) -> int:
    """Find the unit of the first layer with the largest product of its output and its weight for the answer.

    In a network of one layer that is the unit of the answer.
    """
    answer = int(context.traces[-1].outputs[0].argmax())
    if len(context.layers) < 2:
        return answer
    onward = context.layers[1].kernel
    # with more than one hidden layer the next layer has no unit of the answer: its strongest weight stands in
    worth = context.traces[0].outputs[0] * (onward[:, answer] if onward.shape[1] > answer else onward.max(axis=1))
    return int(worth.argmax())


def _opened(context: Context, unit: _Unit) -> Section:
    layer = unit.trace.layer
    answer = context.names[int(context.traces[-1].outputs[0].argmax())]
    by_hand = (_("its inputs multiplied by their weights and added up"), unit.weighted_sum + unit.bias)
    weights = unit.weights.reshape(context.image.shape)
    return section(
        _("A unit of layer '{layer}'", layer=layer.name),
        _(CHOSEN, count=layer.kernel.shape[1], answer=answer),
        _parts(unit),
        check("z", by_hand, (_("z in the network's forward pass"), unit.z), 1e-4),
        check("output", (f"{unit.activation}(z)", _activated(unit)), (_("its output in the network"), unit.output)),
        grey_images("image", _("Its input: {name}", name=context.names[context.label]), [("", context.image)]),
        signed_images("weights", _("Its weight for each pixel"), [(unit.name, weights)]),
    )


def _parts(unit: _Unit) -> Grid:
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
            (_("axon"), _("output"), _("{value:.4f} to every unit of the next layer", value=unit.output)),
        ),
        note=_("z = all weights times their pixels, plus the bias"),
    )


def _activated(unit: _Unit) -> float:
    """Apply the activation function to the unit's z, by the slide's own formula where there is one."""
    z = unit.z
    if unit.activation == "softmax":
        powers = np.exp(unit.trace.z[0].astype(np.float64))
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
    outputs = trace(context.layers[:1], unrolled(test.images))[0].outputs[:, unit.number]  # shape (images,)
    strongest = np.argsort(-outputs, kind="stable")[:STRONGEST]
    tiles = [(f"{names[test.labels[place]]} {outputs[place]:.2f}", test.images[place]) for place in strongest]
    means = [outputs[test.labels == label].mean() for label in range(len(names))]
    return section(
        _("What it responds to most"),
        _(RESPONSES, count=len(outputs), still=float((outputs < 0.01).mean())),
        grey_images("exciting", _("The {count} test images with the largest output", count=len(tiles)), tiles),
        bars("by-class", _("Its mean output for each class"), names, means, int(np.argmax(means))),
    )
