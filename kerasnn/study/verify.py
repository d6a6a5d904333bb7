"""Verify a training: a stage, which is trained now, or a saved run."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import AUTO, load_data
from kerasnn.errors import ModelFileError, UsageError
from kerasnn.files.paths import RUNS
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import SEED
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.networks.backend import VARIABLE, backend
from kerasnn.networks.evaluation import score
from kerasnn.networks.files.open import open_classifier
from kerasnn.records import Listener, Note, Repetition, Run, Verification, ignore
from kerasnn.records.note import Code
from kerasnn.runs.find_model import FoundModel, find_model
from kerasnn.runs.folder import RECORD
from kerasnn.runs.listing import restore_run
from kerasnn.study.bands import TrainingMetrics
from kerasnn.study.job import weights_of
from kerasnn.study.judge_training import CompletedTraining, band_for, judge_training
from kerasnn.study.repeat import TracedTraining, compare_trainings, train_traced
from kerasnn.training.train import choose_engine


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
    metrics, epochs = TrainingMetrics(training.history, *scores), (training.best_epoch, training.stopped_epoch)
    completed = CompletedTraining(name, name, seed, engine, dataset.info, metrics, *epochs, training.kept_epoch)
    found = judge_training(completed)
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
    if run.overrides:
        changed = ", ".join(f"{name} {value}" for name, value in run.overrides.items())
        raise UsageError(
            _(
                "this run changed settings ({changed}); there are bands only for the lecture's own settings",
                changed=changed,
            ),
            expected=_("a run with the stage's settings; only --seed may differ"),
            hint=_("kerasnn train --stage {stage}", stage=run.stage),
        )
    if run.status != "done":
        raise UsageError(
            _("run {name} is not done: its status is '{status}'", name=run.run, status=run.status),
            expected=_("a finished run"),
        )
    notes = (Note(Code.BANDS_OF_FUSED),) if run.engine == "keras" else ()
    result = judge_training(_completed(run, found.path), notes=notes)
    return replace(result, repetition=_repeat(run, found, load, listener)) if repeat else result


def _completed(run: Run, path: Path) -> CompletedTraining:
    parts = (run.training, run.validation, run.test)
    scores = [part for part in parts if part is not None]
    if len(scores) < len(parts) or run.stopped_epoch is None or run.kept_epoch is None:
        raise ModelFileError(
            _("{folder} is damaged: {error}", folder=path.parent / RECORD, error=_("it is done, but has no scores")),
            expected=_("the run.json of a run"),
        )
    return CompletedTraining(
        name=run.run,
        stage=run.stage,
        seed=run.seed,
        engine=run.engine,
        dataset=run.dataset,
        metrics=TrainingMetrics(run.history, *scores),
        best_epoch=run.best_epoch,
        stopped_epoch=run.stopped_epoch,
        kept_epoch=run.kept_epoch,
    )


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
