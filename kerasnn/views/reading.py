"""The diagnosis of learning curves in sentences."""

from collections.abc import Sequence
from typing import Final

from kerasnn.language import N_, _, ngettext
from kerasnn.records import CurveReading, Epoch
from kerasnn.views.format import join_items

ABOVE: Final = N_(  # whole sentences: not every language can exchange one word
    "The validation loss was lowest in epoch {best} of {last} ({loss:.4f}); in the last epoch it was "
    "{gap:.4f} above the training loss (a running mean)."
)
BELOW: Final = N_(
    "The validation loss was lowest in epoch {best} of {last} ({loss:.4f}); in the last epoch it was "
    "{gap:.4f} below the training loss (a running mean)."
)


def reading_sentences(reading: CurveReading, history: Sequence[Epoch]) -> list[str]:
    """Return sentences on the best epoch, the gap, the verdict and disagreements of loss and accuracy."""
    best, last, gap = reading.best_epoch, reading.last_epoch, abs(reading.gap)
    loss = min(epoch.val_loss for epoch in history)
    lowest = _(ABOVE if reading.gap >= 0 else BELOW, best=best, last=last, loss=loss, gap=gap)
    sentences = [lowest, _verdict(reading)]
    if reading.disagreements:
        sentences.append(
            ngettext(
                "Loss and accuracy disagreed in epoch {epochs}: one got better, the other worse. Trust the "
                "loss, which is what training minimizes.",
                "Loss and accuracy disagreed in epochs {epochs}: one got better, the other worse. Trust the "
                "loss, which is what training minimizes.",
                len(reading.disagreements),
                epochs=join_items(reading.disagreements),
            )
        )
    return sentences


def _verdict(reading: CurveReading) -> str:
    best, rise = reading.best_epoch, reading.rise
    if reading.verdict == "overfitting":
        return _(
            "Overfitting: after epoch {best} the validation loss rose by {rise:.1%} while the training loss "
            "kept falling. --patience 2 stops in time and saves the best epoch.",
            best=best,
            rise=rise,
        )
    if reading.verdict == "underfitting":
        return _("Still learning: the last epoch was the best, so more --epochs may help.")
    # after its minimum the loss may even have fallen a little
    return _("Balanced: after its minimum the validation loss rose by no more than {rise:.1%}.", rise=max(rise, 0))
