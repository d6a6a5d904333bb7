"""Pixels divided by 255: the numbers before and after, and what it costs to leave this out."""

from typing import Final

import numpy as np

from kerasnn.language import N_, _
from kerasnn.lecture.optimizers import OPTIMIZER_BY_NAME
from kerasnn.lessons.context import Context
from kerasnn.lessons.learning import evaluate, fit, hold_out, initial_weights
from kerasnn.lessons.parts import bars, check, grey_images, lines, section, series, table
from kerasnn.lessons.trace import trace
from kerasnn.networks.classifier import Reals
from kerasnn.records import Explanation, Section

IMAGES: Final = 3000
EPOCHS: Final = 2
BINS: Final = 8
COMPARED: Final = ("sgd", "rmsprop", "adam")
DRAWN: Final = "rmsprop"

QUESTION: Final = N_(
    "The trained model expects pixels from 0 to 1. How would you change its weights so that it takes the bytes 0 to "
    "255 as they are, and still gives the same answers?"
)
ANSWER: Final = N_(
    "Divide the weights of its first layer by 255 and leave the biases: (w / 255) x (255 x) = w x. For this image z "
    "then differs by at most {away:.1e}. Dividing the pixels does not change what a network can express; it changes "
    "how easily it learns, because weights start small and steps are small."
)
FED_RAW: Final = N_(
    "Its weights were learnt for numbers from 0 to 1. Given the bytes, every term w x is 255 times as large: the sums "
    "become huge, and the answer becomes all or nothing."
)
TRAINED: Final = N_(
    "One Dense layer with softmax, trained just now on {train:,} images of {dataset} for {epochs} epochs, with the "
    "same start and the same batches each time; evaluated on {test} others."
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
        check("z-grows-255-fold", of_bytes, scaled, 0.01),
    )


def _training(context: Context) -> Section:
    train, test = hold_out(context.images.learning(IMAGES))
    start = initial_weights((train.inputs.shape[1], len(context.names)), seed=42)
    rows, curves = [], []
    for optimizer in map(OPTIMIZER_BY_NAME.__getitem__, COMPARED):
        for name, factor in ((_("0 to 1"), 1), (_("0 to 255"), 255)):
            trained = fit(start, train.scaled(factor), optimizer.rule, epochs=EPOCHS)
            rows.append((optimizer.keras_class, name, *evaluate(trained.weights, test.scaled(factor))))
            if optimizer.name == DRAWN:
                curves.append(series(name, np.arange(len(trained.losses)), _smooth(trained.losses)))
    columns = (_("optimizer"), _("pixels"), _("loss"), _("accuracy"))
    counts = {"train": len(train.labels), "test": len(test.labels)}
    return section(
        _("What it costs to leave it out, measured"),
        _(TRAINED, dataset=context.images.name, epochs=EPOCHS, **counts),
        table(_("Loss and accuracy afterwards"), columns, rows),
        lines("learning", _("RMSprop: loss of the batches, mean of ten"), (_("step"), _("loss")), *curves),
    )


def _smooth(losses: tuple[float, ...], width: int = 10) -> list[float]:
    return [float(np.mean(losses[max(0, place - width + 1) : place + 1])) for place in range(len(losses))]
