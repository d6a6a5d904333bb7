"""When a training has diverged, and what most likely made it.

Inputs are not looked at: images are bytes (see data.dataset.Part), so every one is finite and scaled alike.
"""

from collections.abc import Sequence
from math import isfinite, log
from typing import Final

import numpy as np

from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.optimizers import OPTIMIZER_BY_NAME
from kerasnn.networks.classifier import Reals
from kerasnn.records import Epoch
from kerasnn.records.note import Code, Note

WORST_LOSS: Final = -log(1e-7)  # Keras takes no probability for smaller than 1e-7: 16.1
MUCH_HIGHER: Final = 5  # times the usual learning rate
TOO_LASTING: Final = 0.95


def loss_bound(classes: int) -> float:
    """The loss beyond which a network has exploded: half way between guessing and being surely wrong every time."""
    return (log(classes) + WORST_LOSS) / 2


def find_fault(epoch: Epoch, weights: Sequence[Reals], classes: int) -> Note | None:
    """Tell why `epoch` is not a good one, or None where it is.

    `weights`: after the epoch. They are looked at too, for a network of NaN weights may report a loss of 2.30.
    `classes`: outputs of the network.
    """
    for code, loss in (
        (Code.TRAINING_LOSS_NOT_FINITE, epoch.loss),
        (Code.VALIDATION_LOSS_NOT_FINITE, epoch.val_loss),
    ):
        if not isfinite(loss):
            return Note(code, {"loss": str(loss)})  # JSON has no NaN
    if not all(bool(np.isfinite(part).all()) for part in weights):
        return Note(Code.WEIGHTS_NOT_FINITE)
    bound = loss_bound(classes)
    if min(epoch.loss, epoch.val_loss) > bound:
        losses = {"training": epoch.loss, "validation": epoch.val_loss, "guessing": log(classes)}
        return Note(Code.LOSS_EXPLODED, losses)
    return None


def likely_cause(settings: Settings) -> str:
    """What to change first, with the value that speaks for it."""
    optimizer, rate = OPTIMIZER_BY_NAME[settings.optimizer], settings.learning_rate or 0.0
    usual = optimizer.learning_rate
    if rate >= MUCH_HIGHER * usual:
        return _(
            "lower --learning-rate: it was {rate:g}, {times:,.3g} times the usual {usual:g} of {optimizer}",
            rate=rate,
            times=rate / usual,
            usual=usual,
            optimizer=settings.optimizer,
        )
    if settings.momentum >= TOO_LASTING:
        return _("lower --momentum: it was {momentum:g}, usual is 0.9", momentum=settings.momentum)
    if not optimizer.bounds_steps:
        return _("lower --learning-rate (it was {rate:g}), or take --optimizer adam, which bounds its steps", rate=rate)
    return _("lower --learning-rate: it was {rate:g}", rate=rate)
