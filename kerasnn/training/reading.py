"""Judge a training by its history: whether it diverged and why, whether it learns, is done or overfits.

Inputs are not checked: images are bytes (see data.dataset.Part), so all are finite and on one scale.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite, log, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import Labels
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.optimizers import OPTIMIZER_BY_NAME
from kerasnn.networks.classifier import Reals
from kerasnn.records import CurveReading, Epoch, Scores
from kerasnn.records.codes import Code
from kerasnn.records.note import Note
from kerasnn.records.training import LASTING, Verdict

VISIBLE: Final = 0.02  # change of a loss, as a fraction
CLEAR: Final = 0.1  # the same, of the training loss
NOISES: Final = 2.5  # standard deviations of the noise between epochs
FEW: Final = 3  # losses, from which no noise can be told
SURE: Final = 3  # standard errors of an accuracy
BY_HEART: Final = 0.1  # training accuracy above guessing; beyond it a network knows its training images at least
WORST_LOSS: Final = -log(1e-7)  # 16.1: Keras clips probabilities to at least 1e-7
# from here on, a setting is named as the likely cause
UNUSUAL: Final = 5  # times the usual learning rate, or a fraction of it
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


def unusual_rate(settings: Settings) -> tuple[Note, ...]:
    """Return a note if the learning rate is far from the optimizer's usual one."""
    optimizer = OPTIMIZER_BY_NAME.get(settings.optimizer)
    if optimizer is None:  # of another version
        return ()
    usual, rate = optimizer.learning_rate, settings.learning_rate or 0.0
    values = {"rate": rate, "usual": usual, "optimizer": settings.optimizer}
    if rate >= UNUSUAL * usual:
        return (Note(Code.HIGH_RATE, {**values, "times": rate / usual}),)
    return (Note(Code.LOW_RATE, values),) if rate <= usual / UNUSUAL else ()


def harmful_rate(settings: Settings) -> tuple[Note, ...]:
    """Return a note if the learning rate is so high that the training, even one that learns, is worse for it."""
    optimizer = OPTIMIZER_BY_NAME.get(settings.optimizer)
    if optimizer is None or optimizer.harmful is None:
        return ()
    high = (settings.learning_rate or 0.0) >= optimizer.harmful * optimizer.learning_rate
    return unusual_rate(settings) if high else ()


def likely_cause(settings: Settings) -> str:
    """Return a sentence that says which setting to change first, and what it was."""
    optimizer, rate = OPTIMIZER_BY_NAME[settings.optimizer], settings.learning_rate or 0.0
    for note in unusual_rate(settings):
        if note.code == Code.HIGH_RATE:
            return _(
                "lower --learning-rate: it was {rate:g}, {times:,.3g} times the usual {usual:g} of {optimizer}",
                **note.values,
            )
    if settings.momentum >= HIGH_MOMENTUM:
        return _("lower --momentum: it was {momentum:g}, usual is 0.9", momentum=settings.momentum)
    if not optimizer.bounds_steps:
        return _("lower --learning-rate (it was {rate:g}), or take --optimizer adam, which bounds its steps", rate=rate)
    return _("lower --learning-rate: it was {rate:g}", rate=rate)


def chance_of(labels: Labels, classes: int) -> Scores:
    """Return what a model scores that gives every image the shares of the classes in `labels`."""
    shares = np.bincount(labels, minlength=classes) / len(labels)
    present = shares[shares > 0]
    return Scores(float((present * -np.log(present)).sum()), float(shares.max()))


def read_curves(
    history: tuple[Epoch, ...], chance: Scores, *, images: int, stopped_early: bool = False, diverged: bool = False
) -> CurveReading | None:
    """Return a reading of `history`, or None if it is empty.

    `chance`: what guessing scores on the validation set, which has `images`. `diverged`: a fault ended the training.
    `python -m tests.training.verdicts` measures how often the verdicts are right.

    Source: lecture, "over- and underfitting": judge by the loss, because that is what training optimises.
    """
    if not history:
        return None
    best, last = min(history, key=lambda epoch: epoch.val_loss), history[-1]
    finite = all(isfinite(loss) for epoch in history for loss in (epoch.loss, epoch.val_loss))
    verdict: Verdict = "done"
    if diverged or not finite or _training_got_worse(history):
        verdict = "diverging"
    elif _is_chance(best, last, chance, images):
        verdict = "not-learning"
    elif not stopped_early:
        verdict = _verdict_of_losses(history)
    return CurveReading(
        verdict=verdict,
        best_epoch=best.epoch,
        last_epoch=last.epoch,
        best_loss=best.val_loss,
        gap=round(last.val_loss, 4) - round(last.loss, 4) if finite else last.val_loss - last.loss,  # as printed
        rise=rise_of(history),
        chance_loss=chance.loss,
        chance_accuracy=chance.accuracy,
        stopped_early=stopped_early,
        disagreements=disagreements_of(history),
    )


