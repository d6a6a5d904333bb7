"""Log a run with MLflow's client: its settings, every epoch, the final metrics, and its files."""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from kerasnn.errors import EnvironmentFault, UsageError
from kerasnn.files.paths import expanded
from kerasnn.language import _
from kerasnn.records import Run
from kerasnn.runs.folder import RECORD
from kerasnn.runs.history import HISTORY

EXPERIMENT: Final = "kerasnn"
SCHEMES: Final = ("sqlite", "file", "http", "https", "postgresql", "mysql", "mssql")
FILES: Final = (RECORD, HISTORY)
STATUS: Final = {"done": "FINISHED", "stopped": "KILLED", "failed": "FAILED", "running": "RUNNING"}


def check_mlflow(uri: str) -> None:
    """Check before a run is trained that `log_to_mlflow` could log it to `uri`.

    Raises: EnvironmentFault if MLflow is not installed; UsageError if MLflow has no such store.
    """
    if find_spec("mlflow") is None:
        raise EnvironmentFault(
            _("MLflow is not installed"), expected=_("the extra 'mlflow'"), hint=_("pip install 'kerasnn[mlflow]'")
        )
    try:
        scheme = urlsplit(uri).scheme
        _address(uri), _artifacts(uri)
        exists = "://" not in uri or scheme.partition("+")[0] in SCHEMES  # as in postgresql+psycopg://
    except (OSError, ValueError, RuntimeError):  # for brackets that are not an IPv6 address, and circular links
        exists = False
    if not exists:
        raise UsageError(
            _("--mlflow is '{uri}'", uri=uri), expected=_("a folder, sqlite:///FILE, or the address of a server")
        )


def log_to_mlflow(run: Run, uri: str) -> str:
    """Log `run`, a record from `train` or `open_run`, to MLflow's experiment `kerasnn`; return MLflow's id of it.

    `uri`: a folder, `sqlite:///FILE`, or the address of a server. Logs the settings, versions, every epoch's losses
    and accuracies, the saved model's scores and the run's files.
    Raises: EnvironmentFault, also if the store cannot be reached or written; UsageError.
    """
    check_mlflow(uri)
    with _quiet_client(uri) as client:
        found = client.get_experiment_by_name(EXPERIMENT)
        experiment = client.create_experiment(EXPERIMENT, _artifacts(uri)) if found is None else found.experiment_id
        began = int(datetime.fromisoformat(run.started).timestamp() * 1000)  # MLflow counts milliseconds
        logged = client.create_run(str(experiment), start_time=began, run_name=run.run)
        key = str(logged.info.run_id)
        client.log_batch(key, **_batch(run))
        model = Path(run.model) if run.model else None
        for path in (model, *(model.parent / name for name in FILES)) if model else ():
            if path.is_file():  # a record can name files that were deleted since
                client.log_artifact(key, str(path))
        client.set_terminated(key, STATUS[run.status])
    return key


@contextmanager
def _quiet_client(uri: str) -> Iterator[Any]:
    """Yield MLflow's client for the store, with telemetry off; turn errors in the block into EnvironmentFault."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")  # deprecated by MLflow, but still supported
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
    import mlflow
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield mlflow.MlflowClient(tracking_uri=_address(uri))
    except (mlflow.exceptions.MlflowException, SQLAlchemyError, OSError) as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise EnvironmentFault(
            _("the run could not be logged to MLflow at {uri}: {first}", uri=uri, first=first),
            expected=_("a store that you can write to"),
        ) from error


def _address(uri: str) -> str:  # MLflow requires a URI for a folder too
    return uri if "://" in uri else _resolved(expanded(uri)).as_uri()


def _artifacts(uri: str) -> str | None:  # None for stores that have their own place for files
    if not uri.startswith("sqlite:///"):
        return None
    database = _resolved(Path(uri.removeprefix("sqlite:///")))
    return (database.parent / "mlartifacts").as_uri()


def _resolved(path: Path) -> Path:
    try:
        path.stat()  # because Path.resolve accepts circular links from Python 3.13 on
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise
    return path.resolve()


def _batch(run: Run) -> dict[str, list[Any]]:
    from mlflow.entities import Metric, Param, RunTag

    now, parts = int(time.time() * 1000), {"training": run.training, "validation": run.validation, "test": run.test}
    by_epoch = [
        Metric(name, getattr(epoch, name), now, epoch.epoch)
        for epoch in run.history
        for name in ("loss", "accuracy", "val_loss", "val_accuracy")
    ]
    final = [
        Metric(f"kept_{part}_{name}", getattr(scores, name), now, run.kept_epoch or 0)
        for part, scores in parts.items()
        if scores is not None
        for name in ("loss", "accuracy")
    ]
    params = {"stage": run.stage, "engine": run.engine, "dataset": run.dataset.name, **asdict(run.settings)}
    tags = {"command": run.command, "dataset_sha256": run.dataset.sha256, **run.environment.versions}
    return {
        "metrics": by_epoch + final,
        "params": [Param(name, str(value)) for name, value in params.items()],
        "tags": [RunTag(f"kerasnn.{name}", str(value)) for name, value in tags.items()],
    }
