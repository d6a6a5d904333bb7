"""Verify a training: a stage, which is trained now, or a saved run; and whether it can be repeated bit by bit."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import AUTO, load_data
from kerasnn.errors import ModelFileError, UsageError
from kerasnn.files.paths import RUNS
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import SEED, Settings
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.lecture.stages import STAGE_BY_NAME, Stage
from kerasnn.networks.backend import VARIABLE, backend
from kerasnn.networks.classifier import Reals
from kerasnn.networks.evaluation import score
from kerasnn.networks.files.open import open_classifier
from kerasnn.records import Epoch, LayerArray, Listener, Note, Repetition, Run, Verification, ignore
from kerasnn.records.note import Code
from kerasnn.runs.find_model import FoundModel, find_model
from kerasnn.runs.folder import RECORD
from kerasnn.runs.listing import restore_run
from kerasnn.runs.record_check import measure_again
from kerasnn.study.job import weights_digest, weights_of
from kerasnn.study.judge_training import band_for, completed, judge_training
from kerasnn.study.statistics import CompletedTraining
from kerasnn.training.state import Conduct
from kerasnn.training.train import Trained, choose_engine, train_whole


def verify(
    subject: str | Path,
    *,
    seed: int | None = None,
    repeat: bool = False,
    dataset: str | Path | Dataset | None = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    listener: Listener = ignore,
) -> Verification:
    """Check that the metrics of a training lie in the range of those with many other seeds; `.holds` is the answer.

    `subject`: the name of a stage to train, with `seed` (default 42) on `dataset` (default `auto`); or a run: `latest`,
    its id, or its folder. `repeat`: train it once more, and compare the weights bit by bit; for a run whose data have
    moved, `dataset` says where they are now.

    Raises: UsageError for a run that changed hyperparameters, an unfinished run, or data without reference bands;
    ModelFileError, DataError, Interrupted.
    """
    name, load = str(subject), partial(load_data, data_dir=data_dir, listener=listener)
    if name in STAGE_BY_NAME:
        return _verify_stage(name, load(dataset or AUTO), SEED if seed is None else seed, repeat, listener)
    if seed is not None or (not repeat and (dataset, data_dir) != (None, None)):
        raise UsageError(
            _("a run has its own seed and data, and '{subject}' is not a stage", subject=subject),
            expected=_(
                "a stage, with --seed or --dataset; or a run, with --dataset only if --repeat needs its moved data"
            ),
        )
    return _verify_run(name, Path(out), lambda own: load(dataset or own), repeat, listener)


def _verify_stage(name: str, dataset: Dataset, seed: int, repeat: bool, listener: Listener) -> Verification:
    band_for(name, dataset.info)  # raises if there is no band, before anything is trained
    stage = find_stage(name)
    settings, _changed = resolve(stage, {"seed": seed})
    engine = choose_engine(stage, None)
    first, trained = train_traced(stage, settings, dataset, engine=engine, listener=listener)
    training, classifier = trained.training, trained.classifier
    scores = [score(classifier, part) for part in (dataset.train, dataset.validation, dataset.test)]
    epochs = (training.history, training.best_epoch, training.stopped_epoch, training.kept_epoch)
    found = judge_training(CompletedTraining(name, name, seed, engine, dataset.info, *epochs, *scores))
    if not repeat:
        return found
    second, _trained = train_traced(stage, settings, dataset, engine=engine, listener=listener)
    return replace(found, repetition=compare_trainings(first, second))


def _verify_run(name: str, out: Path, load: Callable[[str], Dataset], repeat: bool, listener: Listener) -> Verification:
    """Judge the run `name` in `out` by its run.json; `repeat`: train it once more. `load`: loads a data set by name."""
    found = find_model(name, out)
    card = found.card
    if "history" not in card or "status" not in card:
        raise ModelFileError(
            _("{path} is a model without the record of its training", path=found.path),
            expected=_("a run (latest, its id or its folder), or a stage, which is trained now"),
            hint=_("kerasnn evaluate scores a model"),
        )
    run = restore_run(card, found.path.parent / RECORD)
    training = completed(run, found.path.parent / RECORD)
    band_for(run.stage, run.dataset)  # raises if there is no band, before the images are loaded
    measured, notes, problems = measure_again(found, lambda: load(found.dataset or AUTO))
    notes += (Note(Code.BANDS_OF_FUSED),) if run.engine == "keras" else ()
    result = judge_training(replace(training, **measured), notes=notes)
    repetition = _repeat(run, found, load, listener) if repeat else None
    return replace(result, holds=result.holds and not problems, problems=problems, repetition=repetition)


def _repeat(run: Run, found: FoundModel, load: Callable[[str], Dataset], listener: Listener) -> Repetition:
    computed_on = run.environment.backend
    if computed_on not in (None, backend()):
        raise UsageError(
            _("run {name} was trained on the backend '{backend}'", name=run.run, backend=computed_on),
            expected=_("the same backend to repeat it"),
            hint=_(
                "{variable}={value} kerasnn verify {name} --repeat", variable=VARIABLE, value=computed_on, name=run.run
            ),
        )
    stage = find_stage(run.stage)
    settings, _changed = resolve(stage, {"seed": run.seed})
    dataset = load(found.dataset or AUTO)
    if dataset.info.sha256 != run.dataset.sha256:
        raise UsageError(
            _("the data set loaded is not the one that run {name} was trained on", name=run.run),
            expected=_("the same images"),
            hint=_("name their folder with --dataset"),
        )
    saved = TracedTraining(run.history, weights_of(open_classifier(found.path)))
    again, _trained = train_traced(stage, settings, dataset, engine=run.engine, listener=listener)
    return compare_trainings(saved, again)


@dataclass(frozen=True)
class TracedTraining:
    """A training's history, the saved model's weights and, if known, the weights after each epoch."""

    history: tuple[Epoch, ...]
    weights: tuple[Reals, ...]
    by_epoch: list[list[Reals]] = field(default_factory=list)


def train_traced(
    stage: Stage, settings: Settings, dataset: Dataset, *, engine: str, listener: Listener = ignore
) -> tuple[TracedTraining, Trained]:
    """Train, and record the weights after every epoch. Raises: as `train_whole`."""
    by_epoch: list[list[Reals]] = []
    callbacks: list[Any] = []
    if stage.library == "keras":  # scikit-learn trains in one call and has no callbacks
        from kerasnn.networks.runtime import keras

        recorder: Any = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs: by_epoch.append(recorder.model.get_weights())
        )
        callbacks.append(recorder)
    found = train_whole(stage, settings, dataset, Conduct(listener, callbacks), engine=engine)
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
