"""A training or a study in progress, in lines."""

from kerasnn.language import _
from kerasnn.records import Epoch, Outcome, Standing
from kerasnn.views.format import format_duration, format_settings


def epoch_line(epoch: Epoch, epochs: int) -> str:
    """One finished epoch in one line of at most 80 characters."""
    width = len(str(epochs))
    return _(
        "epoch {number}/{epochs}  training loss {loss:.4f} accuracy {accuracy:.4f}"
        "  validation {val_loss:.4f} {val_accuracy:.4f}",
        number=f"{epoch.epoch:{width}}",
        epochs=epochs,
        loss=epoch.loss,
        accuracy=epoch.accuracy,
        val_loss=epoch.val_loss,
        val_accuracy=epoch.val_accuracy,
    )


def outcome_line(outcome: Outcome, *, choosing: bool = False) -> str:
    """One finished training in one line of less than 80 characters, but for settings of its own.

    `choosing`: as in Standing; then without its figures on the test images.
    """
    job, validation, test = outcome.job, outcome.validation, outcome.test
    figures = _(
        "{stage:14} seed {seed:<4} validation {loss:.4f} {accuracy:.4f}",
        stage=job.stage,
        seed=job.seed,
        loss=validation.loss,
        accuracy=validation.accuracy,
    )
    tested = _("test {loss:.4f} {accuracy:.4f}", loss=test.loss, accuracy=test.accuracy)
    rest = [] if choosing else [tested]
    if job.overrides:
        rest.append(format_settings(job.overrides))
    return "  ".join([figures, *rest, *([_("diverged")] if outcome.diverged else [])])


def standing_line(standing: Standing) -> str:
    """How many trainings are done, and about how long the rest takes."""
    return f"{standing.done}/{standing.jobs}  {time_left(standing)}".rstrip()


def time_left(standing: Standing) -> str:
    """`3 min 3 s left`; nothing where nobody can tell, or all is done."""
    if standing.seconds_left is None or standing.done == standing.jobs:
        return ""
    return _("{time} left", time=format_duration(standing.seconds_left))
