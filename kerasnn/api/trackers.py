"""Runs told to trackers that people have already: TensorBoard, a table, MLflow."""

from pathlib import Path
from typing import TYPE_CHECKING

from kerasnn.errors import UsageError
from kerasnn.language import _
from kerasnn.lecture.settings import find_stage
from kerasnn.records import Listener, Run, ignore

if TYPE_CHECKING:
    import keras


def tracking_callbacks(
    stage: str,
    *,
    tensorboard: str | Path | None = None,
    csv: str | Path | None = None,
    listener: Listener = ignore,
) -> "list[keras.callbacks.Callback]":
    """Keras callbacks for `train` that log `stage` by epoch.

    `tensorboard`: the folder of event files; each training gets a folder of its own in it. `csv`: a new file that
    CSVLogger writes. `listener` is told where a log ends early, for no log ends a training. Raises: UsageError for a
    stage that is no Keras network, or a file that is there already; EnvironmentFault.
    """
    if tensorboard is None and csv is None:
        return []
    if find_stage(stage).library != "keras":
        raise UsageError(
            _("stage '{stage}' is scikit-learn's and reports no epochs to log", stage=stage),
            expected=_("a stage that Keras trains"),
        )
    from kerasnn.training.trackers import csv_log, tensorboard_log

    logs = [csv_log(Path(csv), listener)] if csv is not None else []
    return [*logs, tensorboard_log(Path(tensorboard), stage, listener)] if tensorboard is not None else logs


def check_mlflow(uri: str) -> None:
    """Look whether `log_to_mlflow` could work. Raises: EnvironmentFault without MLflow; UsageError."""
    from kerasnn.runs.mlflow_store import check

    check(uri)


def log_to_mlflow(run: Run, uri: str) -> str:
    """Log `run`, as `train` or `open_run` returned it, to MLflow; returns MLflow's id of it.

    `uri`: a folder, `sqlite:///FILE`, or the address of a server. Settings, versions, every epoch's losses and
    accuracies, the kept model's scores, and the files of the run. Raises: EnvironmentFault, UsageError.
    """
    from kerasnn.runs.mlflow_store import log

    return log(run, uri)
