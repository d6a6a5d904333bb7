"""argmax along each axis, first of the model's probabilities, then of an array with three axes."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.language import N_, _
from kerasnn.lessons.context import Context
from kerasnn.lessons.parts import check, grey_images, section, table
from kerasnn.records import Explanation, Section

IMAGES: Final = 4
CUBE: Final = (2, 3, 4)

QUESTION: Final = N_(
    "model.predict returns an array of shape (10000, 10). What is the shape of its argmax with axis=0, with axis=1 and "
    "with axis=-1?"
)
ANSWER: Final = N_(
    "axis=0: (10,), for each class the image to which the model gives that class with the highest probability, "
    "whatever the "
    "image shows; axis=1 and axis=-1: (10000,), for each image its likeliest class. The axis you name is the one that "
    "disappears. For predictions use axis=-1: the classes are on the last axis, however many axes there are."
)
PLACE: Final = N_(
    "argmax returns a place, not a probability: max returns the largest probability itself, and only that says how "
    "sure the model is. Whether the largest value in a row is 0.34 or 0.99, argmax only tells where "
    "it is."
)
TIES: Final = N_(
    "If the largest value occurs more than once, argmax returns the first place: of [0.4, 0.2, 0.4] it is 0."
)
TIED: Final = (0.4, 0.2, 0.4)


def explain(context: Context) -> Explanation:
    """Explain argmax on a few test images. Source: lecture, "argmax axis"."""
    context.image  # noqa: B018  # refuses a wrong --index, and images of another size
    start = min(context.index, max(0, len(context.test) - IMAGES))
    probabilities = np.exp(context.classifier.log_probabilities(context.test.images[start : start + IMAGES]))
    sections = _two_axes(context, probabilities, start), _three_axes()
    return context.explained(*sections, question=_(QUESTION), answer=_(ANSWER))


def _two_axes(context: Context, probabilities: NDArray[np.float32], start: int) -> Section:
    """`probabilities`: of shape (images, classes), of the test images from `start` on."""
    images, classes = probabilities.shape
    across, down = probabilities.argmax(axis=1), probabilities.argmax(axis=0)  # shapes (images,) and (classes,)
    answers = (f"{context.names[row.argmax()]} {row.max():.2f}" for row in probabilities)
    along_rows = (_("argmax(axis=1)"), across)
    picture_title = _("The same table as an image: the brighter, the more probable")
    rows, columns = (list(map(_largest, array.tolist())) for array in (probabilities, probabilities.T))
    return section(
        _("Two axes: {rows} images, {classes} classes", rows=images, classes=classes),
        _("Rows are images, columns are classes: shape {shape}.", shape=str(probabilities.shape)),
        _("The answer in each row (axis=1) and its probability (max): {answers}.", answers=", ".join(answers)),
        _(PLACE),
        table(
            _("Probabilities, and argmax of each row and column"),
            ("", *map(str, range(classes)), "axis=1"),
            [
                *(
                    (_("image {number}", number=start + place), *row, across[place])
                    for place, row in enumerate(probabilities)
                ),
                ("axis=0", *down, None),
            ],
            digits=2,
            note=_("axis=0 counts the rows of this table from 0"),
        ),
        check("axis-1", along_rows, (_("each row searched by hand"), rows), 0.0),
        check("axis-0", (_("argmax(axis=0)"), down), (_("each column searched by hand"), columns), 0.0),
        check("axis-minus-1", (_("argmax(axis=-1), two axes"), probabilities.argmax(axis=-1)), along_rows, 0.0),
        check(
            "first-of-equals",
            (_("argmax of [0.4, 0.2, 0.4]"), np.argmax(TIED)),
            (_("place of its first largest value"), 0),
            0.0,
        ),
        grey_images("probabilities", picture_title, [("", probabilities)], high=1),
        _(TIES),
    )


def _largest(values: Sequence[float]) -> int:
    """Find the place of the largest value without argmax."""
    return max(range(len(values)), key=lambda place: values[place])


def _three_axes() -> Section:
    cube = np.random.default_rng(7).integers(0, 100, CUBE)  # shape (2, 3, 4): blocks, rows, columns
    places = list(np.ndindex(CUBE[:-1]))
    along_last = (_("argmax(axis=-1), three axes"), cube.argmax(axis=-1))
    by_hand = [[_largest(row) for row in block] for block in cube.tolist()]
    return section(
        _("Three axes: shape {shape}", shape=str(CUBE)),
        table(
            _("Along the last axis"),
            (_("where"), _("values"), "argmax"),
            (
                (f"[{b}, {r}, :]", " ".join(f"{value:2d}" for value in cube[b, r]), cube[b, r].argmax())
                for b, r in places
            ),
        ),
        table(
            _("Each axis in turn: the axis you name disappears from the shape"),
            (_("axis"), _("shape"), _("result")),
            (
                (f"axis={axis}", str(cube.argmax(axis=axis).shape), str(cube.argmax(axis=axis).tolist()))
                for axis in (0, 1, 2, -1)
            ),
        ),
        check("last-axis", along_last, (_("argmax(axis=2)"), cube.argmax(axis=2)), 0.0),
        check("last-axis-by-hand", along_last, (_("searched by hand"), by_hand), 0.0),
    )
