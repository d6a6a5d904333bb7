"""The jobs of a study: what one trains, how it is trained and measured, and how long those that are left will take."""

import statistics
import time
from collections import Counter
from collections.abc import Hashable, Sequence
from hashlib import sha256

import numpy as np

from kerasnn.data.dataset import Dataset
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.networks.classifier import Classifier, Reals
from kerasnn.networks.evaluation import score
from kerasnn.networks.forward import Network, OneVsRest
from kerasnn.records import Job, Listener, Outcome, Running, Seconds, StudyProgress, ignore
from kerasnn.runs.record import TrainingPlan
from kerasnn.training.state import Conduct, Programs, compiled_for
from kerasnn.training.train import choose_engine, train_whole


def plan_of(job: Job) -> TrainingPlan:
    """Return what `job` trains, with which settings and engine.

    Raises: UsageError if one of them does not exist, or two do not go together.
    """
    stage = find_stage(job.stage)
    return TrainingPlan(stage, *resolve(stage, {**job.overrides, "seed": job.seed}), choose_engine(stage, job.engine))


def program_of(job: Job) -> Hashable:
    """Return a key that is equal for jobs that the same compiled program can train, one after the other.

    Raises: as `plan_of`.
    """
    plan = plan_of(job)
    # Keras' fit compiles anew in every training, so no two jobs share a program
    return (job,) if plan.engine == "keras" else (plan.stage.library, compiled_for(plan.settings))


def run_job(job: Job, dataset: Dataset, listener: Listener = ignore, programs: Programs | None = None) -> Outcome:
    """Train `job` in this process, and score the model on all three parts of `dataset`.

    `programs`: a cache of compiled programs shared by the jobs of this process.
    """
    began = time.perf_counter()
    plan = plan_of(job)
    conduct = Conduct(listener, programs=programs)
    trained = train_whole(plan.stage, plan.settings, dataset, conduct, engine=plan.engine)
    training, classifier = trained.training, trained.classifier
    return Outcome(
        job=job,
        parameters=classifier.parameters,
        history=training.history,
        best_epoch=training.best_epoch,
        stopped_epoch=training.stopped_epoch,
        kept_epoch=training.kept_epoch,
        training=score(classifier, dataset.train),
        validation=score(classifier, dataset.validation),
        test=score(classifier, dataset.test),
        # the worker loads the data once for all its jobs
        seconds=Seconds(time.perf_counter() - began, 0.0, training.compile_seconds, training.train_seconds),
        weights=weights_digest(weights_of(classifier)),
        diverged=training.outcome == "diverged",
    )


def weights_of(classifier: Classifier) -> tuple[Reals, ...]:
    """Return kernel and bias of each Dense layer, in order; for scikit-learn's model, coefficients and intercepts."""
    match classifier:
        case Network():
            return tuple(array for layer in classifier.weights for array in (layer.kernel, layer.bias))
        case OneVsRest():
            return (classifier.coefficients, classifier.intercepts)
    raise TypeError(f"a {type(classifier).__name__} has no known weights")


def weights_digest(weights: Sequence[Reals]) -> str:
    """Return the sha256 of shapes and values; little-endian bytes make it the same on every machine."""
    state = sha256()
    for array in weights:
        state.update(repr(array.shape).encode())
        state.update(np.ascontiguousarray(array, "<f4").tobytes())
    return state.hexdigest()


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
    return job.stage, planned_epochs(job)  # jobs of the same kind take about as long
