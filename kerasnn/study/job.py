"""One job of a study: what it trains, and how it is trained and measured."""

import time
from collections.abc import Hashable, Sequence
from hashlib import sha256

import numpy as np

from kerasnn.data.dataset import Dataset
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.classifier import Classifier, Reals
from kerasnn.networks.evaluation import score
from kerasnn.networks.forward import Network
from kerasnn.networks.linear import OneVsRest
from kerasnn.records import Job, Listener, Outcome, Seconds, ignore
from kerasnn.runs.start_record import TrainingPlan
from kerasnn.training.program_cache import Programs, compiled_for
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
    trained = train_whole(plan.stage, plan.settings, dataset, engine=plan.engine, listener=listener, programs=programs)
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
