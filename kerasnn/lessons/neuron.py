"""One hidden unit of a trained network: what comes in, what it makes of it, what excites it most."""

import numpy as np

from kerasnn.language import _
from kerasnn.lecture.activations import ACTIVATIONS
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context, Step, trace
from kerasnn.lessons.drawing import grey_images, lines, series, signed_images
from kerasnn.networks.classifier import Reals, unrolled
from kerasnn.records import BarsPicture, Explanation, Grid, Section

EXCITING = 10
TERMS = 5


def explain(context: Context) -> Explanation:
    """Source: lecture, "neuron". The unit: the one whose output weighs most for the model's answer."""
    unit = _busiest(context)
    step = context.steps[0]
    output = float(step.outputs[0, unit])
    onward = context.layers[1].kernel[unit] if len(context.layers) > 1 else np.ones(1, np.float32)
    name = _("unit {number}", number=unit + 1)
    return context.explained(
        _opened(context, step, unit, name),
        _curve(step, unit, name),
        _excited(context, unit, name),
        question=_(
            "The unit passes its output on to every unit of the next layer. Is that one number, or one for each?"
        ),
        answer=_(
            "One number: {output:.4f}, the same for all {count} of them, as an axon carries one signal to all its "
            "ends. Each of them weighs it with a weight of its own, from {low:+.3f} to {high:+.3f}.",
            output=output,
            count=len(onward),
            low=float(onward.min()),
            high=float(onward.max()),
        ),
    )


def _busiest(context: Context) -> int:
    """The unit of the first layer with the largest output times its weight for the answer; of one layer, the answer."""
    answer = int(context.steps[-1].outputs[0].argmax())
    if len(context.layers) < 2:
        return answer
    outputs = context.steps[0].outputs[0]
    onward = context.layers[1].kernel
    worth = outputs * (onward[:, answer] if onward.shape[1] > answer else onward.max(axis=1))
    return int(worth.argmax())


def _opened(context: Context, step: Step, unit: int, name: str) -> Section:
    pixels, weights = context.values[0], step.layer.kernel[:, unit]
    terms = pixels * weights
    z = float(terms.sum(dtype=np.float64) + step.layer.bias[unit])
    activation = step.layer.activation
    grid = Grid(
        _("From its inputs to its output: {name}", name=name),
        (_("in the brain"), _("in the network"), _("here")),
        (
            (
                _("dendrites"),
                _("inputs, each with a weight"),
                _("{count} pixels, {lit} of them above 0", count=len(pixels), lit=int((pixels > 0).sum())),
            ),
            (
                _("cell body"),
                _("linear function"),
                f"z = {float(terms.sum()):+.4f} {float(step.layer.bias[unit]):+.4f} = {z:.4f}",
            ),
            (_("cell body"), _("activation function"), f"{activation}({z:.4f}) = {float(step.outputs[0, unit]):.4f}"),
            (
                _("axon"),
                _("output"),
                _("{value:.4f} to every unit of the next layer", value=float(step.outputs[0, unit])),
            ),
        ),
        note=_("z = all weights times their pixels, plus the bias"),
    )
    others = np.delete(np.arange(step.layer.kernel.shape[1]), unit)
    return Section(
        _("A unit of layer '{layer}'", layer=step.layer.name),
        sentences=(
            _(
                "Of {count} units this one's output speaks loudest for the model's answer, '{answer}'.",
                count=len(others) + 1,
                answer=context.names[int(context.steps[-1].outputs[0].argmax())],
            ),
        ),
        grids=(grid,),
        checks=(
            check(
                "z",
                (_("its inputs weighed and added up"), z),
                (_("z in the network's forward pass"), float(step.z[0, unit])),
                1e-4,
            ),
            check(
                "output",
                (f"{activation}(z)", _activated(step, unit)),
                (_("its output in the network"), float(step.outputs[0, unit])),
            ),
        ),
        pictures=(
            grey_images("image", _("What comes in: {name}", name=context.names[context.label]), [("", context.image)]),
            signed_images("weights", _("How it weighs each pixel"), [(name, weights.reshape(context.image.shape))]),
        ),
    )


def _activated(step: Step, unit: int) -> float:
    """The activation function of this unit's z, by the slide's own formula where there is one."""
    z = float(step.z[0, unit])
    formulas = {"relu": max(0.0, z), "sigmoid": 1 / (1 + np.exp(-z)), "linear": z}
    if step.layer.activation == "softmax":
        powers = np.exp(step.z[0].astype(np.float64))
        return float(powers[unit] / powers.sum())
    known = formulas.get(step.layer.activation)
    return float(known if known is not None else ACTIVATIONS[step.layer.activation].function(step.z[0])[unit])


def _curve(step: Step, unit: int, name: str) -> Section:
    if step.layer.activation == "softmax":
        return Section(_("Its activation function"), sentences=(_("softmax looks at the z of all units at once."),))
    reach = max(4.0, abs(float(step.z[0, unit])) * 1.2)
    z = np.linspace(-reach, reach, 81, dtype=np.float32)
    curve: Reals = ACTIVATIONS[step.layer.activation].function(z)
    title = _("{activation}; this z is marked", activation=step.layer.activation)
    picture = lines("activation", title, ("z", _("output")), series(name, z, curve), marked=float(step.z[0, unit]))
    return Section(_("Its activation function"), pictures=(picture,))


def _excited(context: Context, unit: int, name: str) -> Section:
    outputs = trace(context.layers[:1], unrolled(context.test.images))[0].outputs[:, unit]
    strongest = np.argsort(-outputs, kind="stable")[:EXCITING]
    tiles = [
        (f"{context.names[context.test.labels[place]]} {outputs[place]:.2f}", context.test.images[place])
        for place in map(int, strongest)
    ]
    means = tuple(float(outputs[context.test.labels == label].mean()) for label in range(len(context.names)))
    return Section(
        _("What excites it most"),
        sentences=(
            _(
                "Over all {count:,} test images its output is 0 or next to it for {still:.0%} of them; these drive "
                "it highest.",
                count=len(outputs),
                still=float((outputs < 0.01).mean()),
            ),
        ),
        pictures=(
            grey_images("exciting", _("The {count} test images with the largest output", count=len(tiles)), tiles),
            BarsPicture(
                "by-class", _("Its mean output for each class"), context.names, means, (int(np.argmax(means)),)
            ),
        ),
    )
