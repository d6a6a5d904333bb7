"""Pixels divided by 255: the numbers before and after, and what it costs to leave this out."""

from typing import Final

import numpy as np

from kerasnn.data.dataset import Labels
from kerasnn.language import N_, _
from kerasnn.lecture.optimizers import OPTIMIZER_BY_NAME
from kerasnn.lessons.context import Context
from kerasnn.lessons.learning import (
    BATCH,
    Arrays,
    Examples,
    evaluate,
    fit,
    hold_out,
    initial_weights,
    loss_and_gradients,
)
from kerasnn.lessons.parts import bars, check, grey_images, lines, section, series, table
from kerasnn.lessons.trace import LayerTrace, trace
from kerasnn.networks.classifier import Reals, unrolled
from kerasnn.records import Check, Explanation, Section

IMAGES: Final = 3000
EPOCHS: Final = 2
BINS: Final = 8
UNITS: Final = 50
COMPARED: Final = (("linear", "sgd"), ("relu", "sgd"), ("relu", "rmsprop"), ("relu", "adam"))  # hidden layer, optimizer
DRAWN: Final = ("relu", "sgd")
SURE: Final = 0.999
TEST_IMAGES: Final = 2000

QUESTION: Final = N_(
    "The trained model expects pixels from 0 to 1. How would you change its weights so that it takes the bytes 0 to "
    "255 as they are, and still gives the same answers?"
)
ANSWER: Final = N_(
    "Divide the weights of its first layer by 255 and leave the biases: (w / 255) x (255 x) = w x. For this image z "
    "then differs by at most {away:.1e}, by rounding. Dividing the pixels does not change what a network can express; "
    "it changes how easily it learns, because weights start small and learning rates suit values near 1."
)
FED_RAW: Final = N_(
    "Its weights were learnt for numbers from 0 to 1. If it is given the bytes, every term w x of its first layer is "
    "255 times "
    "as large; only the biases stay. What becomes of its answers:"
)
TRAINED: Final = N_(
    "Two networks, one Dense layer with softmax and one with {units} hidden units of ReLU before it, trained just now "
    "on {train:,} images of {dataset} for {epochs} epochs, with the same start and the same batches each time; "
    "evaluated on {test} others. Guessing has a loss of {chance:.4f}."
)
WHY: Final = N_(
    "With bytes the gradient of the first layer's weights is 255 times as large, and the step is multiplied by pixels "
    "that are also 255 times as large: for the same error at the output, a step of SGD moves the first z 65,025 times "
    "as far, the bias aside. "
    "RMSprop and Adam divide by the size of the gradient, so theirs move it about 255 times as far. Look at the loss: "
    "one layer may still put the right class first and have a good accuracy, with probabilities that are worth nothing."
)


def explain(context: Context) -> Explanation:
    """Explain why pixels are divided by 255. Source: lecture, "normalising"."""
    first = context.layers[0]
    raw = context.values * np.float32(255)  # the bytes again, as float32
    rescaled = raw @ (first.kernel / np.float32(255)) + first.bias
    return context.explained(
        _before_and_after(context),
        _fed_raw(context, raw),
        _training(context),
        question=_(QUESTION),
        answer=_(ANSWER, away=float(np.abs(rescaled - context.traces[0].z).max())),
    )


def _before_and_after(context: Context) -> Section:
    pixels, values = context.image.astype(np.float64), context.values.astype(np.float64)
    standardised = (pixels - pixels.mean()) / (pixels.std() or 1)  # an image of one colour has a deviation of 0
    counts, _edges = np.histogram(pixels, bins=BINS, range=(0, 256))
    labels = (f"{256 // BINS * place}-{256 // BINS * (place + 1) - 1}" for place in range(BINS))
    kinds = (
        (_("bytes"), pixels),
        (_("normalised: divided by 255"), values),
        (_("standardised: minus mean, divided by deviation"), standardised),
    )
    bytes_again = (_("normalised x 255"), values * 255)
    return section(
        _("One image before and after"),
        table(
            _("Its {count} pixels", count=pixels.size),
            ("", _("lowest"), _("highest"), _("mean"), _("standard deviation")),
            ((name, all_.min(), all_.max(), all_.mean(), all_.std()) for name, all_ in kinds),
        ),
        check("nothing-is-lost", bytes_again, (_("the bytes"), pixels.reshape(1, -1)), 1e-4),
        check("mean", (_("mean of the bytes / 255"), pixels.mean() / 255), (_("mean normalised"), values.mean())),
        grey_images("image", _("The image: {name}", name=context.names[context.label]), [("", context.image)]),
        bars("pixels", _("The brightness of its pixels"), labels, counts / pixels.size),
    )


