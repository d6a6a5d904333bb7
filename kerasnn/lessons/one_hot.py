"""One-hot labels and whole-number labels: two ways to write the same loss."""

import numpy as np

from kerasnn.language import _
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context
from kerasnn.lessons.drawing import grey_images
from kerasnn.records import BarsPicture, Explanation, Grid, Section

BATCH = 32
SHOWN = 10


def explain(context: Context) -> Explanation:
    """Source: lecture, "one-hot encoding"."""
    classes = len(context.names)
    far = np.linalg.norm(np.eye(classes)[0] - np.eye(classes)[-1])
    near = np.linalg.norm(np.eye(classes)[0] - np.eye(classes)[1])
    return context.explained(
        _vector(context, classes),
        _losses(context, classes),
        question=_("Why not let one output unit predict the label as a number from 0 to {last}?", last=classes - 1),
        answer=_(
            "Because the labels are names, not amounts. As numbers, {first} (0) and {last_name} ({last}) would be "
            "{last} apart and {first} and {second} only 1, and halfway between {first} and {third} would lie "
            "{second}. One-hot vectors are all equally far apart: {near:.4f} and {far:.4f}, the square root of 2.",
            first=context.names[0],
            second=context.names[1],
            third=context.names[min(2, classes - 1)],
            last=classes - 1,
            last_name=context.names[-1],
            near=float(near),
            far=float(far),
        ),
    )


def _vector(context: Context, classes: int) -> Section:
    label = context.label
    target = np.eye(classes)[label]
    logarithms = context.classifier.log_probabilities(context.image[np.newaxis])[0].astype(np.float64)
    probabilities = np.exp(logarithms)
    rows = tuple(
        (number, name, int(target[number]), float(probabilities[number])) for number, name in enumerate(context.names)
    )
    return Section(
        _("The label {label} as a vector", label=label),
        sentences=(_("The image is of class {label}, '{name}'.", label=label, name=context.names[label]),),
        grids=(
            Grid(_("What is right, and what the model says"), (_("label"), _("class"), _("one-hot"), _("model")), rows),
        ),
        checks=(
            check("argmax-undoes", (_("argmax of the vector"), float(target.argmax())), (_("the label"), float(label))),
            check(
                "one-term-is-left",
                (_("-(sum of one-hot x log of probability)"), float(-(target * logarithms).sum())),
                (_("-log of the right class's probability"), float(-logarithms[label])),
            ),
        ),
        pictures=(
            BarsPicture(
                "model",
                _("The model's probabilities; the right class stands out"),
                context.names,
                tuple(map(float, probabilities)),
                (label,),
            ),
        ),
    )


def _losses(context: Context, classes: int) -> Section:
    """The loss of a batch, once with vectors and once with numbers, written out as Keras defines them."""
    images, labels = context.test.images[:BATCH], context.test.labels[:BATCH]
    logarithms = context.classifier.log_probabilities(images).astype(np.float64)
    vectors = np.eye(classes)[labels]
    categorical = -(vectors * logarithms).sum(axis=1)
    sparse = -logarithms[np.arange(len(labels)), labels]
    few = range(min(5, len(labels)))
    return Section(
        _("Both losses on the same batch"),
        sentences=(
            _(
                "With one-hot vectors the loss is called categorical_crossentropy; with the numbers themselves, as the "
                "lecture trains, sparse_categorical_crossentropy. 'Sparse' saves the vectors, and nothing else differs."
            ),
        ),
        grids=(
            Grid(
                _("The first of {count} test images", count=len(labels)),
                (_("label"), _("one-hot"), _("probability of it"), "categorical", "sparse"),
                tuple(
                    (
                        int(labels[place]),
                        " ".join(str(int(value)) for value in vectors[place]),
                        float(np.exp(-sparse[place])),
                        float(categorical[place]),
                        float(sparse[place]),
                    )
                    for place in few
                ),
            ),
        ),
        checks=(
            check(
                "each-loss",
                (_("categorical, image by image"), categorical),
                (_("sparse, image by image"), sparse),
                1e-12,
            ),
            check(
                "mean-loss",
                (_("mean categorical"), float(categorical.mean())),
                (_("mean sparse"), float(sparse.mean())),
                1e-12,
            ),
        ),
        pictures=(
            grey_images(
                "vectors",
                _("{count} labels as rows of one-hot vectors, and the model's probabilities", count=SHOWN),
                [(_("one-hot"), vectors[:SHOWN]), (_("model"), np.exp(logarithms[:SHOWN]))],
                high=1,
            ),
        ),
    )
