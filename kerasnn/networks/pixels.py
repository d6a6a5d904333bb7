"""Find out which pixels a network takes, 0 to 255 or 0 to 1, from its first layers: one rule, whoever computes it."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import numpy as np

from kerasnn.records import Note
from kerasnn.records.codes import Code

FLAT: Final = 0.1  # dividing by 255 is a scale of 0.004, by 127.5 one of 0.008, by the deviation of raw pixels 0.01
FARTHEST: Final = 2.0  # the mean of pixels from 0 to 1 is at most 1, that of raw ones about 70


class Step(NamedTuple):
    """What the layer `name` makes of a pixel x: x * scale + offset. `measured`: by the mean and variance of images."""

    name: str
    scale: Any
    offset: Any
    measured: bool = False


def normalising(name: str, mean: Any, variance: Any, epsilon: float) -> Step:
    """Return the step of a layer that has seen the mean and the variance of its inputs."""
    with np.errstate(all="ignore"):  # the file may say anything
        scale = 1 / np.sqrt(np.asarray(variance, np.float64) + epsilon)
        return Step(name, scale, -np.asarray(mean, np.float64) * scale, measured=True)


def step_for_bytes(steps: Iterable[Step]) -> Step | None:
    """Return the first of a network's `steps` that is made for pixels from 0 to 255; None if none of them is."""
    scale, offset = np.float64(1), np.float64(0)
    with np.errstate(all="ignore"):
        for step in steps:
            scale, offset = scale * step.scale, offset * step.scale + step.offset
            far = -offset * scale > FARTHEST * scale**2  # the pixel that becomes 0, without a division by 0
            if np.any((np.abs(scale) < FLAT) | far):
                return step
    return None


def notes_on_pixels(step: Step | None, *, whole: bool) -> tuple[Note, ...]:
    """Return a note unless it is plain which pixels a network takes. `whole`: only whole numbers, as its input says."""
    if step is not None and step.measured:
        return (Note(Code.BYTES_BY_MEAN, {"name": step.name}),)
    return (Note(Code.BYTES_BY_TYPE),) if whole and step is None else ()