@np.errstate(all="ignore")  # as in _verdict_of_losses
def rise_is_noise(history: Sequence[Epoch]) -> bool:
    """Return whether the validation loss since its lowest epoch is higher by no more than it wavers between epochs."""
    losses = np.array([epoch.val_loss for epoch in history])
    best = int(losses.argmin())
    around = losses[max(0, best - 2) :]
    if best == len(losses) - 1 or len(around) < 4:  # too few to tell noise from a curve
        return False
    return bool(losses[best + 1 :].mean() - losses[best] <= _noise(around))


def rise_of(history: Sequence[Epoch]) -> float:
    """Return how far the validation loss ended above its minimum, as a fraction of the minimum."""
    best = min(epoch.val_loss for epoch in history)
    return history[-1].val_loss / best - 1 if best > 0 else 0.0


def disagreements_of(history: Sequence[Epoch]) -> tuple[int, ...]:
    """Return the epochs in which validation loss and validation accuracy both rose or both fell."""
    return tuple(
        now.epoch
        for before, now in pairwise(history)
        if (now.val_loss - before.val_loss) * (now.val_accuracy - before.val_accuracy) > 0
    )


def _is_chance(best: Epoch, last: Epoch, chance: Scores, images: int) -> bool:
    if chance.loss <= 0:  # all validation images are of one class: nothing can be better than that
        return False
    if last.accuracy > chance.accuracy + BY_HEART:
        return False
    error = sqrt(chance.accuracy * (1 - chance.accuracy) / max(images, 1))
    return best.val_loss > (1 - VISIBLE) * chance.loss and best.val_accuracy <= chance.accuracy + SURE * error


@np.errstate(all="ignore")  # as in _verdict_of_losses
def _training_got_worse(history: tuple[Epoch, ...]) -> bool:
    losses = np.array([epoch.loss for epoch in history])
    if losses[-1] > WORST_LOSS:
        return True
    count = min(LASTING, len(losses) - 1)
    best = min(history, key=lambda epoch: epoch.val_loss)
    if count < 2 or best in history[-count:]:
        return False
    before, late = losses[:-count], losses[-count:]
    # of few images, or with much dropout, the training loss wavers as well
    steady = before[max(0, int(before.argmin()) - 2) :]  # without the steep fall of the first epochs
    noise = _noise(steady) if len(steady) > FEW else 0.0
    return bool(late.min() - _around_lowest(before) > max(CLEAR * before.min(), NOISES * noise))


@np.errstate(all="ignore")  # a stranger's record may hold losses whose squares overflow
def _verdict_of_losses(history: tuple[Epoch, ...]) -> Verdict:
    """Return the verdict on a training that learnt something and reached its last epoch."""
    losses = np.array([epoch.val_loss for epoch in history])
    best, late = int(losses.argmin()), losses[-LASTING:]
    lowest, since = losses[best], len(losses) - 1 - best
    lasting = since >= LASTING and late.min() >= (1 + VISIBLE) * lowest and history[-1].loss < history[best].loss
    rise = late.mean() - _around_lowest(losses)
    if lasting and rise > NOISES * _noise(losses[max(0, best - 2) :]):
        return "overfitting"
    newest = 2 if len(losses) > 2 else 1
    near = losses[-1] <= (1 + VISIBLE) * lowest  # it may not just have bounced back
    if near and len(losses) > 1 and losses[-newest:].mean() <= (1 - VISIBLE) * losses[:-newest].min():
        return "still-learning"
    return "done" if len(losses) >= LASTING and late.max() <= (1 + VISIBLE) * lowest else "noisy"


def _around_lowest(losses: NDArray[np.float64]) -> float:
    """Return the median of the three losses around the lowest, which of many epochs owes much to chance."""
    best = int(losses.argmin())
    return float(np.median(losses[max(0, best - 1) : best + 2]))


def _noise(losses: NDArray[np.float64]) -> float:
    """Return the standard deviation of the noise in `losses`, at least three of them, around a smooth curve.

    Second differences cancel a straight line and have six times the variance of the noise; 0.4549 is the median of the
    square of a standard normal variable.
    """
    return float(np.sqrt(np.median(np.diff(losses, 2) ** 2) / (6 * 0.4549)))
