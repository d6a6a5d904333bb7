"""ReLU beside sigmoid: the curves, the slopes on which learning depends, and trained networks."""

from typing import Final

import numpy as np

from kerasnn.language import N_, _
from kerasnn.lecture.optimizers import RMSprop
from kerasnn.lessons.context import Context
from kerasnn.lessons.learning import (
    BATCH,
    Examples,
    evaluate,
    fit,
    hold_out,
    initial_weights,
    loss_and_gradients,
    slope,
)
from kerasnn.lessons.parts import check, curve, lines, section, series, table
from kerasnn.lessons.trace import history_of, layers_of, trace
from kerasnn.networks.classifier import Reals, unrolled
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.forward import Network
from kerasnn.records import Cell, Explanation, Section
from kerasnn.runs.find_model import FoundModel, find_model

REACH: Final = 5
TEST_IMAGES: Final = 1000
SEEDS: Final = (1, 2, 3)
IMAGES: Final = 1500
UNITS: Final = 50
DEPTH: Final = 5

QUESTION: Final = N_(
    "The slope of sigmoid is nowhere above 0.25. What becomes of a gradient on its way back through {depth} layers of "
    "sigmoid, and through {depth} of ReLU whose units are on?"
)
ANSWER: Final = N_(
    "Each sigmoid multiplies the gradient by at most 0.25: 0.25^{depth} = {left:.5f}. Each ReLU that is on multiplies "
    "it by 1, "
    "and one that is off by 0. Besides, every layer multiplies it by its weights, whatever its activation. So next to "
    "nothing may be left of it after many layers of sigmoid; that is one reason why deep networks use ReLU. With one "
    "hidden layer either will do."
)
SLOPES: Final = N_(
    "The slope of ReLU is 1 where z is above 0, and 0 where it is below. At 0 it has none, because the curve has a "
    "corner there; Keras takes 0. The slope of sigmoid is largest at z = 0, and near 0 where z is far from 0."
)
DEAD: Final = N_(
    "A unit that is off, with z below 0, passes no gradient to its weights: it learns nothing from that image. A unit "
    "that is off for every image learns nothing at all and is called dead. Of {count} hidden units {off} are off for "
    "this image, and {dead} for all {images:,} test images."
)
TWO_NETWORKS: Final = N_(
    "The reference models of 'hidden' and 'relu': 784-100-10, RMSprop, 5 epochs, seed 42, trained on the real "
    "Fashion-MNIST."
)
SEVERAL_SEEDS: Final = N_(
    "{units} hidden units, {count:,} images, 2 epochs of RMSprop, from {seeds} starts: with so little training ReLU "
    "had the lower loss in {wins} of {seeds} runs."
)
USUAL: Final = N_(
    "The slides say that hidden layers usually use sigmoid. That was so until about 2010; since then ReLU and its "
    "relatives have been usual. After 5 full epochs with one hidden layer the two are close, as the table of the two "
    "reference models shows: the results of one seed do not say which is better ('kerasnn train hidden --seed "
    "7')."
)


def explain(context: Context) -> Explanation:
    """Explain ReLU. Source: lecture, "ReLU"; and "why an activation function", which calls sigmoid usual."""
    return context.explained(
        _curves(),
        _on_the_image(context),
        *([_dead(context)] if context.hidden.activation == "relu" else []),
        _two_networks(context),
        _several_seeds(context),
        question=_(QUESTION, depth=DEPTH),
        answer=_(ANSWER, depth=DEPTH, left=0.25**DEPTH),
    )


def _curves() -> Section:
    z = np.linspace(-REACH, REACH, 101, dtype=np.float32)
    values = {"sigmoid": np.float32(1) / (np.float32(1) + np.exp(-z)), "ReLU": np.maximum(z, np.float32(0))}
    slopes = {name: slope(name.lower(), outputs) for name, outputs in values.items()}
    drawn, drawn_slopes = ([series(name, z, y) for name, y in kind.items()] for kind in (values, slopes))
    slopes_title = _("Their slopes: what they multiply a gradient by on the way back")
    at_zero = (_("slope of ReLU at 0, as Keras takes it"), slope("relu", np.zeros(1, np.float32))[0])
    return section(
        _("The two curves and their slopes"),
        _(SLOPES),
        check("relu", ("max(0, z)", values["ReLU"]), ("(z + |z|) / 2", (z + np.abs(z)) / 2), 1e-6),
        check("steepest-sigmoid", (_("steepest slope of sigmoid"), slopes["sigmoid"].max()), ("0.25", 0.25)),
        check("slope-at-0", at_zero, ("0", 0.0), 0.0),
        lines("curves", _("Activation functions"), ("z", _("output")), *drawn),
        lines("slopes", slopes_title, ("z", _("slope")), *drawn_slopes),
    )


