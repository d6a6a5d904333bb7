"""A training or a study in progress, in lines."""

from kerasnn.language import _
from kerasnn.records import Epoch, Outcome, StudyProgress
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

    `choosing`: as in StudyProgress; then without its figures on the test images.
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


def study_progress_line(progress: StudyProgress) -> str:
    """How many trainings are done, and about how long the rest takes."""
    return f"{progress.done}/{progress.jobs}  {time_left(progress)}".rstrip()


def time_left(progress: StudyProgress) -> str:
    """`3 min 3 s left`; nothing where nobody can tell, or all is done."""
    if progress.seconds_left is None or progress.done == progress.jobs:
        return ""
    return _("{time} left", time=format_duration(progress.seconds_left))
