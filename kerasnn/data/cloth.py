"""The cloth of garments: pixel coordinates, random measures, depth fields that can be combined, and grey values."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

SIZE = 28
BATCH = 200  # images drawn at once: few enough to stay in the processor's cache

Field = NDArray[np.float32]  # one number per pixel (BATCH, 28, 28), or per image (BATCH, 1, 1)
Number = Field | float


class Cloth:
    """A batch of blank images: the position of each pixel in the garment's own coordinates, and a source of randomness.

    `right`, `down`: the distance of each pixel from the middle of the garment, float32 of shape (BATCH, 28, 28);
    `side`: |right|.
    """

    def __init__(self, random: np.random.RandomState) -> None:
        self.random = random
        tilt = self.vary(-0.06, 0.06)  # tangent of half the angle: sine and cosine follow by plain arithmetic
        cosine, sine = (1 - tilt * tilt) / (1 + tilt * tilt), 2 * tilt / (1 + tilt * tilt)
        middle = np.arange(SIZE, dtype=np.float32) - (SIZE - 1) / 2
        mirror = 1 - 2 * self.some(0.5)  # 1 or -1
        x = (middle.reshape(1, 1, SIZE) - self.vary(-0.8, 0.8)) * (self.vary(0.85, 1.05) * mirror)
        y = (middle.reshape(1, SIZE, 1) - self.vary(-0.7, 0.7)) * self.vary(0.92, 1.05)
        self.right: Field = x * cosine + y * sine
        self.down: Field = y * cosine - x * sine
        self.side: Field = np.abs(self.right)

    def vary(self, low: float, high: float) -> Field:
        """Draw one number per image, uniform in [low, high): float32 of shape (BATCH, 1, 1)."""
        return (low + (high - low) * self.random.random_sample((BATCH, 1, 1))).astype(np.float32)

    def some(self, share: float) -> Field:
        """Return 1 for about this share of the images and 0 for the others: float32 of shape (BATCH, 1, 1)."""
        return (self.random.random_sample((BATCH, 1, 1)) < share).astype(np.float32)


def curve(along: Field, *points: tuple[Number, Number]) -> Field:
    """Return the height at `along` of a line through `points` (place, height), in ascending order; flat outside."""
    height: Field = np.asarray(points[0][1], np.float32)
    for (start, low), (end, high) in pairwise(points):
        height = height + np.clip(along - start, 0, end - start) * ((high - low) / (end - start))
    return height


def inside(*depths: Field) -> Field:
    """Return the depth inside the intersection of shapes, from the depth inside each."""
    depth = depths[0]
    for other in depths[1:]:
        depth = np.minimum(depth, other)
    return depth


def strip(along: Field, middle: Number, half: Number) -> Field:
    """Return the depth inside a strip that extends `half` to either side of `middle`."""
    depth: Field = half - np.abs(along - middle)
    return depth


def weave(cloth: Cloth, depth: Field, trim: Field) -> NDArray[np.uint8]:
    """Return grey bytes of shape (BATCH, 28, 28): the silhouette with random shade, stripes, flowers and noise."""
    vary, some = cloth.vary, cloth.some
    wave = cloth.down * vary(0.05, 0.35) * some(0.5) + cloth.right * vary(0.05, 0.35) * some(0.5) + vary(0, 1)
    stripes = strip(wave - np.floor(wave), 0.5, 0.25) * 4  # of the fraction: a triangle wave from -1 to 1
    grain = np.frombuffer(cloth.random.bytes(BATCH * SIZE * SIZE), np.int8).reshape(BATCH, SIZE, SIZE)
    # one byte for each square of 2 x 2 pixels
    flowers = np.frombuffer(cloth.random.bytes(BATCH * SIZE * SIZE // 4), np.int8).reshape(BATCH, SIZE // 2, SIZE // 2)
    plain = vary(0.3, 1)
    other = plain + vary(0.3, 0.7)
    other = other - np.floor(other)  # back into 0..1, and at least 0.3 from `plain`
    shade = plain + stripes * (vary(0, 0.3) * some(0.35))
    shade = shade + np.clip(trim + 0.5, 0, 1) * (other - plain)
    shade = shade + grain * (vary(0.1, 0.5) / 128)
    shade = shade + flowers.repeat(2, 1).repeat(2, 2) * (vary(0, 0.8) * some(0.5) / 128)
    shade = shade * (0.85 + 0.15 * np.clip(depth * 0.5, 0, 1))  # a little darker within two pixels of the edge
    # adding 0.5 smooths the edge: a pixel half inside is half as bright
    greys: NDArray[np.uint8] = (np.clip(shade, 0.06, 1) * np.clip(depth + 0.5, 0, 1) * 255).astype(np.uint8)
    return greys
