"""Verify a training, a stage that is trained now or a saved run: by its band, and by training its first epoch again."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import AUTO, load_data
from kerasnn.errors import DataError, EnvironmentFault, KerasnnError, ModelFileError, UsageError, spelled
from kerasnn.files.paths import RUNS, expanded
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import SEED
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.networks.backend import VARIABLE, backend
from kerasnn.networks.evaluation import score
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.threads import choose_threads
from kerasnn.records import Job, Listener, Note, Repetition, Run, Verification, Working, show_in_notebook
from kerasnn.records.codes import Code
from kerasnn.records.data import FASHION_MNIST
from kerasnn.records.note import sentence
from kerasnn.runs.find_model import FoundModel, find_model
from kerasnn.runs.folder import RECORD
from kerasnn.runs.listing import restore_run
from kerasnn.runs.record import TrainingPlan
from kerasnn.runs.record_check import DIGITS, data_problems, measure_again, score_problems
from kerasnn.study.bands import CompletedTraining, find_band
from kerasnn.study.job import plan_of, weights_of
from kerasnn.study.judge_training import FirstEpoch, band_for, completed, judge_training
from kerasnn.study.repeat import TracedTraining, compare_trainings, on_same_machine, train_first_epoch, train_traced


def verify(
    subject: str | Path,
    *,
    seed: int | None = None,
    repeat: bool = False,
    dataset: str | Path | Dataset | None = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    listener: Listener = show_in_notebook,
) -> Verification:
    """Check that nothing about a training is unusual: its metrics lie where those of other seeds do; see `.holds`.

    `subject`: the name of a stage to train, with `seed` (default 42) on `dataset` (default `auto`); or a run: `latest`,
    its id, or its folder. The first epoch of a run is trained again and has to match its record. `repeat`: train all
    of it once more, and compare the weights bit by bit. `dataset`: where a run's images are now, if they have moved.

    Raises: UsageError for an unfinished run, a stage on data without reference bands, or a run that has no bands and
    `dataset` names other images; ModelFileError, DataError, EnvironmentFault, Interrupted.
    """
    name, load = str(subject), partial(load_data, data_dir=data_dir, listener=listener)
    stage = spelled(name, STAGE_BY_NAME)
    if stage and (stage == name or not expanded(name).exists()):  # a run's folder may be called Adam
        return _verify_stage(stage, load(dataset or AUTO), SEED if seed is None else seed, repeat, listener)
    if seed is not None:
        raise UsageError(
            _("a run has its own seed, and '{subject}' is not a stage", subject=subject),
            expected=_("a stage, with --seed; or a run, without"),
        )
    return _verify_run(name, expanded(out), lambda own: load(dataset or own), repeat, listener)


def _verify_stage(name: str, dataset: Dataset, seed: int, repeat: bool, listener: Listener) -> Verification:
    band = band_for(name, dataset.info)  # raises if there is no band, before anything is trained
    plan = plan_of(Job(name, seed))
    first, trained = train_traced(plan, dataset, listener)
    training, classifier = trained.training, trained.classifier
    scores = [score(classifier, part) for part in (dataset.train, dataset.validation, dataset.test)]
    epochs = (training.history, training.best_epoch, training.stopped_epoch, training.kept_epoch)
    found = judge_training(CompletedTraining(name, name, seed, plan.engine, dataset.info, *epochs, *scores), band)
    if not repeat:
        return found
    second, _trained = train_traced(plan, dataset, listener)
    return replace(found, repetition=compare_trainings(first, second))


def _verify_run(name: str, out: Path, load: Callable[[str], Dataset], repeat: bool, listener: Listener) -> Verification:
    """Judge the run `name` in `out`; `repeat`: train all of it once more. `load`: loads a data set by name."""
    found = find_model(name, out)
    run = _finished_run(found)
    training = completed(run, found.path.parent / RECORD)
    choose_threads(None, run.environment.threads)  # with another number the first epoch can only come close
    band = None if run.overrides else find_band(run.stage, run.dataset.sha256)
    stage = find_stage(run.stage)
    plan = TrainingPlan(stage, *resolve(stage, {**run.overrides, "seed": run.seed}), run.engine)
    if repeat:
        _require_backend(run)
    listener(Working("measuring"))
    images, problems, notes = _images_of(found, load, required=repeat or band is None)
    first = repetition = None
    measured: dict[str, Any] = {}
    if run.engine == "keras" and band:
        notes.append(Note(Code.BANDS_OF_FUSED))
    if images is not None:
        measured = measure_again(found, images)
        problems += score_problems(found.card, measured)
        try:
            first, repetition = _trained_again(run, plan, found, images, repeat, listener)
        except UsageError:
            if repeat or band is None:
                raise
            notes.append(Note(Code.NOT_REPEATED))
    judged = judge_training(replace(training, **measured), band, plan.settings, first, tuple(notes))
    return replace(judged, holds=judged.holds and not problems, problems=problems, repetition=repetition)


def _images_of(
    found: FoundModel, load: Callable[[str], Dataset], *, required: bool
) -> tuple[Dataset | None, tuple[Note, ...], list[Note]]:
    """Load the images that a run learnt from; return them, what is wrong with its record, and notes.

    They are None if they are not here, which raises DataError or EnvironmentFault if they are `required`, or are no
    longer what they were. Raises: UsageError if they are `required` and the user named others.
    """
    try:
        images = load(found.dataset or AUTO)
    except (DataError, EnvironmentFault) as error:
        if required:
            raise _missing(found, error) from None
        return None, found.problems, [Note(Code.NOT_MEASURED), Note(Code.NOT_REPEATED)]
    others = data_problems(found.card, images.info)
    if not others:
        return images, found.problems, []
    if others[0].code == Code.DATA_CHANGED:
        return None, (*found.problems, *others), []
    if required:
        raise UsageError(
            sentence(others[0]),
            expected=_("the images that the run learnt from"),
            hint=_("name them with --dataset, or leave it out if they have not moved"),
        )
    return None, found.problems, [*others, Note(Code.NOT_MEASURED), Note(Code.NOT_REPEATED)]


def _has_first_epoch(run: Run) -> bool:
    return bool(run.history) and not run.callbacks  # callbacks of the user's own may change the weights


def _missing(found: FoundModel, error: KerasnnError) -> KerasnnError:
    """Return `error` with the digest of the images that are missing; Fashion-MNIST's says by itself how to get it."""
    if found.dataset in (None, FASHION_MNIST):
        return error
    digest = str(found.card["dataset"]["sha256"])[:DIGITS]
    return type(error)(
        _("the images that {name} learnt from cannot be read: {error}", name=found.name, error=error.message),
        expected=_("images with sha256 {digest}...", digest=digest),
        hint=_("name the place where they are now with --dataset"),
    )


