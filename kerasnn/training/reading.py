"""Read the loss curves of a training: overfitting, underfitting, or balanced."""

from itertools import pairwise
from typing import Final, Literal

from kerasnn.records import CurveReading, Epoch

VISIBLE_RISE: Final = 0.02  # as a fraction of the lowest validation loss


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
