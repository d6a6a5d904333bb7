"""End a run: save its results, or a record of why there are none, and raise the error that tells the user."""

import shlex
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from kerasnn.data.dataset import Dataset
from kerasnn.errors import EnvironmentFault, Interrupted, ModelFileError, TrainingDiverged
from kerasnn.files.paths import RUNS
from kerasnn.language import _
from kerasnn.lecture.stages import Stage
from kerasnn.networks.evaluation import score
from kerasnn.records import Note, Run, Seconds, Training
from kerasnn.records.note import Code, sentence
from kerasnn.runs import checkpoint
from kerasnn.runs import folder as run_folder
from kerasnn.runs.start_record import now
from kerasnn.training.reading import likely_cause, loss_bound, read_curves
from kerasnn.training.train import Trained

Status = Literal["done", "stopped", "failed"]
STATUS: Final[Mapping[str, Status]] = {"done": "done", "stopped": "stopped", "diverged": "failed"}


@dataclass(frozen=True)
class Clock:
    """`began`: when the command began, by `time.perf_counter`. `data_seconds`: how long the data took to load."""

    began: float
    data_seconds: float


def save_results(run: Run, folder: Path, trained: Trained, data: Dataset, clock: Clock) -> Run:
    """Save the model, the history and the final record in `folder`; return the record.

    The record comes last, so that a run that is killed meanwhile never looks finished.
    """
    training, model = trained.training, folder / f"model{trained.suffix}"
    trained.save(model)
    run_folder.write_history(folder, training.history)
    run = _with_results(replace(run, model=str(model)), trained, data)
    seconds = Seconds(
        total=time.perf_counter() - clock.began,  # scoring counts as well
        data=clock.data_seconds,
        compile=training.compile_seconds,
        train=training.train_seconds,
    )
    run = replace(run, ended=now().isoformat(), seconds=seconds)
    if run.status == "done":
        checkpoint.move_beside_model(folder)
    run_folder.write_record(folder, run)
    return run


def _with_results(run: Run, trained: Trained, data: Dataset) -> Run:
    training, classifier = trained.training, trained.classifier
    return replace(
        run,
        status=STATUS[training.outcome],
        engine=training.engine,  # callbacks with hooks for batches need another one than planned
        parameters=classifier.parameters,
        history=training.history,
        best_epoch=training.best_epoch,
        stopped_epoch=training.stopped_epoch,
        stopped_early=training.stopped_early,
        keras_stopped_epoch=training.keras_stopped_epoch,
        kept_epoch=training.kept_epoch,
        reading=read_curves(training.history),
        training=score(classifier, data.train),
        validation=score(classifier, data.validation),
        test=score(classifier, data.test),
        notes=(*run.notes, *training.notes),
        fault=training.fault,
    )


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
        return Interrupted(_("stopped at once; every reported epoch is saved"), hint=_resume_hint(folder))
    return Interrupted(
        _("stopped at once; scikit-learn saves nothing of a partial training"),
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
                "stopped after epoch {stopped_epoch} of {epochs}; the model so far is saved in {folder}",
                stopped_epoch=epoch,
                epochs=run.settings.epochs,
                folder=folder,
            ),
            hint=_resume_hint(folder),
            record=run,
        )


def _resume_hint(folder: Path) -> str:
    words = ["kerasnn", "train", "--resume", folder.name]
    if folder.parent != RUNS:
        words += ["--out", str(folder.parent)]
    return _("{command} continues from there", command=shlex.join(words))
