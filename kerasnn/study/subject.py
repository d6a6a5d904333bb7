"""What `verify` judges: a stage trained now, or a run that was kept."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kerasnn.data.dataset import Dataset
from kerasnn.errors import ModelFileError, UsageError
from kerasnn.language import _
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.backend import VARIABLE, backend
from kerasnn.networks.evaluation import score
from kerasnn.networks.files.open import open_classifier
from kerasnn.records import Listener, Repetition, Run, Verification, ignore
from kerasnn.runs.find_model import FoundModel, find_model
from kerasnn.runs.folder import RECORD
from kerasnn.runs.listing import run_of
from kerasnn.study.bands import Measured
from kerasnn.study.job import weights_of
from kerasnn.study.repeat import Traced, compare, trace
from kerasnn.study.verify import Subject, band_for, refuse_changed, verify
from kerasnn.training.train import choose_engine


def verify_stage(
    name: str, dataset: Dataset, *, seed: int, repeat: bool = False, listener: Listener = ignore
) -> Verification:
    """Train the stage `name` now, once or twice, and judge it.

    Raises: UsageError where nobody knows what it comes to on `dataset`; Interrupted.
    """
    band_for(name, dataset.info)  # before anything is trained
    stage = find_stage(name)
    settings, _changed = resolve(stage, {"seed": seed})
    engine = choose_engine(stage, None)
    first, trained = trace(stage, settings, dataset, engine=engine, listener=listener)
    training, classifier = trained.training, trained.classifier
    scores = [score(classifier, part) for part in (dataset.train, dataset.validation, dataset.test)]
    subject = Subject(
        name,
        name,
        seed,
        engine,
        dataset.info,
        Measured(training.history, *scores),
        training.best_epoch,
        training.stopped_epoch,
        training.kept_epoch,
    )
    found = verify(subject)
    if not repeat:
        return found
    second, _card = trace(stage, settings, dataset, engine=engine, listener=listener)
    return replace(found, repetition=compare(first, second))


def verify_run(
    name: str,
    out: Path,
    load: Callable[[str], Dataset],
    *,
    repeat: bool = False,
    listener: Listener = ignore,
) -> Verification:
    """Judge a run in `out` by what its run.json says; `repeat` trains it once more. `load`: a data set by its name.

    Raises: ModelFileError where there is no such run, or it is damaged; UsageError where no band is meant for it;
    Interrupted.
    """
    found = find_model(name, out)
    card = found.card
    if "history" not in card or "status" not in card:
        raise ModelFileError(
            _("{path} is a model without a record of its training", path=found.path),
            expected=_("a run: latest, its id, its folder; or a stage, which is trained now"),
            hint=_("kerasnn evaluate measures a model"),
        )
    run = run_of(card, found.path.parent / RECORD)
    refuse_changed(run.overrides, run.stage)
    if run.status != "done":
        raise UsageError(
            _("run {name} is not done: its status is '{status}'", name=run.run, status=run.status),
            expected=_("a finished run"),
        )
    result = verify(_subject(run, found.path), notes=_notes(run))
    return replace(result, repetition=_again(run, found, load, listener)) if repeat else result


def _notes(run: Run) -> tuple[str, ...]:
    if run.engine != "keras":
        return ()
    return (_("the bands are those of the engine fused; keras takes the images in one order in every epoch"),)


def _subject(run: Run, path: Path) -> Subject:
    parts = (run.training, run.validation, run.test)
    scores = [part for part in parts if part is not None]
    if len(scores) < len(parts) or run.stopped_epoch is None or run.kept_epoch is None:
        raise ModelFileError(
            _("{folder} is damaged: {error}", folder=path.parent / RECORD, error=_("it is done and has no figures")),
            expected=_("the run.json of a run"),
        )
    return Subject(
        name=run.run,
        stage=run.stage,
        seed=run.seed,
        engine=run.engine,
        dataset=run.dataset,
        measured=Measured(run.history, *scores),
        best_epoch=run.best_epoch,
        stopped_epoch=run.stopped_epoch,
        kept_epoch=run.kept_epoch,
    )


def _again(run: Run, found: FoundModel, load: Callable[[str], Dataset], listener: Listener) -> Repetition:
    """The run's kept weights and history against those of the same training done now."""
    computed_on = run.environment.backend
    if computed_on not in (None, backend()):
        raise UsageError(
            _("run {name} was trained on the backend '{backend}'", name=run.run, backend=computed_on),
            expected=_("the same one for its repetition"),
            hint=_(
                "{variable}={value} kerasnn verify {name} --repeat", variable=VARIABLE, value=computed_on, name=run.run
            ),
        )
    stage = find_stage(run.stage)
    settings, _changed = resolve(stage, {"seed": run.seed})
    dataset = load(found.dataset or "auto")
    if dataset.info.sha256 != run.dataset.sha256:
        raise UsageError(_("the data of this run are not here any more"), expected=_("the data set it learnt from"))
    kept = Traced(run.history, weights_of(open_classifier(found.path)))
    again, _trained = trace(stage, settings, dataset, engine=run.engine, listener=listener)
    return compare(kept, again)
