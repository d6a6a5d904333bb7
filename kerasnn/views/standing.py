"""A study under way, in lines."""

from kerasnn.records import Outcome, Standing
from kerasnn.views import words


def outcome_line(outcome: Outcome) -> str:
    """One finished training in one line of less than 80 characters."""
    validation, test = outcome.validation, outcome.test
    wild = "  diverged" if outcome.diverged else ""
    return (
        f"{outcome.job.stage:14} seed {outcome.job.seed:<4} validation {validation.loss:.4f} {validation.accuracy:.4f}"
        f"  test {test.loss:.4f} {test.accuracy:.4f}{wild}"
    )


def standing_line(standing: Standing) -> str:
    """How many trainings are done, and about how long the rest takes."""
    return f"{standing.done}/{standing.jobs}  {time_left(standing)}".rstrip()


def time_left(standing: Standing) -> str:
    """`3 min 3 s left`; nothing where nobody can tell, or all is done."""
    if standing.seconds_left is None or standing.done == standing.jobs:
        return ""
    return f"{words.seconds(standing.seconds_left)} left"
