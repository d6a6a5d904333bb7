"""ReLU beside sigmoid: the curves, the slopes that learning goes by, and two trained networks."""

import numpy as np

from kerasnn.language import _
from kerasnn.lecture.optimizers import RMSprop
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context, Layer, layers_of, trace
from kerasnn.lessons.drawing import lines, series
from kerasnn.lessons.history import curve, history_of
from kerasnn.lessons.learning import fresh_weights, judged, learn, parted, slope
from kerasnn.networks.classifier import Reals, unrolled
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.forward import Network
from kerasnn.records import Cell, Explanation, Grid, Section
from kerasnn.runs.find_model import find_model

REACH = 5
LOOKED_AT = 1000
SEEDS = (1, 2, 3)
IMAGES = 1500
UNITS = 50
DEPTH = 5


def explain(context: Context) -> Explanation:
    """Source: lecture, "ReLU"; and "why an activation function", which says that sigmoid is usual."""
    return context.explained(
        _curves(),
        _on_the_image(context),
        _two_networks(context),
        _seeds(context),
        question=_(
            "The slope of sigmoid is nowhere above 0.25. What becomes of a gradient on its way back through {depth} "
            "layers of sigmoid, and through {depth} of ReLU whose units are on?",
            depth=DEPTH,
        ),
        answer=_(
            "Through sigmoid it is multiplied by 0.25 at the most each time: 0.25^{depth} = {left:.5f}, next to "
            "nothing reaches the first layer. Through ReLU by 1 each time: all of it. That is why deep networks use "
            "ReLU, where one hidden layer, as here, can do with either.",
            depth=DEPTH,
            left=0.25**DEPTH,
        ),
    )


def _curves() -> Section:
    z = np.linspace(-REACH, REACH, 101, dtype=np.float32)
    sigmoid: Reals = np.float32(1) / (np.float32(1) + np.exp(-z))
    relu: Reals = np.maximum(z, np.float32(0))
    return Section(
        _("The two curves and their slopes"),
        checks=(
            check("relu", ("max(0, z)", relu), ("(z + |z|) / 2", (z + np.abs(z)) / 2), 1e-6),
            check(
                "steepest-sigmoid",
                (_("steepest slope of sigmoid"), float((sigmoid * (1 - sigmoid)).max())),
                ("0.25", 0.25),
            ),
        ),
        pictures=(
            lines(
                "curves",
                _("Activation functions"),
                ("z", _("output")),
                series("sigmoid", z, sigmoid),
                series("ReLU", z, relu),
            ),
            lines(
                "slopes",
                _("Their slopes: what of a gradient passes on the way back"),
                ("z", _("slope")),
                series("sigmoid", z, slope("sigmoid", sigmoid)),
                series("ReLU", z, slope("relu", relu)),
            ),
        ),
    )


def _on_the_image(context: Context) -> Section:
    """What the hidden layer of this model did with this image, by the slide's rule."""
    hidden = context.hidden
    step = next(step for step in context.steps if step.layer is hidden)
    z, outputs = step.z[0], step.outputs[0]
    above = int((z > 0).sum())
    sentence = _("Of {count} hidden units {above} have a z above 0 for this image.", count=len(z), above=above)
    if hidden.activation != "relu":
        return Section(
            _("On this image"),
            sentences=(sentence, _("This model's hidden units are {activation}.", activation=hidden.activation)),
        )
    shown = [int(place) for place in np.linspace(0, len(z) - 1, min(8, len(z))).round()]
    return Section(
        _("On this image"),
        sentences=(sentence,),
        grids=(
            Grid(
                _("Some of them"),
                (_("unit"), "z", "ReLU(z)"),
                tuple((place + 1, float(z[place]), float(outputs[place])) for place in shown),
            ),
        ),
        checks=(
            check(
                "on-the-image",
                (_("z where it is above 0, else 0"), np.where(z > 0, z, 0)),
                (_("outputs of the hidden layer"), outputs),
            ),
        ),
    )


def _two_networks(context: Context) -> Section:
    """The reference models of `hidden` and `relu`, which differ in nothing else."""
    rows: list[tuple[Cell, ...]] = []
    values = unrolled(context.test.images[:LOOKED_AT])
    curves = []
    for stage, name in (("hidden", "sigmoid"), ("relu", "ReLU")):
        found = find_model(stage)
        card = found.card
        still, mean = _how_awake(stage, values) if values.shape[1] == 784 else (None, None)
        rows.append(
            (
                name,
                float(card["validation"]["loss"]),
                float(card["validation"]["accuracy"]),
                float(card["training"]["loss"]),
                still,
                mean,
            )
        )
        curves.append(curve(name, history_of(found), "val_loss"))
    return Section(
        _("Two networks that differ in this alone"),
        sentences=(
            _(
                "The reference models of 'hidden' and 'relu': 784-100-10, RMSprop, 5 epochs, seed 42, trained on "
                "the real Fashion-MNIST."
            ),
        ),
        grids=(
            Grid(
                _("How they came out, and how their hidden units answer test images"),
                (
                    _("hidden"),
                    _("validation\nloss"),
                    _("validation\naccuracy"),
                    _("training\nloss"),
                    _("units\nat 0"),
                    _("mean\nslope"),
                ),
                tuple(rows),
                note=_("mean slope: what of a gradient the hidden layer lets through on the way back"),
            ),
        ),
        pictures=(lines("losses", _("Validation loss by epoch"), (_("epoch"), _("loss")), *curves),),
    )


def _how_awake(stage: str, values: Reals) -> tuple[float, float]:
    """The share of hidden outputs that are 0, and the mean slope there."""
    network = open_classifier(find_model(stage).path)
    assert isinstance(network, Network)
    hidden: Layer = layers_of(network)[0]
    outputs = trace((hidden,), values)[0].outputs
    return float((outputs < 1e-3).mean()), float(slope(hidden.activation, outputs).mean())


def _seeds(context: Context) -> Section:
    lesson, judge = parted(context.images.learning(IMAGES))
    rows: list[tuple[Cell, ...]] = []
    wins = 0
    for seed in SEEDS:
        start = fresh_weights((lesson.inputs.shape[1], UNITS, len(context.names)), seed)
        pair = [
            judged(learn(start, lesson, RMSprop, activation=name, epochs=2, seed=seed).weights, judge, name)
            for name in ("sigmoid", "relu")
        ]
        wins += pair[1][0] < pair[0][0]
        rows.append((seed, pair[0][0], pair[1][0], pair[0][1], pair[1][1]))
    return Section(
        _("Several seeds, trained just now"),
        sentences=(
            _(
                "{units} hidden units, {count:,} images, 2 epochs of RMSprop, from {seeds} starts: with so little "
                "training ReLU had the lower loss {wins} of {seeds} times.",
                units=UNITS,
                count=len(lesson.labels),
                seeds=len(SEEDS),
                wins=wins,
            ),
        ),
        grids=(
            Grid(
                _("Loss and accuracy on {count} other images", count=len(judge.labels)),
                (_("seed"), _("sigmoid\nloss"), _("ReLU\nloss"), _("sigmoid\naccuracy"), _("ReLU\naccuracy")),
                tuple(rows),
            ),
        ),
        remarks=(
            _(
                "The slides say that hidden layers usually use sigmoid. That was so until about 2010; since then "
                "ReLU and its kin are usual. After 5 full epochs with one hidden layer the two are close, as the "
                "table further up shows: one seed's figures do not say which is better ('kerasnn train --stage "
                "hidden --seed 7')."
            ),
        ),
    )
