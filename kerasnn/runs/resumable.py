"""Check that a run can be resumed, and guard the reading of its record."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kerasnn.errors import KerasnnError, ModelFileError, UsageError
from kerasnn.language import _
from kerasnn.lecture.settings import find_stage
from kerasnn.lecture.stages import Stage
from kerasnn.networks.backend import DEFAULT
from kerasnn.runs.folder import RECORD

Record = Mapping[str, Any]  # the content of a run.json


@contextmanager
def reading_record(folder: Path) -> Iterator[None]:
    """Turn errors of a block that reads the record of the run in `folder` into ModelFileError."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, UsageError) as error:
        reason = error.message if isinstance(error, KerasnnError) else f"{type(error).__name__} {error}"
        raise ModelFileError(
            _("{folder} is damaged: {reason}", folder=folder / RECORD, reason=reason),
            expected=_("the run.json of a run, as kerasnn writes it"),
        ) from None


def check_resumable(record: Record, folder: Path, more_epochs: int) -> Stage:
    """Check that a run can be resumed, and return its stage.

    Raises: UsageError if it cannot be, or nothing is left to train; ModelFileError if the record is damaged.
    """
    with reading_record(folder):
        stage = find_stage(record["stage"])
        backend = record["environment"].get("backend") if stage.library == "keras" else None
    _check_restorable(
        stage, backend, folder, _("train again: {command}", command=record.get("command", "kerasnn train"))
    )
    if record["status"] == "done":
        _check_extensible(record, folder, more_epochs)
    return stage


def _check_restorable(stage: Stage, backend: str | None, folder: Path, hint: str) -> None:
    """Raise UsageError if the state of a training of `stage` on `backend` cannot be restored."""
    if stage.library == "scikit-learn":
        raise UsageError(
            _(
                "run {name} is of stage '{stage}', which scikit-learn trains in one call",
                name=folder.name,
                stage=stage.name,
            ),
            expected=_("a run of a stage that Keras trains"),
            hint=hint,
        )
    if backend not in (None, DEFAULT):
        raise UsageError(
            _(
                "run {name} was trained on the backend '{backend}', whose random state kerasnn cannot restore",
                name=folder.name,
                backend=backend,
            ),
            expected=_("a run on tensorflow"),
            hint=hint,
        )


def _check_extensible(record: Record, folder: Path, more_epochs: int) -> None:
    """Raise UsageError if a finished run cannot be trained for more epochs."""
    epochs = record.get("stopped_epoch")
    if not more_epochs:
        raise UsageError(
            _("run {name} is done: all its {epochs} epochs are trained", name=folder.name, epochs=epochs),
            hint=_("kerasnn train --resume {name} --more-epochs 5 continues it", name=folder.name),
        )
    if record.get("stopped_early"):
        raise UsageError(
            _(
                "run {name} stopped early, after epoch {epochs}: with more epochs it would have stopped there too",
                name=folder.name,
                epochs=epochs,
            ),
            hint=_("train again with a larger --patience"),
        )
