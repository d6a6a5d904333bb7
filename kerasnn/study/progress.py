"""How far a study is, and how long it will take."""

import statistics
from collections import Counter
from collections.abc import Sequence

from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.records import Job, Listener, Outcome, Running, StudyProgress


class Account:
    """Counts what is finished, and reckons the rest by it: a stage takes as long as it took, per epoch."""

    def __init__(self, jobs: Sequence[Job], workers: int, listener: Listener) -> None:
        self.workers, self.listener = workers, listener
        self.jobs = len(jobs)
        self.left = Counter(map(_kind, jobs))
        self.spent: dict[tuple[str, int], list[float]] = {}

    def finished(self, outcome: Outcome) -> None:
        kind = _kind(outcome.job)
        self.left[kind] -= 1
        self.spent.setdefault(kind, []).append(outcome.seconds.train)
        self.report([], outcome)

    def report(self, running: Sequence[Running], finished: Outcome | None = None) -> None:
        done = self.jobs - self.left.total()
        self.listener(StudyProgress(self.jobs, done, 0, tuple(running), self._seconds_left(running), finished))

    def epochs(self, job: Job) -> int:
        """At most how many epochs `job` trains."""
        return _kind(job)[1]

    def _seconds_left(self, running: Sequence[Running]) -> float | None:
        if not self.spent:
            return None
        per_epoch = statistics.fmean(seconds / epochs for (_, epochs), times in self.spent.items() for seconds in times)
        expected = {
            kind: statistics.fmean(self.spent[kind]) if kind in self.spent else per_epoch * kind[1]
            for kind in self.left
        }
        whole = sum(count * expected[kind] for kind, count in self.left.items())
        under_way = sum(min(each.seconds, expected[_kind(each.job)]) for each in running)
        return max(0.0, whole - under_way) / self.workers


def _kind(job: Job) -> tuple[str, int]:
    """What tells how long a job takes: its stage and its epochs."""
    return job.stage, int(job.overrides.get("epochs") or STAGE_BY_NAME[job.stage].settings.epochs)
