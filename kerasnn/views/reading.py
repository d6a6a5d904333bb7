"""What the curves say, in sentences."""

from kerasnn.records import CurveReading
from kerasnn.views import words


def reading_sentences(reading: CurveReading, best_loss: float) -> list[str]:
    """Best epoch, gap, verdict and disagreements; `best_loss`: the validation loss of the best epoch."""
    sentences = [
        f"The validation loss was lowest in epoch {reading.best_epoch} of {reading.last_epoch} ({best_loss:.4f}); "
        f"at the end it lay {abs(reading.gap):.4f} {'above' if reading.gap >= 0 else 'below'} the training loss "
        "(its running mean).",
        _verdict(reading),
    ]
    if reading.disagreements:
        epochs = "epoch" if len(reading.disagreements) == 1 else "epochs"
        sentences.append(
            f"Loss and accuracy disagreed in {epochs} {words.listing(reading.disagreements)}: one called "
            "the epoch better, the other worse. Go by the loss, for that is what training lowers."
        )
    return sentences


def _verdict(reading: CurveReading) -> str:
    if reading.verdict == "overfitting":
        return (
            f"Overfitting: after epoch {reading.best_epoch} the validation loss rose by {reading.rise:.1%} while the "
            "training loss went on falling. --patience 2 stops in time and keeps the best epoch."
        )
    if reading.verdict == "underfitting":
        return "Not finished learning: the last epoch was the best, so more --epochs may bring more."
    return f"Balanced: since its lowest point the validation loss rose by no more than {max(reading.rise, 0):.1%}."
