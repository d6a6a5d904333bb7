"""What the curves say, in sentences."""

from kerasnn.language import _, ngettext
from kerasnn.records import CurveReading
from kerasnn.views.format import join_items


def reading_sentences(reading: CurveReading, best_loss: float) -> list[str]:
    """Best epoch, gap, verdict and disagreements; `best_loss`: the validation loss of the best epoch."""
    found = {
        "best": reading.best_epoch,
        "last": reading.last_epoch,
        "loss": best_loss,
        "gap": abs(reading.gap),
    }
    if reading.gap >= 0:
        lowest = _(
            "The validation loss was lowest in epoch {best} of {last} ({loss:.4f}); at the end it lay {gap:.4f} "
            "above the training loss (its running mean).",
            **found,
        )
    else:
        lowest = _(
            "The validation loss was lowest in epoch {best} of {last} ({loss:.4f}); at the end it lay {gap:.4f} "
            "below the training loss (its running mean).",
            **found,
        )
    sentences = [lowest, _verdict(reading)]
    if reading.disagreements:
        sentences.append(
            ngettext(
                "Loss and accuracy disagreed in epoch {epochs}: one called the epoch better, the other worse. Go by "
                "the loss, for that is what training lowers.",
                "Loss and accuracy disagreed in epochs {epochs}: one called the epoch better, the other worse. Go "
                "by the loss, for that is what training lowers.",
                len(reading.disagreements),
                epochs=join_items(reading.disagreements),
            )
        )
    return sentences


def _verdict(reading: CurveReading) -> str:
    if reading.verdict == "overfitting":
        return _(
            "Overfitting: after epoch {best} the validation loss rose by {rise:.1%} while the training loss went on "
            "falling. --patience 2 stops in time and keeps the best epoch.",
            best=reading.best_epoch,
            rise=reading.rise,
        )
    if reading.verdict == "underfitting":
        return _("Not finished learning: the last epoch was the best, so more --epochs may bring more.")
    return _(
        "Balanced: since its lowest point the validation loss rose by no more than {rise:.1%}.",
        rise=max(reading.rise, 0),
    )
