"""Repeat a training, or its first epoch, with the same settings, seed and data, and compare bit by bit."""

from dataclasses import dataclass, field, replace
from itertools import zip_longest
from math import nan
from typing import Any

import numpy as np

from kerasnn.data.dataset import Dataset
from kerasnn.networks.classifier import Reals
from kerasnn.records import Epoch, LayerArray, Listener, Repetition, Run, ignore, plain_object
from kerasnn.runs.environment import differences, environment, fingerprint
from kerasnn.runs.record import TrainingPlan
from kerasnn.study.job import weights_digest, weights_of
from kerasnn.training.state import Conduct
from kerasnn.training.train import Trained, train_whole


def on_same_machine(run: Run) -> bool:
    """Return True if trainings here give bitwise the same weights as on the machine and versions of `run`."""
    now = replace(run, environment=environment(with_keras=True))
    return not run.resumed_after and not differences(*(fingerprint(plain_object(each)) for each in (run, now)))


def train_first_epoch(plan: TrainingPlan, dataset: Dataset, listener: Listener = ignore) -> Epoch:
    """Return the first epoch of a training by Keras; its metrics are NaN if it diverges. Raises: as `train_whole`."""
    settings = replace(plan.settings, epochs=1)
    trained = train_whole(plan.stage, settings, dataset, Conduct(listener), engine=plan.engine)
    return trained.training.history[0] if trained.training.history else Epoch(1, nan, nan, nan, nan)


@dataclass(frozen=True)
class TracedTraining:
    """A training's history, the saved model's weights and, if known, the weights after each epoch."""

    history: tuple[Epoch, ...]
    weights: tuple[Reals, ...]
    by_epoch: list[list[Reals]] = field(default_factory=list)


def train_traced(plan: TrainingPlan, dataset: Dataset, listener: Listener = ignore) -> tuple[TracedTraining, Trained]:
    """Train, and record the weights after every epoch. Raises: as `train_whole`."""
    by_epoch: list[list[Reals]] = []
    callbacks: list[Any] = []
    if plan.stage.library == "keras":  # scikit-learn trains in one call and has no callbacks
        from kerasnn.networks.runtime import keras

        recorder: Any = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs: by_epoch.append(recorder.model.get_weights())
        )
        callbacks.append(recorder)
    found = train_whole(plan.stage, plan.settings, dataset, Conduct(listener, callbacks), engine=plan.engine)
    return TracedTraining(found.training.history, weights_of(found.classifier), by_epoch), found


def compare_trainings(first: TracedTraining, second: TracedTraining) -> Repetition:
    """Compare two trainings epoch by epoch, and array by array in the first epoch that differs."""
    digests = weights_digest(first.weights), weights_digest(second.weights)
    epoch, pair = _first_difference(first, second), (list(first.weights), list(second.weights))
    if epoch is not None and len(first.by_epoch) >= epoch and len(second.by_epoch) >= epoch:
        pair = first.by_epoch[epoch - 1], second.by_epoch[epoch - 1]
    equal = digests[0] == digests[1] and epoch is None
    different = [] if equal else [place for place, (a, b) in enumerate(zip(*pair, strict=True)) if not _same(a, b)]
    return Repetition(
        equal=equal,
        first=digests[0],
        second=digests[1],
        epoch=epoch,
        # weights_of alternates kernels and biases
        layers=tuple(LayerArray(place // 2 + 1, "bias" if place % 2 else "kernel") for place in different),
        largest=max((float(np.abs(pair[0][place] - pair[1][place]).max()) for place in different), default=0.0),
    )


def _first_difference(first: TracedTraining, second: TracedTraining) -> int | None:
    """Return the first epoch whose metrics or weights differ, counted from 1."""
    for epoch, (a, b) in enumerate(zip_longest(first.history, second.history), start=1):
        if a != b:
            return epoch
        if len(first.by_epoch) >= epoch <= len(second.by_epoch) and not all(
            map(_same, first.by_epoch[epoch - 1], second.by_epoch[epoch - 1])
        ):
            return epoch
    return None


def _same(a: Reals, b: Reals) -> bool:
    return a.shape == b.shape and a.tobytes() == b.tobytes()  # not ==: NaN differs from itself, and 0.0 equals -0.0
