"""argmax along each axis: worked on the model's probabilities, then on an array of three axes."""

import numpy as np
from numpy.typing import NDArray

from kerasnn.language import _
from kerasnn.lessons.check import check
from kerasnn.lessons.context import Context
from kerasnn.lessons.drawing import grey_images
from kerasnn.records import Cell, Explanation, Grid, Section

IMAGES = 4
CUBE = (2, 3, 4)


def explain(context: Context) -> Explanation:
    """Source: lecture, "argmax axis"."""
    context.image  # noqa: B018  # says what is wrong with --index, or with images of another size
    start = min(context.index, max(0, len(context.test) - IMAGES))
    probabilities = np.exp(context.classifier.log_probabilities(context.test.images[start : start + IMAGES]))
    return context.explained(
        _two_axes(context, probabilities, start),
        _three_axes(),
        question=_(
            "model.predict gives an array of shape (10000, 10). What shape has argmax with axis=0, with axis=1, "
            "with axis=-1?"
        ),
        answer=_(
            "axis=0: (10,), for each class the image that is most typical of it; axis=1 and axis=-1: (10000,), for "
            "each image its class. The axis that is named is the one that disappears. For predictions take axis=-1: "
            "it stays right when arrays have more axes."
        ),
    )


def _two_axes(context: Context, probabilities: NDArray[np.float32], start: int) -> Section:
    classes = probabilities.shape[1]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (_("image {number}", number=start + place), *map(float, row), int(row.argmax()))
        for place, row in enumerate(probabilities)
    )
    down = tuple(int(column.argmax()) for column in probabilities.T)
    by_row = [max(range(classes), key=lambda label: float(row[label])) for row in probabilities]
    by_column = [
        max(range(len(probabilities)), key=lambda place: float(probabilities[place, label])) for label in range(classes)
    ]
    answers = ", ".join(context.names[label] for label in probabilities.argmax(axis=1))
    return Section(
        _("Two axes: {rows} images, {classes} classes", rows=len(probabilities), classes=classes),
        sentences=(
            _("Rows are images, columns are classes: shape {shape}.", shape=str(probabilities.shape)),
            _("Along each row (axis=1) the answers: {answers}.", answers=answers),
        ),
        grids=(
            Grid(
                _("Probabilities, and argmax of each row and column"),
                ("", *(str(label) for label in range(classes)), "axis=1"),
                (*rows, ("axis=0", *down, None)),
                digits=2,
                note=_("axis=0 counts the rows of this table from 0"),
            ),
        ),
        checks=(
            check(
                "axis-1",
                (_("argmax(axis=1)"), probabilities.argmax(axis=1)),
                (_("each row searched by hand"), by_row),
                0.0,
            ),
            check(
                "axis-0",
                (_("argmax(axis=0)"), probabilities.argmax(axis=0)),
                (_("each column searched by hand"), by_column),
                0.0,
            ),
            check(
                "axis-minus-1",
                (_("argmax(axis=-1), two axes"), probabilities.argmax(axis=-1)),
                (_("argmax(axis=1)"), probabilities.argmax(axis=1)),
                0.0,
            ),
        ),
        pictures=(
            grey_images(
                "probabilities", _("The same table as an image: bright is probable"), [("", probabilities)], high=1
            ),
        ),
    )


def _three_axes() -> Section:
    cube = np.random.default_rng(7).integers(0, 100, CUBE)
    blocks = tuple(
        (f"[{block}, {row}, :]", " ".join(f"{value:2d}" for value in cube[block, row]), int(cube[block, row].argmax()))
        for block in range(CUBE[0])
        for row in range(CUBE[1])
    )
    by_hand = [
        [max(range(CUBE[2]), key=lambda last: int(cube[block, row, last])) for row in range(CUBE[1])]
        for block in range(CUBE[0])
    ]
    shapes = tuple(
        (f"axis={axis}", f"{np.argmax(cube, axis=axis).shape}", str(np.argmax(cube, axis=axis).tolist()))
        for axis in (0, 1, 2, -1)
    )
    return Section(
        _("Three axes: shape {shape}", shape=str(CUBE)),
        grids=(
            Grid(_("Along the last axis"), (_("where"), _("values"), "argmax"), blocks),
            Grid(
                _("Each axis in turn: the one named disappears from the shape"),
                (_("axis"), _("shape"), _("result")),
                shapes,
            ),
        ),
        checks=(
            check(
                "last-axis",
                (_("argmax(axis=-1), three axes"), cube.argmax(axis=-1)),
                (_("argmax(axis=2)"), cube.argmax(axis=2)),
                0.0,
            ),
            check(
                "last-axis-by-hand",
                (_("argmax(axis=-1), three axes"), cube.argmax(axis=-1)),
                (_("searched by hand"), by_hand),
                0.0,
            ),
        ),
    )