def _on_the_image(context: Context) -> Section:
    """Apply the slide's rule to what the hidden layer of this model computed for the image."""
    hidden = context.hidden
    z, outputs = context.traces[-2].z[0], context.traces[-2].outputs[0]  # of shape (units,)
    title, above = _("On this image"), int((z > 0).sum())
    sentence = _("Hidden units with a z above 0 for this image: {above} of {count}.", count=len(z), above=above)
    if hidden.activation != "relu":
        activation = _("This model's hidden units are {activation}.", activation=hidden.activation)
        return section(title, sentence, activation)
    shown = [int(place) for place in np.linspace(0, len(z) - 1, min(8, len(z))).round()]
    rows = ((place, z[place], outputs[place]) for place in shown)
    by_rule = (_("z where it is above 0, else 0"), np.where(z > 0, z, 0))
    return section(
        title,
        sentence,
        table(_("Some of them"), (_("unit"), "z", "ReLU(z)"), rows),
        check("on-the-image", by_rule, (_("outputs of the hidden layer"), outputs)),
    )


def _dead(context: Context) -> Section:
    """Count the units that are off, and show that such a unit gets no gradient."""
    outputs = trace(context.layers[:-1], unrolled(context.test.images))[-1].outputs  # shape (n, units)
    off, dead = int((context.traces[-2].z[0] <= 0).sum()), int((outputs == 0).all(axis=0).sum())
    batch = Examples.of(context.images.learning(BATCH))
    kernel, bias, *rest = initial_weights((batch.inputs.shape[1], UNITS, len(context.names)), seed=42)
    bias[0] = -1000  # below any sum of pixels times such small weights
    _loss, gradients = loss_and_gradients([kernel, bias, *rest], batch, "relu")
    gradient = (
        _("gradient of a unit with a bias of -1000, for {count} images", count=len(batch.labels)),
        gradients[0][:, 0],
    )
    return section(
        _("Off for an image, or dead"),
        _(DEAD, count=outputs.shape[1], off=off, dead=dead, images=len(outputs)),
        check("dead", gradient, ("0", np.zeros(len(kernel))), 0.0),
    )


def _two_networks(context: Context) -> Section:
    """Compare the reference models of `hidden` and `relu`, which differ only in the activation."""
    values = unrolled(context.test.images[:TEST_IMAGES])
    rows, curves = [], []
    for name, stage in (("sigmoid", "hidden"), ("ReLU", "relu")):
        found = find_model(stage)
        validation, training = found.card["validation"], found.card["training"]
        metrics = (float(validation["loss"]), float(validation["accuracy"]), float(training["loss"]))
        rows.append((name, *metrics, *_activity(found, values)))
        curves.append(curve(name, history_of(found), "val_loss"))
    losses = _("hidden"), _("validation\nloss"), _("validation\naccuracy"), _("training\nloss")
    return section(
        _("Two networks that differ only in this"),
        _(TWO_NETWORKS),
        table(
            _("Their results, and how their hidden units respond to test images"),
            (*losses, _("units\nat 0"), _("mean\nslope")),
            rows,
            note=_(
                "of {count:,} test images; at 0: less than 0.001; mean slope: what the activation multiplies a "
                "gradient by, on the way back",
                count=len(values),
            ),
        ),
        lines("losses", _("Validation loss by epoch"), (_("epoch"), _("loss")), *curves),
    )


def _activity(found: FoundModel, values: Reals) -> tuple[Cell, Cell]:
    """Return the share of hidden outputs that are 0, and the mean slope there; None for images of another size.

    `values`: float32 of shape (n, pixels).
    """
    network = open_classifier(found.path)
    assert isinstance(network, Network)  # a file of this package
    if values.shape[1] != network.input_size:
        return None, None
    hidden = layers_of(network)[0]
    outputs = trace((hidden,), values)[0].outputs
    return float((outputs < 1e-3).mean()), float(slope(hidden.activation, outputs).mean())


def _several_seeds(context: Context) -> Section:
    train, test = hold_out(context.images.learning(IMAGES))
    rows = []
    for seed in SEEDS:
        start = initial_weights((train.inputs.shape[1], UNITS, len(context.names)), seed)  # the same for both
        sigmoid, relu = (
            evaluate(fit(start, train, RMSprop, activation=name, epochs=2, seed=seed).weights, test, name)
            for name in ("sigmoid", "relu")
        )
        rows.append((seed, sigmoid[0], relu[0], sigmoid[1], relu[1]))
    wins = sum(relu < sigmoid for _seed, sigmoid, relu, *_accuracies in rows)
    columns = (_("seed"), _("sigmoid\nloss"), _("ReLU\nloss"), _("sigmoid\naccuracy"), _("ReLU\naccuracy"))
    return section(
        _("Several seeds, trained just now"),
        _(SEVERAL_SEEDS, units=UNITS, count=len(train.labels), seeds=len(SEEDS), wins=wins),
        table(_("Loss and accuracy on {count} other images", count=len(test.labels)), columns, rows),
        _(USUAL),
    )
