"""What the folder of a run tells: of a training that this lab does not conduct, and of how one can be continued."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from kerasnn.data.dataset import Dataset
from kerasnn.errors import EnvironmentFault, KerasnnError, ModelFileError, UsageError
from kerasnn.lab.trainings import Event
from kerasnn.language import _
from kerasnn.networks.architecture import design
from kerasnn.records import Epoch, Run, plain_object
from kerasnn.runs import checkpoint
from kerasnn.runs.folder import RECORD, locked, read_record, resume_hint
from kerasnn.runs.listing import open_run, restore_run
from kerasnn.runs.record import note_end
from kerasnn.runs.resume import check_resumable

ENDS = {"done": "done", "failed": "failed"}  # of the statuses, what is not just stopped


def events_of(folder: Path) -> Iterator[Event]:
    """Yield what happened in the run in `folder`, and how it ended. Raises: ModelFileError if it is damaged."""
    record = open_run(str(folder))
    yield from epochs_of(record, folder)
    if record.status != "running":
        content = plain_object(record)
        failed = record.status == "failed"
        yield Event(
            ENDS.get(record.status, "stopped"), {"error": _reason(record), "record": content} if failed else content
        )
        return
    try:
        with locked(folder):
            fault = EnvironmentFault(
                _("the process that trained {run} was killed", run=folder.name), hint=resume_hint(folder)
            )
    except EnvironmentFault as error:  # another process holds the lock
        fault = error
    yield Event("failed", {"error": fault.details, "record": plain_object(record)})


def epochs_of(record: Run, folder: Path) -> Iterator[Event]:
    """Yield the epochs of a run: those in its record or, if it has not ended, in its saved state."""
    best: tuple[float, int] = (float("inf"), 0)
    for epoch in record.history or _saved(record, folder):
        best = min(best, (epoch.val_loss, epoch.epoch))
        yield Event("epoch", {**plain_object(epoch), "best_epoch": best[1], "epochs": record.settings.epochs})


def note_killed(folder: Path, ended: BaseException) -> None:
    """Write into the record of a run that its process has ended, which could not do so itself."""
    with suppress(KerasnnError):  # no record: it had not begun
        note_end(restore_run(read_record(folder), folder / RECORD), folder, ended)


def continued(folder: Path, data: Dataset, more_epochs: int) -> Run:
    """Return the record of a run that a trainer on `data` can continue.

    Raises: UsageError or ModelFileError for what `train --resume` refuses, and for what only that can continue.
    """
    check_resumable(read_record(folder), folder, more_epochs)
    record = open_run(str(folder))
    hint = resume_hint(folder)
    if record.engine != "fused":
        raise UsageError(
            _("run {run} was trained with the engine '{engine}'", run=record.run, engine=record.engine), hint=hint
        )
    if record.dataset.sha256 != data.info.sha256:
        raise ModelFileError(
            _("run {run} was trained on other images: {name}", run=record.run, name=record.dataset.name), hint=hint
        )
    return record


def _saved(record: Run, folder: Path) -> tuple[Epoch, ...]:
    info = record.dataset
    network = design(record.settings, image_shape=info.shape, classes=len(info.classes))
    saved = checkpoint.read(folder, network.parameters)
    return saved.state.history if saved else ()


def _reason(record: Run) -> dict[str, Any]:
    from kerasnn.records.note import sentence

    return EnvironmentFault(sentence(record.fault) if record.fault else _("the training failed")).details
