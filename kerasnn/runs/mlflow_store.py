"""Log a run with MLflow's client: its settings, every epoch, the final metrics, and its files."""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from kerasnn.errors import EnvironmentFault, UsageError
from kerasnn.files.paths import expanded
from kerasnn.language import _
from kerasnn.records import Run
from kerasnn.runs.folder import HISTORY, RECORD

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
    if not _is_store(uri):
        raise UsageError(
            _("--mlflow is '{uri}'", uri=uri), expected=_("a folder, sqlite:///FILE, or the address of a server")
        )


def _is_store(uri: str) -> bool:
    try:
        scheme = urlsplit(uri).scheme
        _address(uri)
        _artifacts(uri)
    except (OSError, ValueError, RuntimeError):  # for brackets that are not an IPv6 address, and circular links
        return False
    return "://" not in uri or scheme.partition("+")[0] in SCHEMES


def log_to_mlflow(run: Run, uri: str) -> str:
    """Log `run`, a record from `train` or `open_run`, to MLflow's experiment `kerasnn`; return MLflow's id of it.

    `uri`: a folder, `sqlite:///FILE`, or the address of a server. Logs the settings, versions, every epoch's losses
    and accuracies, the saved model's scores and the run's files.
    Raises: EnvironmentFault, also if the store cannot be reached or written; UsageError.
    """
    check_mlflow(uri)
    with _quiet_client(uri) as client:
        logged = client.create_run(_experiment(client, uri), start_time=_milliseconds(run), run_name=run.run)
        key = str(logged.info.run_id)
        client.log_batch(key, metrics=_metrics(run), params=_params(run), tags=_tags(run))
        for path in _files(run):
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


def _address(uri: str) -> str:
    """Return the path of a folder as the URI that MLflow requires; any other address unchanged."""
    return uri if "://" in uri else _resolved(expanded(uri)).as_uri()


def _experiment(client: Any, uri: str) -> str:
    found = client.get_experiment_by_name(EXPERIMENT)
    if found is not None:
        return str(found.experiment_id)
    return str(client.create_experiment(EXPERIMENT, artifact_location=_artifacts(uri)))


def _artifacts(uri: str) -> str | None:
    """Return the place for files: beside an SQLite database; None for other stores, which have their own place."""
    if not uri.startswith("sqlite:///"):
        return None
    database = _resolved(Path(uri.removeprefix("sqlite:///")))
    return (database.parent / "mlartifacts").as_uri()


def _resolved(path: Path) -> Path:
    """Resolve the links in `path`.

    Raises: OSError if they are circular, which Path.resolve accepts from Python 3.13 on.
    """
    try:
        path.stat()
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise
    return path.resolve()


def _milliseconds(run: Run) -> int:
    from datetime import datetime

    return int(datetime.fromisoformat(run.started).timestamp() * 1000)


def _metrics(run: Run) -> list[Any]:
    from mlflow.entities import Metric

    now = int(time.time() * 1000)
    by_epoch = [
        Metric(name, getattr(epoch, name), now, epoch.epoch)
        for epoch in run.history
        for name in ("loss", "accuracy", "val_loss", "val_accuracy")
    ]
    parts = {"training": run.training, "validation": run.validation, "test": run.test}
    final = [
        Metric(f"kept_{part}_{name}", getattr(scores, name), now, run.kept_epoch or 0)
        for part, scores in parts.items()
        if scores is not None
        for name in ("loss", "accuracy")
    ]
    return [*by_epoch, *final]


def _params(run: Run) -> list[Any]:
    from mlflow.entities import Param

    values = {"stage": run.stage, "engine": run.engine, "dataset": run.dataset.name, **asdict(run.settings)}
    return [Param(name, str(value)) for name, value in values.items()]


def _tags(run: Run) -> list[Any]:
    from mlflow.entities import RunTag

    values = {"command": run.command, "dataset_sha256": run.dataset.sha256, **run.environment.versions}
    return [RunTag(f"kerasnn.{name}", str(value)) for name, value in values.items()]


def _files(run: Run) -> list[Path]:
    """Return those of the run's files that exist: model, record and history."""
    if run.model is None:
        return []
    model = Path(run.model)
    return [path for path in (model, *(model.parent / name for name in FILES)) if path.is_file()]