def _trained_again(
    run: Run, plan: TrainingPlan, found: FoundModel, images: Dataset, repeat: bool, listener: Listener
) -> tuple[FirstEpoch | None, Repetition | None]:
    """Train the first epoch of `run` again; `repeat`: all of it. Raises: UsageError on another backend."""
    if not repeat and not _has_first_epoch(run):
        return None, None
    _require_backend(run)
    if not repeat:
        return FirstEpoch(train_first_epoch(plan, images, listener), on_same_machine(run)), None
    saved = TracedTraining(run.history, weights_of(open_classifier(found.path)))
    again, _trained = train_traced(plan, images, listener)
    has_first = _has_first_epoch(run) and again.history
    return FirstEpoch(again.history[0], on_same_machine(run)) if has_first else None, compare_trainings(saved, again)


def _finished_run(found: FoundModel) -> Run:
    """Return the record of the run that made a model. Raises: ModelFileError, UsageError if there is none."""
    card = found.card
    if "history" not in card or "status" not in card:
        raise ModelFileError(
            _("{path} is a model without the record of its training", path=found.path),
            expected=_("a run (latest, its id or its folder), or a stage, which is trained now"),
            hint=_("kerasnn evaluate scores a model"),
        )
    run = restore_run(card, found.path.parent / RECORD)
    if run.status != "done":
        raise UsageError(
            _("run {name} is not done: its status is '{status}'", name=run.run, status=run.status),
            expected=_("a finished run"),
        )
    return run


def _require_backend(run: Run) -> None:
    computed_on = run.environment.backend
    if computed_on not in (None, backend()):
        raise UsageError(
            _("run {name} was trained on the backend '{backend}'", name=run.run, backend=computed_on),
            expected=_("the same backend to repeat it"),
            hint=_(
                "{variable}={value} kerasnn verify {name} --repeat", variable=VARIABLE, value=computed_on, name=run.run
            ),
        )