def _fed_raw(context: Context, raw: Reals) -> Section:
    """Feed the bytes to the trained model, which learnt from numbers between 0 and 1."""
    kernel = context.layers[0].kernel
    outputs = (context.traces[-1].outputs[0], trace(context.layers, raw)[-1].outputs[0])
    # softmax adds up to 1 already, one-vs-rest does not
    usual, mistaken = (values / (values.sum() or np.float32(1)) for values in outputs)
    test = unrolled(context.test.images[:TEST_IMAGES])
    labels = context.test.labels[:TEST_IMAGES]
    answers = [_answers(trace(context.layers, values)[-1], labels) for values in (test, test * np.float32(255))]
    of_bytes = (_("first layer: z of the bytes minus bias"), (raw @ kernel)[0])
    scaled = (_("255 x (z minus bias)"), 255 * (context.values @ kernel)[0])
    return section(
        _("The trained model, fed without dividing"),
        _(FED_RAW),
        table(
            _("Probabilities for this image"),
            (_("class"), _("normalised"), _("bytes as they are")),
            zip(context.names, usual, mistaken, strict=True),
        ),
        table(
            _("On {count:,} test images", count=len(labels)),
            (_("pixels"), _("accuracy"), _("share of answers with a probability above {sure}", sure=SURE)),
            ((name, *own) for name, own in zip((_("0 to 1"), _("0 to 255")), answers, strict=True)),
        ),
        check("z-grows-255-fold", of_bytes, scaled, float(1e-5 * np.abs(scaled[1]).max() + 1e-3)),
    )


def _answers(last: LayerTrace, labels: Labels) -> tuple[float, float]:
    """Return the accuracy, and the share of answers with a probability above SURE. `last`: of the output layer."""
    sums = last.outputs.sum(axis=1)
    shares = last.outputs.max(axis=1) / np.where(sums > 0, sums, 1)
    # z: several outputs of one-vs-rest may round to 1
    return float((last.z.argmax(axis=1) == labels).mean()), float((shares > SURE).mean())


def _training(context: Context) -> Section:
    train, test = hold_out(context.images.learning(IMAGES))
    inputs, classes = train.inputs.shape[1], len(context.names)
    rows, curves = [], []
    for activation, name in COMPARED:
        optimizer = OPTIMIZER_BY_NAME[name]
        sizes = (inputs, classes) if activation == "linear" else (inputs, UNITS, classes)
        start = initial_weights(sizes, seed=42)
        network = _("one layer") if len(sizes) == 2 else _("with ReLU")
        for pixels, factor in ((_("0 to 1"), 1), (_("0 to 255"), 255)):
            trained = fit(start, train.scaled(factor), optimizer.rule, activation=activation, epochs=EPOCHS)
            scores = evaluate(trained.weights, test.scaled(factor), activation)
            rows.append((network, optimizer.keras_class, pixels, max(trained.losses), *scores))
            if (activation, name) == DRAWN:
                curves.append(series(pixels, np.arange(len(trained.losses)), np.log10(_smooth(trained.losses))))
    columns = (_("network"), _("optimizer"), _("pixels"), _("highest loss\nof a batch"), _("loss"), _("accuracy"))
    counts = {"train": len(train.labels), "test": len(test.labels), "units": UNITS, "chance": float(np.log(classes))}
    axes = (_("step"), _("log10 of the loss"))
    return section(
        _("What it costs to leave it out, measured"),
        _(TRAINED, dataset=context.images.name, epochs=EPOCHS, **counts),
        table(
            _("Loss and accuracy afterwards"),
            columns,
            rows,
            note=_("where steps are too large, rounding decides even the first digits"),
        ),
        _gradients(train, start),
        lines("learning", _("ReLU, SGD: loss of the batches, mean of ten, as log10"), axes, *curves),
        _(WHY),
    )


def _gradients(train: Examples, start: Arrays) -> Check:
    """Compare the gradients of the first batch: the same z from bytes, with weights 255 times as small."""
    batch = train.take(np.arange(min(BATCH, len(train.labels))))
    smaller: Arrays = [start[0] / np.float32(255), *start[1:]]
    of_pixels, of_bytes = (
        loss_and_gradients(weights, examples, "relu")[1][0]
        for weights, examples in ((start, batch), (smaller, batch.scaled(255)))
    )
    label = _("gradient with bytes, at weights that give the same z")
    return check("gradient-grows-255-fold", (label, of_bytes), (_("255 x the gradient"), 255 * of_pixels), 1e-3)


def _smooth(losses: tuple[float, ...], width: int = 10) -> list[float]:
    return [float(np.mean(losses[max(0, place - width + 1) : place + 1])) for place in range(len(losses))]
