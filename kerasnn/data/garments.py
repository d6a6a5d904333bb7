"""Garments: ten classes of clothes drawn by arithmetic, a stand-in for Fashion-MNIST that needs no network connection.

The same seed gives the same bytes on every machine. All randomness comes from `RandomState`, whose stream NumPy has
frozen, and only arithmetic is used that IEEE 754 rounds in exactly one way: no powers, sines or matrix products, and no
sums whose order may vary.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.cloth import BATCH, SIZE, Cloth, Field, strip
from kerasnn.data.silhouettes import GARMENTS

TRAIN_BATCHES, TEST_BATCHES = 6, 1  # per class


class Garments(NamedTuple):
    """Images, uint8 of shape (n, 28, 28), 0 black to 255 white; labels, uint8 of shape (n,), 0 to 9."""

    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]


def weave(cloth: Cloth, depth: Field, trim: Field) -> NDArray[np.uint8]:
    """Return grey bytes of shape (BATCH, 28, 28): the silhouette with random shade, stripes, flowers and noise."""
    vary, some = cloth.vary, cloth.some
    wave = cloth.down * vary(0.05, 0.35) * some(0.5) + cloth.right * vary(0.05, 0.35) * some(0.5) + vary(0, 1)
    stripes = strip(wave - np.floor(wave), 0.5, 0.25) * 4
    grain = np.frombuffer(cloth.random.bytes(BATCH * SIZE * SIZE), np.int8).reshape(BATCH, SIZE, SIZE)
    # one byte for each square of 2 x 2 pixels
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
    """Draw 12,000 training and 2,000 test images, 1,200 and 200 of each class, in random order."""
    random = np.random.RandomState(seed)
    images = np.empty((len(GARMENTS), TRAIN_BATCHES + TEST_BATCHES, BATCH, SIZE, SIZE), np.uint8)
    for garment, batches in zip(GARMENTS, images, strict=True):
        for batch in batches:
            cloth = Cloth(random)
            batch[:] = weave(cloth, *garment(cloth))
    return Garments(*shuffle(random, images[:, :TRAIN_BATCHES]), *shuffle(random, images[:, TRAIN_BATCHES:]))


def shuffle(random: np.random.RandomState, images: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return images of shape (classes, batches, BATCH, 28, 28) in random order as (n, 28, 28), and their labels."""
    classes, batches = images.shape[:2]
    order = random.random_sample(classes * batches * BATCH).argsort(kind="stable")
    labels = np.arange(classes, dtype=np.uint8).repeat(batches * BATCH)
    return images.reshape(-1, SIZE, SIZE)[order], labels[order]
