"""Report how far a study has come, and estimate how long the rest will take."""

import statistics
from collections import Counter
from collections.abc import Sequence

from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.records import Job, Listener, Outcome, Running, StudyProgress


class ProgressReporter:
    """Counts finished jobs, and estimates the rest from their times: per stage or, if a stage has none, per epoch."""

    def __init__(self, jobs: Sequence[Job], workers: int, listener: Listener) -> None:
        self.workers, self.listener = workers, listener
        self.jobs = len(jobs)
        self.left = Counter(map(_kind, jobs))
        self.spent: dict[tuple[str, int], list[float]] = {}

    def finish(self, outcome: Outcome) -> None:
        """Count a job as finished, and report it."""
        kind = _kind(outcome.job)
        self.left[kind] -= 1
        self.spent.setdefault(kind, []).append(outcome.seconds.train)
        self.report([], outcome)

    def report(self, running: Sequence[Running], finished: Outcome | None = None) -> None:
        """Tell the listener how far the study has come."""
        done = self.jobs - self.left.total()
        self.listener(StudyProgress(self.jobs, done, 0, tuple(running), self._seconds_left(running), finished))

    def _seconds_left(self, running: Sequence[Running]) -> float | None:
        if not self.spent:
            return None
        per_epoch = statistics.fmean(seconds / epochs for (_, epochs), times in self.spent.items() for seconds in times)
        expected = {
            kind: statistics.fmean(self.spent[kind]) if kind in self.spent else per_epoch * kind[1]
            for kind in self.left
        }
        remaining = sum(count * expected[kind] for kind, count in self.left.items())
        # a job that takes longer than expected must not count for more than itself
        under_way = sum(min(each.seconds, expected[_kind(each.job)]) for each in running)
        return max(0.0, remaining - under_way) / self.workers


def planned_epochs(job: Job) -> int:
    """Return how many epochs `job` trains at most."""
    return int(job.overrides.get("epochs") or STAGE_BY_NAME[job.stage].settings.epochs)


def _kind(job: Job) -> tuple[str, int]:
    """Return the stage and the epochs of `job`: jobs of the same kind take about as long."""
    return job.stage, planned_epochs(job)
