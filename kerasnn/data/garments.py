"""Garments: ten classes of clothes drawn by arithmetic, a stand-in for Fashion-MNIST that needs no network connection.

A garment is two fields: the depth inside its silhouette in pixels, negative outside, and the depth inside its trim,
which may be a sole, a print, a belt or a placket. Both are made of curves through a few points, given in pixels to the
right of and below the middle of the garment. The numbers were chosen by eye so that the pictures look like those of
Fashion-MNIST. Neither they nor the order in which random numbers are drawn may change: a test compares the digests.

The same seed gives the same bytes on every machine. All randomness comes from `RandomState`, whose stream NumPy has
frozen, and only arithmetic is used that IEEE 754 rounds in exactly one way: no powers, sines or matrix products, and no
sums whose order may vary.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.cloth import BATCH, SIZE, Cloth, Field, curve, inside, strip, weave
from kerasnn.data.dataset import Part

TRAIN_BATCHES, TEST_BATCHES = 6, 1  # per class

# Each function below returns the depth inside the silhouette and the depth inside the trim.


def top(cloth: Cloth, hem: Field, sleeve: Field, loose: float, neck: Field) -> Field:
    """Return the depth inside a garment for the upper body.

    `hem`, `sleeve`: where they end, in pixels below the middle. `loose`: added to the width of the chest. `neck`: the
    depth of its opening.
    """
    side, down, vary = cloth.side, cloth.down, cloth.vary
    chest: Field = vary(5.4, 6.8) + np.float32(loose)
    width = curve(down, (-13, vary(3.5, 4.5)), (-10.5, chest), (0, chest - vary(0, 1.2)), (hem, chest + vary(-0.5, 1)))
    opening = neck - side * side * 0.12
    body = inside(width - side, hem - down, down + 13 - np.maximum(np.float32(0), opening))
    outer = curve(down, (-13, 4), (-9, chest + vary(0.7, 1.7)), (sleeve + 1, chest + vary(3.5, 6)))
    arm = inside(strip(side, outer - 1.7, 1.7), sleeve - down - (side - chest) * 0.3, down + 13)
    return np.maximum(body, arm)


def tshirt(cloth: Cloth) -> tuple[Field, Field]:
    vary = cloth.vary
    depth = top(cloth, vary(9, 13.5), vary(-11, 1), 0, vary(0.5, 4))
    printed = inside(strip(cloth.right, 0, vary(0, 4)), strip(cloth.down, -3, vary(-1, 4)))
    return depth, printed


def trouser(cloth: Cloth) -> tuple[Field, Field]:
    side, down, vary = cloth.side, cloth.down, cloth.vary
    ankle, leg = vary(3.5, 7), vary(2.2, 3.6)
    hip = vary(4.3, 6.5)
    outer = curve(down, (-13, hip - 1), (-7, hip), (13, ankle))
    inner = curve(down, (-8, -1), (vary(-7, 4), 0.4), (13, ankle - leg))
    depth = inside(outer - side, side - inner, strip(down, 0, vary(11, 13.5)))
    return depth, strip(down, -12, vary(0, 1.5))


def pullover(cloth: Cloth) -> tuple[Field, Field]:
    vary = cloth.vary
    depth = top(cloth, vary(8.5, 12), vary(7.5, 12.5), 0.4, vary(-1, 2.5))
    return depth, strip(cloth.down, vary(-6, 12), vary(-1, 3))


def dress(cloth: Cloth) -> tuple[Field, Field]:
    side, down, vary = cloth.side, cloth.down, cloth.vary
    waist, bust = vary(2.6, 5), vary(3.5, 5.5)
    height = vary(-4, 2)
    width = curve(down, (-13, vary(2, 4.5)), (-9, bust), (height, waist), (13, waist + vary(0, 5)))
    body = inside(
        width - side,
        strip(down, 0, vary(9.5, 13.5)),
        down + 13 - np.maximum(np.float32(0), vary(1, 4) - side * side * 0.3),
    )
    outer = curve(down, (-13, 3), (-9, bust + 1), (2, bust + vary(1.5, 4)))
    arm = inside(strip(side, outer - 1.3, 1.3), vary(-13, 10) - down, down + 12)
    return np.maximum(body, arm), strip(down, height, vary(-1, 1.2))


def coat(cloth: Cloth) -> tuple[Field, Field]:
    vary = cloth.vary
    depth = top(cloth, vary(10.5, 14), vary(9, 13.5), 0.9, vary(0, 2))
    return depth, strip(
        cloth.right, 0, curve(cloth.down, (-13, vary(1, 3.5)), (vary(-6, 4), vary(0.2, 0.8))) - 9 * cloth.some(0.2)
    )


def sandal(cloth: Cloth) -> tuple[Field, Field]:
    right, down, vary = cloth.right, cloth.down, cloth.vary
    heel = cloth.some(0.5) * vary(2, 10)
    floor, thick, ankle = 6 + heel * 0.5, vary(0.6, 1.4), vary(3, 8)
    sole = curve(right, (-7, floor), (6, floor - heel))
    footbed = inside(strip(down, sole, thick), strip(right, 0, 12.5))
    post = inside(strip(right, 10, vary(0.6, 2.5)), strip(down, floor - heel * 0.5, heel * 0.5 + thick))
    line = curve(right, (-10, floor - 1), (-6, floor - vary(2, 4)), (6, floor - heel - ankle))
    slant = (right + down * vary(-1, 1)) * vary(0.08, 0.16) + vary(0, 1)
    bands = (vary(-0.1, 0.2) + strip(slant - np.floor(slant), 0.5, 0.2)) * 8
    straps = inside(down - line, sole - down, np.maximum(bands, line + vary(0.3, 2) - down), strip(right, 1, 11))
    return np.maximum(np.maximum(footbed, post), straps), footbed


def shirt(cloth: Cloth) -> tuple[Field, Field]:
    vary = cloth.vary
    sleeve = np.where(cloth.some(0.65) > 0, vary(8, 13), vary(-8, 3))
    depth = top(cloth, vary(9, 13.5) - cloth.side * cloth.side * vary(0, 0.05), sleeve, 0, vary(0, 3))
    return depth, strip(cloth.right, 0, vary(0.2, 1.0) - 2 * cloth.some(0.15))


def sneaker(cloth: Cloth) -> tuple[Field, Field]:
    right, down, vary = cloth.right, cloth.down, cloth.vary
    tongue, high, sole = vary(-1, 4), vary(-8, -1), vary(4.5, 7.5)
    upper = curve(
        right,
        (-13, 4.5),
        (-11, vary(2, 4)),
        (tongue - 5, vary(0, 2)),
        (tongue, high),
        (tongue + 4, high + vary(0, 2)),
        (12, high + vary(-1, 1)),
        (13, 2),
    )
    return inside(down - upper, sole - down, strip(right, 0, 13)), down - sole + vary(0.5, 2.5)


def bag(cloth: Cloth) -> tuple[Field, Field]:
    side, down, vary = cloth.side, cloth.down, cloth.vary
    lid, foot = vary(-9, 1), vary(7, 12)
    width = curve(down, (lid, vary(6, 13)), (lid + 2, vary(8, 13)), (foot, vary(8, 13)))
    body = inside(width - side, down - lid, foot - down)
    above = down - lid
    handle = inside(
        strip(np.sqrt(side * side + above * above * vary(0.4, 1.4)), vary(3, 9), vary(-0.5, 1.2)), 1 - above
    )
    return np.maximum(body, handle), strip(above, vary(1, 7), vary(-1, 1.5))


def ankle_boot(cloth: Cloth) -> tuple[Field, Field]:
    right, down, vary = cloth.right, cloth.down, cloth.vary
    front, shaft, sole, heel = vary(-3, 3), vary(-12, -1), vary(7, 11), cloth.some(0.6) * vary(0, 6)
    upper = curve(
        right, (-13, 8), (-11, vary(4, 7)), (front - 2, vary(0, 3)), (front, shaft), (12, shaft + vary(-2, 2))
    )
    under = curve(right, (-5, sole), (4, sole - heel), (vary(5, 8), sole - heel), (9, sole))
    back = curve(down, (-10, vary(8, 12)), (3, vary(9, 11)), (9, vary(9, 12)))
    return inside(down - upper, under - down, right + 13, back - right), down - under + vary(0.5, 2)


Garment = Callable[[Cloth], tuple[Field, Field]]
GARMENTS: tuple[Garment, ...] = (tshirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle_boot)


def draw(seed: int = 42) -> tuple[Part, Part]:
    """Draw 12,000 training and 2,000 test images, 1,200 and 200 of each class, in random order."""
    random = np.random.RandomState(seed)
    images = weave_batches(random, TRAIN_BATCHES + TEST_BATCHES)
    return _shuffled(random, images[:, :TRAIN_BATCHES]), _shuffled(random, images[:, TRAIN_BATCHES:])


def weave_batches(random: np.random.RandomState, batches: int) -> NDArray[np.uint8]:
    """Return uint8 images of shape (classes, batches, BATCH, 28, 28), 0 black to 255 white, class by class."""
    images = np.empty((len(GARMENTS), batches, BATCH, SIZE, SIZE), np.uint8)
    for garment, drawn in zip(GARMENTS, images, strict=True):
        for batch in drawn:
            cloth = Cloth(random)  # draws a tilt, size and place for each of BATCH images
            batch[:] = weave(cloth, *garment(cloth))
    return images


def _shuffled(random: np.random.RandomState, images: NDArray[np.uint8]) -> Part:
    classes, batches = images.shape[:2]  # (classes, batches, BATCH, rows, columns)
    order = random.random_sample(classes * batches * BATCH).argsort(kind="stable")  # stable: ties have one order
    labels = np.arange(classes, dtype=np.int32).repeat(batches * BATCH)
    return Part(images.reshape(-1, SIZE, SIZE)[order], labels[order])
