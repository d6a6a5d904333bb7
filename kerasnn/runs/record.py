"""The record of a run: at its start, with its results, or with the reason why there are none."""

import shlex
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from kerasnn.data.dataset import Dataset
from kerasnn.data.formats import SCALED
from kerasnn.errors import EnvironmentFault, Interrupted, ModelFileError, TrainingDiverged
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.stages import Stage, published_range
from kerasnn.networks.backend import DEFAULT, backend
from kerasnn.networks.classifier import Classifier
from kerasnn.networks.evaluation import score
from kerasnn.networks.forward import Network
from kerasnn.records import Chance, Environment, Note, Run, Seconds, Training
from kerasnn.records.codes import Code
from kerasnn.records.note import sentence
from kerasnn.runs import checkpoint
from kerasnn.runs import folder as run_folder
from kerasnn.runs.history import write_history
from kerasnn.runs.next_command import flags_of
from kerasnn.runs.reading import read_run
from kerasnn.runs.seal import file_digest
from kerasnn.training.reading import chance_of, likely_cause, loss_bound
from kerasnn.training.stuck_units import stuck_units
from kerasnn.training.train import Trained

Status = Literal["done", "stopped", "failed"]
STATUS: Final[Mapping[str, Status]] = {"done": "done", "stopped": "stopped", "diverged": "failed"}
# fields of Training that a run's record has too; callbacks with hooks for batches need another engine than planned
EPOCHS: Final = ("best_epoch", "stopped_epoch", "stopped_early", "keras_stopped_epoch", "kept_epoch")
TAKEN_OVER: Final = ("engine", "history", *EPOCHS, "fault")


@dataclass(frozen=True)
class Clock:
    """`began`: when the command began, by `time.perf_counter`. `data_seconds`: how long the data took to load."""

    began: float
    data_seconds: float


def save_results(run: Run, folder: Path, trained: Trained, data: Dataset, clock: Clock) -> Run:
    """Save the model, the history and the final record in `folder`; return the record.

    The record comes last, so that a run that is killed meanwhile never looks finished.
    """
    training, classifier, model = trained.training, trained.classifier, folder / f"model{trained.suffix}"
    trained.save(model)
    write_history(folder, training.history)
    run = replace(
        run,
        **{name: getattr(training, name) for name in TAKEN_OVER},
        status=STATUS[training.outcome],
        model=str(model),
        model_sha256=file_digest(model),
        parameters=classifier.parameters,
        chance=Chance(*(chance_of(part.labels, data.classes) for part in (data.validation, data.test))),
        training=score(classifier, data.train),
        validation=score(classifier, data.validation),
        test=score(classifier, data.test),
        notes=(*run.notes, *training.notes),
    )
    run = _with_reading(run, classifier, data)
    passed = time.perf_counter() - clock.began  # scoring counts as well
    seconds = Seconds(passed, clock.data_seconds, training.compile_seconds, training.train_seconds)
    run = replace(run, ended=now().isoformat(), seconds=seconds)
    if run.status == "done":
        checkpoint.move_beside_model(folder)
    run_folder.write_record(folder, run)
    return run


def _with_reading(run: Run, classifier: Classifier, data: Dataset) -> Run:
    """Add the reading of the curves to `run` and, if the network did not learn, what is found in its units."""
    reading = read_run(run)
    if reading is None or not reading.failed or not isinstance(classifier, Network):
        return replace(run, reading=reading)
    run = replace(run, stuck_units=stuck_units(classifier, data.validation.images))
    return replace(run, reading=read_run(run))


