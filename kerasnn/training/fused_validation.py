"""Measure loss and accuracy on the validation images with a compiled program, for the engine `fused`."""

from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import numpy as np

from kerasnn.data.dataset import Part
from kerasnn.networks.builders import losses_of
from kerasnn.networks.runtime import tf
from kerasnn.training.fused_program import Program, compiled, count_right

MOST_AT_ONCE: Final = 8192  # most images in one call


@dataclass(frozen=True)
class Portions:
    """Images and labels in equal portions, padded with zeros.

    `images`, `labels`: tensors, uint8 of shape (portions * portion, pixels) and int32 of shape (portions * portion,).
    `portion`: images in one portion. `count`: images without the padding.
    """

    images: Any
    labels: Any
    portion: int
    count: int


def in_portions(part: Part) -> Portions:
    """Pad `part` to a whole number of equal portions: XLA compiles for one shape, so all calls must have it."""
    count = len(part)
    portions = ceil(count / MOST_AT_ONCE)
    portion = ceil(count / portions)
    spare = portions * portion - count
    images = np.pad(part.images.reshape(count, -1), ((0, spare), (0, 0)))
    return Portions(tf.constant(images), tf.constant(np.pad(part.labels, (0, spare))), portion, count)


class Validation:
    """A program that measures the model of `program` on the validation images."""

    def __init__(self, program: Program, portions: Portions) -> None:
        self.program, self.portions = program, portions
        self._sums = compiled(self._sums_of_portion)

    def measure(self) -> tuple[float, float]:
        """Return loss and accuracy, without dropout."""
        every = self.portions
        starts = range(0, every.count, every.portion)
        sums = [self._sums((every.images, every.labels), tf.constant(start)) for start in starts]
        loss, right = (sum(float(each[part]) for each in sums) for part in (0, 1))
        return loss / every.count, right / every.count

    def _sums_of_portion(self, data: Any, start: Any) -> tuple[Any, Any]:
        """Return the sum of losses and the number right in the portion that begins at `start`."""
        size = self.portions.portion
        images = tf.slice(data[0], [start, 0], [size, data[0].shape[1]])
        labels = tf.slice(data[1], [start], [size])
        counts = tf.cast(tf.range(size) + start < self.portions.count, tf.float32)  # 0 for padding
        probabilities = self.program.forward(images)
        losses = losses_of(labels, probabilities)
        return tf.reduce_sum(losses * counts), count_right(labels, probabilities, counts)
