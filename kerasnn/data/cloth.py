"""The cloth that garments are cut from: pixel coordinates, random measures, and depth fields, which can be combined."""

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
        mirror = 1 - 2 * self.some(0.5)
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
