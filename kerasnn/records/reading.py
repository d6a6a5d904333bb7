"""The sentences of a CurveReading: the facts, the verdict, causes, and one command that helps."""

from typing import Final

from kerasnn.language import N_, _, ngettext
from kerasnn.records.note import sentence
from kerasnn.records.training import CurveReading

VERDICTS: Final = {
    "not-learning": N_(
        "Not learning: the network is no better than answering without looking, which has a loss of {chance_loss:.4f} "
        "and an accuracy "
        "of {chance_accuracy:.4f}."
    ),
    "diverging": N_("Diverging: training makes the network worse instead of better."),
    "still-learning": N_(
        "Still learning: the last epochs lowered the validation loss, so more epochs will probably lower it further."
    ),
    "done": N_("Done: the validation loss has levelled off, so more epochs would gain little."),
    "noisy": N_(
        "Noisy: since epoch {best_epoch} the validation loss has risen by no more than it wavers, and more epochs will "
        "probably not lower it."
    ),
    "overfitting": N_(
        "Overfitting: the validation loss has stayed above that of epoch {best_epoch} while the training loss fell."
    ),
}
TOO_EARLY: Final = N_("Too early to tell: a few more epochs would show whether the validation loss rises or falls.")
STOPPED_EARLY: Final = N_(
    "Done: early stopping ended the training after epoch {last_epoch}, because the validation loss had not been lower "
    "since epoch {best_epoch}, and restored the weights of that epoch."
)
HASTY: Final = N_(
    "That may have been too soon: since epoch {best_epoch} the validation loss had risen by no more than it wavers "
    "from epoch to epoch, and a larger --patience waits that out."
)


def reading_sentences(reading: CurveReading) -> list[str]:
    """Return sentences on the best epoch, rise and gap, the verdict, its causes, and what to do next."""
    sentences = told_by_curves(reading)
    if reading.next_command:
        sentences.append(_("Next: {command}", command=reading.next_command))
    return sentences


def told_by_curves(reading: CurveReading) -> list[str]:
    """Return the same without what to do next."""
    sentences = [_facts(reading), verdict_sentence(reading)]
    if reading.hasty:
        sentences.append(_(HASTY, **vars(reading)))
    if reading.causes:
        causes = "; ".join(map(sentence, reading.causes))
        learns = _("The loss is probably high and unsteady because of this: {causes}.", causes=causes)
        sentences.append(_("Likely cause: {causes}.", causes=causes) if reading.failed else learns)
    if reading.disagreements and not reading.failed:
        sentences.append(
            ngettext(
                "Loss and accuracy disagreed in epoch {epochs}: one got better, the other worse. Trust the "
                "loss, which is what training minimises.",
                "Loss and accuracy disagreed in epochs {epochs}: one got better, the other worse. Trust the "
                "loss, which is what training minimises.",
                len(reading.disagreements),
                epochs=", ".join(map(str, reading.disagreements)),
            )
        )
    return sentences


def verdict_sentence(reading: CurveReading) -> str:
    """Return the verdict with its reason."""
    says = VERDICTS[reading.verdict]
    if reading.verdict == "done" and reading.stopped_early:
        says = STOPPED_EARLY
    if reading.too_early:
        says = TOO_EARLY
    return _(says, **vars(reading))


def _facts(reading: CurveReading) -> str:
    # whole sentences: not every language can exchange one word
    if reading.best_epoch == reading.last_epoch:
        lowest = _("The validation loss was lowest in the last epoch, {last_epoch} ({best_loss:.4f}).", **vars(reading))
    else:
        lowest = _(
            "The validation loss was lowest in epoch {best_epoch} of {last_epoch} ({best_loss:.4f}) and {rise:.1%} "
            "higher in the last.",
            **vars(reading),
        )
    if reading.gap >= 0:
        return lowest + " " + _("It ended {gap:.4f} above the training loss (a running mean).", gap=reading.gap)
    return lowest + " " + _("It ended {gap:.4f} below the training loss (a running mean).", gap=-reading.gap)
