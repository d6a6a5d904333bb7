"""Garments: ten classes of clothes drawn by arithmetic, the stand-in for Fashion-MNIST that needs no network.

A garment is a depth, in pixels inside its silhouette (negative outside), and the depth of its trim: sole, print, belt,
placket. Both are curves through a few points, given in pixels right of and below the middle of the garment.

Same seed, same bytes, on every machine: all randomness is `RandomState`'s frozen stream, and all arithmetic is of the
kind that IEEE 754 rounds in one way only: no powers, sines or matrix products, no sums whose order is free.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SIZE = 28
BATCH = 200  # images drawn at once: few enough to stay in the processor's cache
TRAIN_BATCHES, TEST_BATCHES = 6, 1  # of each class

Field = NDArray[np.float32]  # one number a pixel (BATCH, 28, 28), or one an image (BATCH, 1, 1)
Number = Field | float


class Garments(NamedTuple):
    """Images, uint8 of shape (n, 28, 28), 0 black to 255 white; labels, uint8 of shape (n,), 0 to 9."""

    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]


class Cloth:
    """A batch of blank images: where each pixel lies in the garment's own coordinates, and chance to cut by.

    `right`, `down`: pixels from the middle of the garment, float32 of shape (BATCH, 28, 28); `side`: |right|.
    """

    def __init__(self, random: np.random.RandomState) -> None:
        self.random = random
        tilt = self.vary(-0.06, 0.06)  # tangent of half the angle: a rotation without sine and cosine
        cosine, sine = (1 - tilt * tilt) / (1 + tilt * tilt), 2 * tilt / (1 + tilt * tilt)
        middle = np.arange(SIZE, dtype=np.float32) - (SIZE - 1) / 2
        mirror = 1 - 2 * self.some(0.5)
        x = (middle.reshape(1, 1, SIZE) - self.vary(-0.8, 0.8)) * (self.vary(0.85, 1.05) * mirror)
        y = (middle.reshape(1, SIZE, 1) - self.vary(-0.7, 0.7)) * self.vary(0.92, 1.05)
        self.right: Field = x * cosine + y * sine
        self.down: Field = y * cosine - x * sine
        self.side: Field = np.abs(self.right)

    def vary(self, low: float, high: float) -> Field:
        """One number for each image, uniform in [low, high): float32 of shape (BATCH, 1, 1)."""
        return (low + (high - low) * self.random.random_sample((BATCH, 1, 1))).astype(np.float32)

    def some(self, share: float) -> Field:
        """1 for about this share of the images, 0 for the others."""
        return (self.random.random_sample((BATCH, 1, 1)) < share).astype(np.float32)


def curve(along: Field, *points: tuple[Number, Number]) -> Field:
    """The height at `along` of the line through `points` (place, height), places ascending; level beyond its ends."""
    height: Field = np.asarray(points[0][1], np.float32)
    for (start, low), (end, high) in pairwise(points):
        height = height + np.clip(along - start, 0, end - start) * ((high - low) / (end - start))
    return height


def inside(*depths: Field) -> Field:
    """Depth in what the shapes share."""
    depth = depths[0]
    for other in depths[1:]:
        depth = np.minimum(depth, other)
    return depth


def strip(along: Field, middle: Number, half: Number) -> Field:
    """Depth in the strip `half` to either side of `middle`."""
    depth: Field = half - np.abs(along - middle)
    return depth


# --- each garment: depth in its silhouette, depth in its trim ---


def top(cloth: Cloth, hem: Field, sleeve: Field, loose: float, neck: Field) -> Field:
    """Depth in a garment for the upper body; `sleeve`, how far down it ends; `neck`, how deep its opening."""
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


GARMENTS: tuple[Callable[[Cloth], tuple[Field, Field]], ...] = (
    tshirt,
    trouser,
    pullover,
    dress,
    coat,
    sandal,
    shirt,
    sneaker,
    bag,
    ankle_boot,
)


def weave(cloth: Cloth, depth: Field, trim: Field) -> NDArray[np.uint8]:
    """Grey bytes of shape (BATCH, 28, 28): the silhouette in a shade, a pattern, creases and noise of its own."""
    vary, some = cloth.vary, cloth.some
    wave = cloth.down * vary(0.05, 0.35) * some(0.5) + cloth.right * vary(0.05, 0.35) * some(0.5) + vary(0, 1)
    stripes = strip(wave - np.floor(wave), 0.5, 0.25) * 4
    grain = np.frombuffer(cloth.random.bytes(BATCH * SIZE * SIZE), np.int8).reshape(BATCH, SIZE, SIZE)
    flowers = np.frombuffer(cloth.random.bytes(BATCH * SIZE * SIZE // 4), np.int8).reshape(BATCH, SIZE // 2, SIZE // 2)
    plain = vary(0.3, 1)
    other = plain + vary(0.3, 0.7)
    other = other - np.floor(other)
    shade = plain + stripes * (vary(0, 0.3) * some(0.35))
    shade = shade + np.clip(trim + 0.5, 0, 1) * (other - plain)
    shade = shade + grain * (vary(0.1, 0.5) / 128)
    shade = shade + flowers.repeat(2, 1).repeat(2, 2) * (vary(0, 0.8) * some(0.5) / 128)
    shade = shade * (0.85 + 0.15 * np.clip(depth * 0.5, 0, 1))
    greys: NDArray[np.uint8] = (np.clip(shade, 0.06, 1) * np.clip(depth + 0.5, 0, 1) * 255).astype(np.uint8)
    return greys


def draw(seed: int = 42) -> Garments:
    """Draw 12,000 training and 2,000 test images, 1,200 and 200 of each class, in mixed order."""
    random = np.random.RandomState(seed)
    images = np.empty((len(GARMENTS), TRAIN_BATCHES + TEST_BATCHES, BATCH, SIZE, SIZE), np.uint8)
    for garment, batches in zip(GARMENTS, images, strict=True):
        for batch in batches:
            cloth = Cloth(random)
            batch[:] = weave(cloth, *garment(cloth))
    return Garments(*shuffle(random, images[:, :TRAIN_BATCHES]), *shuffle(random, images[:, TRAIN_BATCHES:]))


def shuffle(random: np.random.RandomState, images: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images (classes, batches, BATCH, 28, 28) in a row in mixed order, with their labels."""
    classes, batches = images.shape[:2]
    order = random.random_sample(classes * batches * BATCH).argsort(kind="stable")
    labels = np.arange(classes, dtype=np.uint8).repeat(batches * BATCH)
    return images.reshape(-1, SIZE, SIZE)[order], labels[order]
