"""The model's summary row by row, None explained by batches of two sizes, and what a mini-batch learns from."""

from math import ceil
from typing import Final

import numpy as np

from kerasnn.language import N_, _
from kerasnn.lecture.layer import formula_in_language
from kerasnn.lecture.layers import Dense, Dropout, Flatten
from kerasnn.lecture.stages import TRAINING_IMAGES
from kerasnn.lessons.context import Context
from kerasnn.lessons.learning import Arrays, Examples, loss_and_gradients
from kerasnn.lessons.parts import bars, check, section, table
from kerasnn.lessons.trace import stored_arrays
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.classifier import Reals, unrolled
from kerasnn.networks.forward import Network
from kerasnn.records import Explanation, Section

BATCH: Final = 32
TRAINABLE: Final = frozenset({"linear", "relu", "sigmoid"})  # those whose slope `learning` knows

QUESTION: Final = N_(
    "100 images in batches of 32: how many steps are there in an epoch, and how large is the last batch?"
)
ANSWER: Final = N_(
    "100 / 32 = 3.125, so {steps} steps, the last with {rest} images. That is one reason why the batch dimension is "
    "not fixed and the summary says None. The lecture's 48,000 images make {lecture:,} full batches."
)
MINI_BATCH: Final = N_(
    "A step uses the gradient of the mean loss of its {count} images. That gradient is the mean of the gradients of "
    "the single images, so their peculiarities partly cancel out, and a step costs one look at {count} images, not at "
    "all {all:,} of the lecture."
)


def explain(context: Context) -> Explanation:
    """Explain the summary of a network. Source: lecture, "model summary"."""
    sections = [_summary(context), _batches(context)]
    if _is_trainable(context.network.architecture):
        sections.append(_mini_batch(context))
    return context.explained(
        *sections,
        question=_(QUESTION),
        answer=_(ANSWER, steps=ceil(100 / BATCH), rest=100 % BATCH, lecture=TRAINING_IMAGES // BATCH),
        on_image=False,
    )


def _summary(context: Context) -> Section:
    summary = context.network.architecture.summary(context.found.name)
    counts = {layer.name: layer.parameters for layer in summary.layers}
    stored = sum(array.size for own in stored_arrays(context.network) for array in own)
    total = summary.parameters
    summed = (_("the rows added up"), sum(counts.values()))
    return section(
        _("Row by row"),
        table(
            _("{name}: input {shape}", name=summary.stage, shape=str(summary.input_shape)),
            (_("layer (type)"), _("output shape"), _("parameters"), _("how they are counted")),
            (
                (
                    f"{layer.name} ({layer.type})",
                    str(layer.output_shape),
                    layer.parameters,
                    formula_in_language(layer.formula),
                )
                for layer in summary.layers
            ),
            note=_("total {total:,}, of which {trainable:,} trainable", total=total.total, trainable=total.trainable),
        ),
        check("total", summed, (_("numbers stored in the model's file"), stored)),
        bars("parameters", _("Parameters of each layer"), counts, counts.values(), digits=0),
    )


def _batches(context: Context) -> Section:
    """Feed the same network with 1 and with 32 images: only the first dimension differs."""
    images = context.test.images[:BATCH]
    values = unrolled(images)
    one, many = _outputs(context.network, values[:1]), _outputs(context.network, values)
    rows = (
        (layer.name, *map(str, ((None, *small.shape[1:]), small.shape, large.shape)))
        for layer, small, large in zip(context.network.architecture.layers, one, many, strict=True)
    )
    columns = (_("layer"), _("in the summary"), _("1 image"), _("{count} images", count=len(values)))
    first, batch = (np.exp(context.classifier.log_probabilities(images[:count])[0]) for count in (1, BATCH))
    alone, in_batch = (
        (_("probabilities of the first image alone"), first),
        (_("its probabilities as the first of a batch"), batch),
    )
    return section(
        _("None is the number of images"),
        table(_("Fed with one image, and with {count}", count=len(values)), columns, rows),
        check("alone-or-in-a-batch", alone, in_batch),
    )


def _outputs(network: Network, values: Reals) -> list[Reals]:
    """Return the outputs of each layer in prediction. `values`: float32 of shape (n, pixels)."""
    outputs = [values.reshape(len(values), *network.architecture.input_shape)]
    for layer, own in zip(network.architecture.layers, network.variables, strict=True):
        outputs.append(layer.compute(outputs[-1], own))
    return outputs[1:]


def _is_trainable(architecture: Architecture) -> bool:
    """Whether `learning` can compute its gradients: Dense layers only, with one activation in all hidden layers."""
    layers = [layer for layer in architecture.layers if not isinstance(layer, Flatten | Dropout)]
    dense = [layer for layer in layers if isinstance(layer, Dense)]
    kinds = {layer.activation for layer in dense[:-1]}
    return architecture.is_drawable and layers == dense and len(kinds) <= 1 and kinds <= TRAINABLE


def _mini_batch(context: Context) -> Section:
    """Show that the gradient of a batch is the mean of its images' gradients."""
    batch = Examples.of(context.test, 0, BATCH)
    weights: Arrays = [part for layer in context.layers for part in (layer.kernel, layer.bias)]
    activation = context.layers[0].activation if len(context.layers) > 1 else "linear"
    loss, gradients = loss_and_gradients(weights, batch, activation)
    images = [batch.take(np.array([place])) for place in range(len(batch.labels))]  # batches of one
    losses, kernels = [], []
    for image in images:
        own_loss, own_gradients = loss_and_gradients(weights, image, activation)
        losses.append(own_loss)
        kernels.append(own_gradients[-2])  # [-2]: the kernel of the output layer, before its bias
    of_batch = (_("output layer's gradient of the batch"), gradients[-2])
    mean_gradient = (_("mean of the gradients of its images"), np.mean(kernels, axis=0))
    return section(
        _("What mini-batch gradient descent does with a batch"),
        _(MINI_BATCH, count=len(images), all=TRAINING_IMAGES),
        check("mean-loss", (_("loss of the batch"), loss), (_("mean loss of its images"), np.mean(losses))),
        check("mean-gradient", of_batch, mean_gradient),
    )
