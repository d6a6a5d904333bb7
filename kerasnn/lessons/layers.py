"""The network as layers: drawn, its connections counted, and some of them cut."""

from dataclasses import replace
from itertools import pairwise, takewhile
from typing import Final

import numpy as np

from kerasnn.language import N_, _, ngettext
from kerasnn.lessons.context import Context
from kerasnn.lessons.parts import check, section, table
from kerasnn.lessons.trace import trace
from kerasnn.networks.classifier import unrolled
from kerasnn.networks.diagram import model_diagram
from kerasnn.records import Check, Explanation, NetworkPicture, Section

SHARES: Final = (0.0, 0.2, 0.5, 0.8, 0.9, 0.95)
LOOPED: Final = 5  # units whose sums are computed connection by connection

QUESTION: Final = N_(
    "How large a share of the {count:,} connections of layer '{name}' can be cut before the accuracy falls by more "
    "than one percentage point?"
)
ANSWER: Final = N_(
    "Of the shares tried here, up to {share:.0%}, if the weights nearest 0 are cut first: accuracy {full:.4f} with all "
    "connections, {rest:.4f} with the rest. A layer need not be fully connected; Dense is the simplest kind, not "
    "the only one. (Convolutions, the next chapter, leave most connections out from the start.)"
)
DRAWN: Final = N_(
    "Drawings often leave out biases and activation functions, and so does the slide's; the network has them all the "
    "same. The middle units of long layers are left out."
)
CUT: Final = N_(
    "A connection with a weight of 0 might as well not exist. Here the connections of the first layer with the weights "
    "nearest 0 are cut, and nothing is trained again."
)


def explain(context: Context) -> Explanation:
    """Explain layers. Source: lecture, "layers"."""
    cuts = [(share, *_cut(context, share)) for share in SHARES]
    full = cuts[0][-1]  # SHARES begin with 0
    most, _left, rest = list(takewhile(lambda cut: cut[-1] >= full - 0.01, cuts))[-1]
    first = context.layers[0]
    return context.explained(
        _drawn(context),
        _counted(context),
        section(
            _("Not fully connected: some connections cut"),
            _(CUT),
            table(
                _("Accuracy on the {count:,} test images", count=len(context.test)),
                (_("cut"), _("connections left"), _("accuracy")),
                ((f"{share:.0%}", left, accuracy) for share, left, accuracy in cuts),
            ),
        ),
        question=_(QUESTION, count=first.kernel.size, name=first.name),
        answer=_(ANSWER, share=most, full=full, rest=rest),
        on_image=False,
    )


def _drawn(context: Context) -> Section:
    diagram = model_diagram(context.classifier, context.found.name, context.names)
    assert diagram is not None  # the context opens only models that can be drawn
    diagram = replace(diagram, weights=())  # the slide draws all lines alike
    return section(
        _("The network drawn, twice"),
        _(DRAWN),
        NetworkPicture("plain", _("As slides draw it"), diagram, details=False),
        NetworkPicture("complete", _("With its biases, as (1), and activation functions"), diagram, details=True),
    )


def _counted(context: Context) -> Section:
    names = [_("hidden layer")] * (len(context.layers) - 1) + [_("output layer")]
    sizes = pairwise([context.classifier.input_size, *(layer.kernel.shape[1] for layer in context.layers)])
    rows = [
        (name, before, units, before * units, units if layer.use_bias else 0, layer.activation)
        for name, (before, units), layer in zip(names, sizes, context.layers, strict=True)
    ]
    columns = (_("layer"), _("values in"), _("units"), _("connections"), _("biases"), _("activation"))
    counted = (_("values in x units, all layers"), sum(row[3] for row in rows))
    stored = (_("weights stored in the model"), sum(layer.kernel.size for layer in context.layers))
    return section(
        _("Fully connected: counted"),
        table(_("Each layer's connections"), columns, rows),
        check("connections", counted, stored),
        _by_connection(context),
    )


def _by_connection(context: Context) -> Check:
    """Add up a few units of the first layer connection by connection, without a matrix product."""
    layer = context.layers[0]
    sums = [  # in Python's float64
        sum(float(pixel) * float(weight) for pixel, weight in zip(context.values[0], weights, strict=True))
        + float(bias)
        for weights, bias in zip(layer.kernel.T[:LOOPED], layer.bias, strict=False)
    ]
    return check(
        "connection-by-connection",
        (
            ngettext(
                "z of {count} unit, connection by connection", "z of {count} units, connection by connection", len(sums)
            ),
            sums,
        ),
        (_("z by the matrix product"), context.traces[0].z[0, : len(sums)]),
        1e-4,
    )


def _cut(context: Context, share: float) -> tuple[int, float]:
    """Set the weights nearest 0 of the first layer, `share` of them all, to 0.

    Return how many are left, and the accuracy on the test images.
    """
    first, *rest = context.layers
    ranked = np.sort(np.abs(first.kernel), axis=None)
    kernel = np.where(np.abs(first.kernel) >= ranked[int(share * len(ranked))], first.kernel, np.float32(0))
    layers = (replace(first, kernel=kernel), *rest)
    answers = trace(layers, unrolled(context.test.images))[-1].outputs.argmax(axis=1)
    return int(np.count_nonzero(kernel)), float((answers == context.test.labels).mean())
