"""Judge a training by its history: whether it diverged and why, whether it over- or underfits.

Inputs are not checked: images are bytes (see data.dataset.Part), so all are finite and on one scale.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite, log
from typing import Final, Literal

import numpy as np

from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.optimizers import OPTIMIZER_BY_NAME
from kerasnn.networks.classifier import Reals
from kerasnn.records import CurveReading, Epoch
from kerasnn.records.note import Code, Note

VISIBLE_RISE: Final = 0.02  # as a fraction of the lowest validation loss
WORST_LOSS: Final = -log(1e-7)  # 16.1: Keras clips probabilities to at least 1e-7
# from here on, a setting is named as the likely cause
HIGH_RATE: Final = 5  # times the usual learning rate
HIGH_MOMENTUM: Final = 0.95


def loss_bound(classes: int) -> float:
    """Return the loss above which training has diverged: halfway between guessing and being always certainly wrong."""
    return (log(classes) + WORST_LOSS) / 2


def find_fault(epoch: Epoch, weights: Sequence[Reals], classes: int) -> Note | None:
    """Return the sign of divergence in `epoch`, or None if there is none.

    `weights`: those after the epoch; they are checked too, because a network with NaN weights may report a loss of
    2.30. `classes`: number of the network's outputs.
    """
    for code, loss in ((Code.TRAINING_LOSS_NOT_FINITE, epoch.loss), (Code.VALIDATION_LOSS_NOT_FINITE, epoch.val_loss)):
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
    """Return a sentence that says which setting to change first, and what it was."""
    optimizer, rate = OPTIMIZER_BY_NAME[settings.optimizer], settings.learning_rate or 0.0
    usual = optimizer.learning_rate
    if rate >= HIGH_RATE * usual:
        return _(
            "lower --learning-rate: it was {rate:g}, {times:,.3g} times the usual {usual:g} of {optimizer}",
            rate=rate,
            times=rate / usual,
            usual=usual,
            optimizer=settings.optimizer,
        )
    if settings.momentum >= HIGH_MOMENTUM:
        return _("lower --momentum: it was {momentum:g}, usual is 0.9", momentum=settings.momentum)
    if not optimizer.bounds_steps:
        return _("lower --learning-rate (it was {rate:g}), or take --optimizer adam, which bounds its steps", rate=rate)
    return _("lower --learning-rate: it was {rate:g}", rate=rate)


def read_curves(history: tuple[Epoch, ...]) -> CurveReading | None:
    """Return a reading of `history`, or None if it is empty.

    Overfitting: the validation loss rose by 2 % or more after its minimum, while the training loss kept falling.
    Underfitting: the last epoch was the best, so more epochs may help. Balanced: neither.

    Source: lecture, "over- and underfitting": judge by the loss, because that is what training optimises.
    """
    if not history:
        return None
    best = min(history, key=lambda epoch: epoch.val_loss)
    last = history[-1]
    rise = last.val_loss / best.val_loss - 1 if best.val_loss > 0 else 0.0
    verdict: Literal["underfitting", "overfitting", "balanced"] = "balanced"
    if rise >= VISIBLE_RISE and last.loss < best.loss:
        verdict = "overfitting"
    elif best is last and len(history) > 1:
        verdict = "underfitting"
    return CurveReading(
        best_epoch=best.epoch,
        last_epoch=last.epoch,
        gap=last.val_loss - last.loss,
        rise=rise,
        verdict=verdict,
        disagreements=_disagreements(history),
    )


def _disagreements(history: tuple[Epoch, ...]) -> tuple[int, ...]:
    """Return the epochs in which validation loss and validation accuracy both rose or both fell."""
    return tuple(
        now.epoch
        for before, now in pairwise(history)
        if (now.val_loss - before.val_loss) * (now.val_accuracy - before.val_accuracy) > 0
    )
