"""Choose the callbacks that log a training for TensorBoard or as a table."""

from pathlib import Path
from typing import TYPE_CHECKING

from kerasnn.errors import UsageError
from kerasnn.language import _
from kerasnn.lecture.settings import find_stage
from kerasnn.records import Listener, ignore

if TYPE_CHECKING:
    import keras


def tracking_callbacks(
    stage: str,
    *,
    tensorboard: str | Path | None = None,
    csv: str | Path | None = None,
    listener: Listener = ignore,
) -> "list[keras.callbacks.Callback]":
    """Return Keras callbacks for `train` that log every epoch of `stage`.

    `tensorboard`: the folder for event files, in which each training gets its own folder. `csv`: a new file for
    CSVLogger. `listener` gets a notice if a log can no longer be written; the training continues.

    Raises: UsageError for a stage that Keras does not train, or if the file exists; EnvironmentFault.
    """
    if tensorboard is None and csv is None:
        return []
    if find_stage(stage).library != "keras":
        raise UsageError(
            _("stage '{stage}' is scikit-learn's and reports no epochs to log", stage=stage),
            expected=_("a stage that Keras trains"),
        )
    from kerasnn.training.trackers import csv_log, tensorboard_log  # loads Keras

    logs = [csv_log(Path(csv), listener)] if csv is not None else []
    return [*logs, tensorboard_log(Path(tensorboard), stage, listener)] if tensorboard is not None else logs
