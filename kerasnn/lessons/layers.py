"""The network as layers: drawn, its connections counted, and cut."""

from dataclasses import replace

import numpy as np

from kerasnn.language import _
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context, Layer, trace
from kerasnn.networks.classifier import Reals, unrolled
from kerasnn.networks.diagram import model_diagram
from kerasnn.records import Cell, Check, Explanation, Grid, NetworkPicture, Section

SHARES = (0.0, 0.2, 0.5, 0.8, 0.9, 0.95)
LOOPED = 5  # units whose sums are worked out connection by connection


def explain(context: Context) -> Explanation:
    """Source: lecture, "layers"."""
    cut_section, accuracies = _cut(context)
    kept = [share for share, accuracy in zip(SHARES, accuracies, strict=True) if accuracy >= accuracies[0] - 0.01]
    first = context.layers[0]
    return context.explained(
        _drawn(context),
        _counted(context),
        cut_section,
        question=_(
            "How large a share of the {count:,} connections of layer '{name}' can be cut before the accuracy falls by "
            "more than one point in a hundred?",
            count=first.kernel.size,
            name=first.name,
        ),
        answer=_(
            "Of the shares tried here, up to {share:.0%}, when those with the weights nearest 0 go first: accuracy "
            "{full:.4f} with all, {rest:.4f} with the rest. So a layer need not be fully connected; Dense is the "
            "simplest, not the only one. (Convolutions, the next chapter, leave most connections out from the "
            "start.)",
            share=max(kept),
            full=accuracies[0],
            rest=accuracies[SHARES.index(max(kept))],
        ),
        on_image=False,
    )


def _sizes(context: Context) -> list[tuple[str, int, str | None]]:
    last = len(context.layers) - 1
    names = [_("output layer") if place == last else _("hidden layer") for place in range(len(context.layers))]
    inputs: list[tuple[str, int, str | None]] = [(_("input layer"), context.classifier.input_size, None)]
    return inputs + [
        (name, layer.kernel.shape[1], layer.activation) for name, layer in zip(names, context.layers, strict=True)
    ]


def _drawn(context: Context) -> Section:
    diagram = model_diagram(context.classifier, context.found.name, context.names)
    assert diagram is not None  # the context opens nothing else
    diagram = replace(diagram, weights=())
    return Section(
        _("The network drawn, twice"),
        sentences=(
            _(
                "Drawings often leave out biases and activation functions, and so does the slide's; every hidden layer "
                "and the output layer has both all the same. Of long layers the middle units are left out."
            ),
        ),
        pictures=(
            NetworkPicture("plain", _("As slides draw it"), diagram, details=False),
            NetworkPicture("complete", _("With its biases, as (1), and activation functions"), diagram, details=True),
        ),
    )


def _counted(context: Context) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for (_name, before, _activation), (name, units, activation) in zip(
        _sizes(context), _sizes(context)[1:], strict=False
    ):
        rows.append((name, before, units, before * units, units, activation or ""))
    connections = sum(layer.kernel.size for layer in context.layers)
    return Section(
        _("Fully connected: counted"),
        grids=(
            Grid(
                _("Each layer's connections"),
                (_("layer"), _("values in"), _("units"), _("connections"), _("biases"), _("activation")),
                tuple(rows),
            ),
        ),
        checks=(
            check(
                "connections",
                (_("values in x units, all layers"), float(sum(int(str(row[3])) for row in rows))),
                (_("weights stored in the model"), float(connections)),
            ),
            _by_connection(context),
        ),
    )


def _by_connection(context: Context) -> Check:
    """A few units of the first layer, each the sum over its connections one by one, without a matrix product."""
    layer = context.layers[0]
    pixels = context.values[0]
    sums = [
        sum(float(pixel) * float(weight) for pixel, weight in zip(pixels, layer.kernel[:, unit], strict=True))
        + float(layer.bias[unit])
        for unit in range(min(LOOPED, layer.kernel.shape[1]))
    ]
    return check(
        "connection-by-connection",
        (_("z of {count} units, connection by connection", count=len(sums)), sums),
        (_("z by the matrix product"), context.steps[0].z[0, : len(sums)]),
        1e-4,
    )


def _cut(context: Context) -> tuple[Section, list[float]]:
    """The weights nearest 0 of the first layer set to 0: a layer some of whose connections are cut."""
    first, *rest = context.layers
    values = unrolled(context.test.images)
    ranked = np.sort(np.abs(first.kernel), axis=None)
    rows: list[tuple[Cell, ...]] = []
    accuracies = []
    for share in SHARES:
        limit = ranked[int(share * len(ranked))]
        kernel = np.where(np.abs(first.kernel) >= limit, first.kernel, np.float32(0))
        layers = (Layer(first.name, kernel, first.bias, first.activation), *rest)
        accuracy = _accuracy(layers, values, context)
        accuracies.append(accuracy)
        rows.append((f"{share:.0%}", int(np.count_nonzero(kernel)), accuracy))
    section = Section(
        _("Not fully connected: some connections cut"),
        sentences=(
            _(
                "A connection of weight 0 might as well not be there. Here those of the first layer with the smallest "
                "weights are cut, and nothing is trained again."
            ),
        ),
        grids=(
            Grid(
                _("Accuracy on the {count:,} test images", count=len(values)),
                (_("cut"), _("connections left"), _("accuracy")),
                tuple(rows),
            ),
        ),
    )
    return section, accuracies


def _accuracy(layers: tuple[Layer, ...], values: Reals, context: Context) -> float:
    answers = trace(layers, values)[-1].outputs.argmax(axis=1)
    return float((answers == context.test.labels).mean())
