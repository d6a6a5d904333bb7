"""One-hot labels and whole-number labels: two ways to write the same loss."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.language import N_, _
from kerasnn.lessons.context import Context
from kerasnn.lessons.parts import bars, check, grey_images, section, table
from kerasnn.records import Explanation, Section

BATCH: Final = 32
SHOWN: Final = 10
FEW: Final = 5

ANSWER: Final = N_(
    "Because the labels are names, not amounts. As numbers, {first} (0) and {last_name} ({last}) would be {last} "
    "apart, and {first} and {second} 1. One-hot vectors are all equally far apart: {near:.4f} and {far:.4f}, the "
    "square root of 2."
)
ANSWER_OF_TWO: Final = N_(
    "For two classes one is enough: sigmoid makes it the probability of {last_name}, and 1 minus it is that of "
    "{first}. For three or more it would not be: the numbers would put some labels further apart than others, and "
    "labels are names, not amounts. One-hot vectors are all equally far apart: {near:.4f}, the square root of 2."
)
LOSSES: Final = N_(
    "With one-hot vectors the loss is called categorical_crossentropy; with the numbers themselves, as in the lecture, "
    "sparse_categorical_crossentropy. 'Sparse' saves the vectors; the loss is the same."
)


def explain(context: Context) -> Explanation:
    """Explain one-hot labels. Source: lecture, "one-hot encoding"."""
    names, classes = context.names, len(context.names)
    vectors = np.eye(classes)  # row c: the one-hot vector of class c
    near, far = (float(np.linalg.norm(vectors[0] - vectors[other])) for other in (1, -1))
    return context.explained(
        _vector(context, vectors[context.label]),
        _losses(context, vectors),
        question=_("Why not let one output unit predict the label as a number from 0 to {last}?", last=classes - 1),
        answer=_(
            ANSWER if classes > 2 else ANSWER_OF_TWO,
            first=names[0],
            second=names[1],
            last=classes - 1,
            last_name=names[-1],
            near=near,
            far=far,
        ),
    )


def _vector(context: Context, target: NDArray[np.float64]) -> Section:
    """`target`: the one-hot vector of the image's label."""
    label, names = context.label, context.names
    logarithms = context.log_probabilities.astype(np.float64)
    probabilities = np.exp(logarithms)
    summed = (_("-(sum of one-hot x log of probability)"), -(target * logarithms).sum())
    single = (_("-log of the right class's probability"), -logarithms[label])
    return section(
        _("The label {label} as a vector", label=label),
        _("The image is of class {label}, '{name}'.", label=label, name=names[label]),
        table(
            _("The right answer, and the model's"),
            (_("label"), _("class"), _("one-hot"), _("model")),
            zip(range(len(names)), names, target.astype(int), probabilities, strict=True),
        ),
        check("argmax-undoes", (_("argmax of the vector"), target.argmax()), (_("the label"), label)),
        check("one-term-is-left", summed, single),
        bars("model", _("The model's probabilities; the right class is highlighted"), names, probabilities, label),
    )


def _losses(context: Context, vectors: NDArray[np.float64]) -> Section:
    """Compute the loss of a batch from vectors and from numbers, as Keras defines the two losses.

    `vectors`: the one-hot vector of each class, shape (classes, classes).
    """
    images, labels = context.test.images[:BATCH], context.test.labels[:BATCH]
    logarithms = context.classifier.log_probabilities(images).astype(np.float64)  # shape (images, classes)
    targets = vectors[labels]
    categorical = -(targets * logarithms).sum(axis=1)  # a sum of one term and of zeros
    sparse = -logarithms[np.arange(len(labels)), labels]
    one_hot = (" ".join(map(str, target.astype(int))) for target in targets)
    title = _("{count} labels as rows of one-hot vectors, and the model's probabilities", count=SHOWN)
    tiles = [(_("one-hot"), targets[:SHOWN]), (_("model"), np.exp(logarithms[:SHOWN]))]
    each = (_("categorical, image by image"), categorical), (_("sparse, image by image"), sparse)
    mean = (_("mean categorical"), categorical.mean()), (_("mean sparse"), sparse.mean())
    return section(
        _("Both losses on the same batch"),
        _(LOSSES),
        table(
            _("The first of {count} test images", count=len(targets)),
            (_("label"), _("one-hot"), _("probability of it"), "categorical", "sparse"),
            list(zip(labels, one_hot, np.exp(-sparse), categorical, sparse, strict=True))[:FEW],
        ),
        check("each-loss", *each, 1e-12),
        check("mean-loss", *mean, 1e-12),
        grey_images("vectors", title, tiles, high=1),
    )
