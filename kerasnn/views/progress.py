"""Progress of a training or a study as lines of text."""

from kerasnn.language import _
from kerasnn.records import Epoch, Outcome, StudyProgress
from kerasnn.views.format import format_duration, format_settings


def epoch_line(epoch: Epoch, epochs: int) -> str:
    """Return one line of at most 80 characters for a finished epoch."""
    return _(
        "epoch {number}/{epochs}  training loss {loss:.4f} accuracy {accuracy:.4f}"
        "  validation {val_loss:.4f} {val_accuracy:.4f}",
        number=f"{epoch.epoch:{len(str(epochs))}}",  # padded, so that the lines stand below each other
        epochs=epochs,
        **vars(epoch),
    )


def outcome_line(outcome: Outcome, *, choosing: bool = False) -> str:
    """Return one line for a finished training, below 80 characters unless it has overrides.

    `choosing`: as in StudyProgress; omits the scores on the test images.
    """
    job = outcome.job
    scores = _(
        "{stage:14} seed {seed:<4} validation {loss:.4f} {accuracy:.4f}", **vars(job), **vars(outcome.validation)
    )
    parts = [scores]
    if not choosing:
        parts.append(_("test {loss:.4f} {accuracy:.4f}", **vars(outcome.test)))
    if job.overrides:
        parts.append(format_settings(job.overrides))
    if outcome.diverged:
        parts.append(_("diverged"))
    return "  ".join(parts)


def study_progress_line(progress: StudyProgress) -> str:
    """Return the number of finished trainings and the estimated time left."""
    return f"{progress.done}/{progress.jobs}  {time_left(progress)}".rstrip()


def time_left(progress: StudyProgress) -> str:
    """Return `3 min 3 s left`; empty without an estimate, or if all trainings are done."""
    if progress.seconds_left is None or progress.done == progress.jobs:  # no estimate before the first training is done
        return ""
    return _("{time} left", time=format_duration(progress.seconds_left))
