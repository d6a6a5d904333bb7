"""The model's summary row by row, None shown by batches of two sizes, and what a mini-batch learns from."""

from math import ceil

import numpy as np

from kerasnn.language import _
from kerasnn.lecture.stages import TRAINING_IMAGES
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context, layers_of, trace
from kerasnn.lessons.learning import Arrays, Lesson, loss_and_gradients
from kerasnn.networks.classifier import unrolled
from kerasnn.records import BarsPicture, Explanation, Grid, Section

BATCH = 32
TRAINABLE = ("linear", "relu", "sigmoid")


def explain(context: Context) -> Explanation:
    """Source: lecture, "model summary"."""
    sections = [_rows(context), _batches(context)]
    if all(layer.activation in TRAINABLE for layer in context.layers[:-1]):
        sections.append(_mini_batch(context))
    return context.explained(
        *sections,
        question=_("100 images in batches of 32: how many steps has an epoch, and how large is the last batch?"),
        answer=_(
            "100 / 32 = 3.125, so {steps} steps, the last with {rest} images. That is why the batch dimension "
            "cannot be fixed and the summary says None. The lecture's 48,000 make {lecture:,} full batches.",
            steps=ceil(100 / BATCH),
            rest=100 % BATCH,
            lecture=TRAINING_IMAGES // BATCH,
        ),
        on_image=False,
    )


def _rows(context: Context) -> Section:
    summary = context.network.architecture.summary(context.found.name)
    rows = tuple(
        (f"{layer.name} ({layer.type})", _shape(layer.output_shape), layer.parameters, layer.formula)
        for layer in summary.layers
    )
    stored = sum(layer.kernel.size + layer.bias.size for layer in layers_of(context.network))
    return Section(
        _("Row by row"),
        grids=(
            Grid(
                _("{name}: input {shape}", name=summary.stage, shape=_shape(summary.input_shape)),
                (_("layer (type)"), _("output shape"), _("parameters"), _("how they are counted")),
                rows,
                note=_("total {total:,}, all of them trainable", total=summary.parameters.total),
            ),
        ),
        checks=(
            check(
                "total",
                (_("the rows added up"), float(sum(layer.parameters for layer in summary.layers))),
                (_("numbers stored in the model's file"), float(stored)),
            ),
        ),
        pictures=(
            BarsPicture(
                "parameters",
                _("Parameters of each layer"),
                tuple(layer.name for layer in summary.layers),
                tuple(float(layer.parameters) for layer in summary.layers),
                digits=0,
            ),
        ),
    )


def _shape(sizes: tuple[int | None, ...]) -> str:
    return f"({', '.join(map(str, sizes))}{',' if len(sizes) == 1 else ''})"


def _batches(context: Context) -> Section:
    """The same network fed 1 and 32 images: only the first dimension moves."""
    values = unrolled(context.test.images[:BATCH])
    one, many = trace(context.layers, values[:1]), trace(context.layers, values)
    rows = tuple(
        (
            small.layer.name,
            _shape((None, small.outputs.shape[1])),
            _shape(small.outputs.shape),
            _shape(large.outputs.shape),
        )
        for small, large in zip(one, many, strict=True)
    )
    return Section(
        _("None is the number of images"),
        grids=(
            Grid(
                _("Fed with one image, and with {count}", count=len(values)),
                (_("layer"), _("in the summary"), _("1 image"), _("{count} images", count=len(values))),
                rows,
            ),
        ),
        checks=(
            check(
                "alone-or-in-a-batch",
                (_("probabilities of the first image alone"), one[-1].outputs[0]),
                (_("and as the first of a batch"), many[-1].outputs[0]),
            ),
        ),
    )


def _mini_batch(context: Context) -> Section:
    """The gradient of a batch is the mean of its images' gradients: one step learns from all of them."""
    lesson = Lesson.of(context.test, 0, BATCH)
    weights: Arrays = [part for layer in context.layers for part in (layer.kernel, layer.bias)]
    activation = context.layers[0].activation if len(context.layers) > 1 else "linear"
    loss, together = loss_and_gradients(weights, lesson, activation)
    each = [
        loss_and_gradients(weights, lesson.take(np.array([place])), activation) for place in range(len(lesson.labels))
    ]
    mean = np.mean([gradients[-2] for _loss, gradients in each], axis=0)
    return Section(
        _("What mini-batch gradient descent does with a batch"),
        sentences=(
            _(
                "A step goes down the gradient of the mean loss of its {count} images. That gradient is the mean of "
                "the gradients of the single images, so their peculiarities cancel out, and the step costs one look "
                "at {count} images instead of all {all:,}.",
                count=len(lesson.labels),
                all=TRAINING_IMAGES,
            ),
        ),
        checks=(
            check(
                "mean-loss",
                (_("loss of the batch"), loss),
                (_("mean loss of its images"), float(np.mean([value for value, _gradients in each]))),
            ),
            check(
                "mean-gradient",
                (_("output layer's gradient of the batch"), together[-2]),
                (_("mean of the gradients of its images"), mean),
            ),
        ),
    )
