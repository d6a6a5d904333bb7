"""When a training has diverged, and what most likely made it.

Inputs are not looked at: images are bytes (see data.dataset.Part), so every one is finite and scaled alike.
"""

from collections.abc import Sequence
from math import isfinite, log
from typing import Final

import numpy as np

from kerasnn.lecture.stages import Settings
from kerasnn.networks.classifier import Reals
from kerasnn.records import Epoch
from kerasnn.settings import DEFAULT_LEARNING_RATE

WORST_LOSS: Final = -log(1e-7)  # Keras takes no probability for smaller than 1e-7: 16.1
MUCH_HIGHER: Final = 5  # times the usual learning rate
TOO_LASTING: Final = 0.95


def loss_bound(classes: int) -> float:
    """The loss beyond which a network has exploded: half way between guessing and being surely wrong every time."""
    return (log(classes) + WORST_LOSS) / 2


def find_fault(epoch: Epoch, weights: Sequence[Reals], classes: int) -> str | None:
    """Why `epoch` is not a good one, or None. The loss alone does not tell: a network of not-a-number may report 2.30.

    `weights`: after the epoch. `classes`: outputs of the network.
    """
    for name, loss in (("training", epoch.loss), ("validation", epoch.val_loss)):
        if not isfinite(loss):
            return f"the {name} loss is {loss}"
    if not all(bool(np.isfinite(part).all()) for part in weights):
        return "weights are infinite or not numbers"
    bound = loss_bound(classes)
    if min(epoch.loss, epoch.val_loss) > bound:
        return (
            f"the loss exploded to {epoch.loss:.4g} in training and {epoch.val_loss:.4g} in validation, "
            f"and guessing has {log(classes):.4g}"
        )
    return None


def likely_cause(settings: Settings) -> str:
    """What to change first, with the value that speaks for it."""
    usual, rate = DEFAULT_LEARNING_RATE[settings.optimizer], settings.learning_rate or 0.0
    if rate >= MUCH_HIGHER * usual:
        times = f"{rate / usual:,.3g} times the usual {usual:g} of {settings.optimizer}"
        return f"lower --learning-rate: it was {rate:g}, {times}"
    if settings.momentum >= TOO_LASTING:
        return f"lower --momentum: it was {settings.momentum:g}, usual is 0.9"
    if settings.optimizer != "adam":
        return f"lower --learning-rate (it was {rate:g}), or take --optimizer adam, which bounds its steps"
    return f"lower --learning-rate: it was {rate:g}"