def note_end(run: Run, folder: Path, error: BaseException) -> None:
    """Note in the folder's record that `error` ended the run early, if the record can be written.

    A record that already has an end stays as it is: the training was complete, or has not begun again since.
    """
    with suppress(EnvironmentFault, ModelFileError):  # unreadable: then there is no end to protect
        if run_folder.read_record(folder).get("ended") is not None:
            return
    status: Status = "stopped" if isinstance(error, KeyboardInterrupt) else "failed"
    fault = Note(Code.ERROR, {"kind": type(error).__name__, "message": str(error)}) if status == "failed" else None
    if isinstance(error, MemoryError):
        fault = Note(Code.OUT_OF_MEMORY)
    with suppress(EnvironmentFault):  # the user needs the error that ended the run, not this one
        run_folder.write_record(folder, replace(run, status=status, fault=fault, ended=now().isoformat()))


def stopped_at_once(run: Run, folder: Path, stage: Stage) -> Interrupted:
    """Return the error for a run that a second Ctrl-C stopped in the middle of an epoch."""
    if stage.library == "keras":
        return Interrupted(_("every reported epoch is saved"), hint=run_folder.resume_hint(folder))
    return Interrupted(
        _("scikit-learn saves nothing of a partial training"),
        hint=_("train again: {command}", command=run.command),
    )


def raise_unless_done(training: Training, run: Run, folder: Path) -> None:
    """Raise TrainingDiverged or Interrupted, with the record, if the training ended in that way."""
    epoch = training.stopped_epoch
    if training.outcome == "diverged":
        bound, cause = loss_bound(len(run.dataset.classes)), likely_cause(run.settings)
        fault = sentence(training.fault or "")
        raise TrainingDiverged(
            _("training diverged in epoch {stopped_epoch}: {fault}", stopped_epoch=epoch + 1, fault=fault),
            expected=_("finite weights, and a loss below {loss_bound:.1f}", loss_bound=bound),
            hint=_("{likely_cause}; the last good state is in {folder}", likely_cause=cause, folder=folder),
            record=run,
        )
    if training.outcome == "stopped":
        raise Interrupted(
            _(
                "{done} of {epochs} epochs are done; the model so far is saved in {folder}",
                done=epoch,
                epochs=run.settings.epochs,
                folder=folder,
            ),
            hint=run_folder.resume_hint(folder),
            record=run,
        )


@dataclass(frozen=True)
class TrainingPlan:
    """What to train. `changed`: the settings that differ from the stage's own."""

    stage: Stage
    settings: Settings
    changed: Mapping[str, Any]
    engine: str


def now() -> datetime:
    """Return the current time, to the second, with its time zone."""
    try:
        return datetime.now().astimezone().replace(microsecond=0)
    except ValueError:  # TZ is more than a day off
        return datetime.now(UTC).replace(microsecond=0)


def start_record(plan: TrainingPlan, data: Dataset, environment: Environment, *, name: str, started: str) -> Run:
    """Return the record of the run `name` at its start; `started`: the time, in ISO format."""
    return Run(
        run=name,
        stage=plan.stage.name,
        status="running",
        seed=plan.settings.seed,
        engine=plan.engine,
        dataset=data.info,
        settings=plan.settings,
        overrides=plan.changed,
        parameters=0,
        history=(),
        best_epoch=None,
        stopped_epoch=None,
        stopped_early=False,
        keras_stopped_epoch=None,
        kept_epoch=None,
        reading=None,
        training=None,
        validation=None,
        test=None,
        published=None if plan.changed or not data.info.is_fashion_mnist else published_range(plan.stage.name),
        seconds=None,
        model=None,
        command=train_command(plan, data),
        started=started,
        ended=None,
        environment=environment,
    )


def train_command(plan: TrainingPlan, data: Dataset) -> str:
    """Return the command line that trains `plan` on `data`."""
    words = ["kerasnn", "train", plan.stage.name, *flags_of(plan.changed), "--seed", str(plan.settings.seed)]
    if plan.engine != "scikit-learn":
        words += ["--engine", plan.engine]
        if backend() != DEFAULT:
            words += ["--backend", backend()]
    words += ["--dataset", data.info.argument]
    if data.info.form in SCALED and not data.info.by_name:
        words += ["--size", "x".join(map(str, data.info.shape))]
    return shlex.join(words)
