"""`train` with --tensorboard, --csv and --mlflow."""

import csv
import errno
import sys
import time
from contextlib import nullcontext
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kerasnn.runs import mlflow_store
from kerasnn.training.trackers import EpochTensorBoard
from tests.cli.test_commands import Cli

WITH_MLFLOW = pytest.mark.skipif(find_spec("mlflow") is None, reason="wants the extra kerasnn[mlflow]")


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


@pytest.fixture
def words(npz: Path) -> tuple[object, ...]:
    return ("train", "--stage", "adam", "--hidden", 5, "--epochs", 2, "--dataset", npz)


def test_the_table_is_csvloggers_own(cli: Cli, words: tuple[object, ...]) -> None:
    run = cli.json(*words, "--csv", "logs/adam.csv")
    assert run["engine"] == "fused"
    with Path("logs/adam.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["0", "1"]  # as Keras counts
    for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
        assert [float(row[name]) for row in rows] == [epoch[name] for epoch in run["history"]]
    Path("link.csv").symlink_to("nowhere.csv")
    for taken in ("logs/adam.csv", "link.csv"):
        error = cli.json(*words, "--csv", taken, code=2)["error"]
        assert error["message"] == f"{taken} already exists"


def test_tensorboards_event_files_hold_every_epoch(cli: Cli, words: tuple[object, ...]) -> None:
    run = cli.json(*words, "--tensorboard", "board")
    assert run["engine"] == "fused"
    (folder,) = Path("board").iterdir()
    assert folder.name.endswith("-adam")
    for part, prefix in (("train", ""), ("validation", "val_")):
        found = scalars(next((folder / part).iterdir()))
        for name in ("loss", "accuracy"):
            assert found[f"epoch_{name}"] == pytest.approx([epoch[prefix + name] for epoch in run["history"]])


def scalars(path: Path) -> dict[str, list[float]]:
    """Values by name in an event file, read by TensorFlow."""
    from kerasnn.networks.runtime import tf

    found: dict[str, list[float]] = {}
    for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
        for value in tf.compat.v1.Event.FromString(record).summary.value:
            if value.metadata.plugin_data.plugin_name == "scalars":
                found.setdefault(value.tag, []).append(float(tf.make_ndarray(value.tensor)))
    return found


def test_tensorboard_with_the_engine_keras(cli: Cli, words: tuple[object, ...]) -> None:
    run = cli.json(*words, "--tensorboard", "board", "--engine", "keras")
    (folder,) = Path("board").iterdir()
    found = scalars(next((folder / "train").iterdir()))
    assert found["epoch_loss"] == pytest.approx([epoch["loss"] for epoch in run["history"]])


def test_no_hook_for_batches() -> None:
    from kerasnn.networks.runtime import keras
    from kerasnn.training.monitor import BATCH_HOOKS

    assert all(getattr(EpochTensorBoard, hook) is getattr(keras.callbacks.Callback, hook) for hook in BATCH_HOOKS)


@pytest.mark.parametrize(
    ("more", "code", "message"),
    [
        (("--stage", "sgd", "--csv", "a.csv"), 2, "reports no epochs"),
        (("--stage", "adam", "--tensorboard", "file/board"), 4, "cannot be written"),
        (("--stage", "adam", "--csv", "file/a.csv"), 4, "cannot be written"),
    ],
)
def test_what_cannot_be_logged_is_told_before_training(
    cli: Cli, more: tuple[str, ...], code: int, message: str, surroundings: Path
) -> None:
    (surroundings / "file").write_text("in the way")
    assert message in cli.json("train", *more, code=code)["error"]["message"]
    assert not (surroundings / "runs").exists()


@pytest.mark.full
@pytest.mark.parametrize("flag", ["--csv", "--tensorboard"])
def test_a_log_that_cannot_go_on_does_not_end_the_training(
    cli: Cli, words: tuple[object, ...], flag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kerasnn.networks.runtime import keras

    def full(callback: Any, epoch: int, logs: Any = None) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for kind in (keras.callbacks.CSVLogger, keras.callbacks.TensorBoard):
        monkeypatch.setattr(kind, "on_epoch_end", full)
    run = cli.json(*words, flag, "log", "-q")
    assert (run["status"], len(run["history"])) == ("done", 2)
    (said,) = cli.stderr.splitlines()  # under -q too
    assert said.endswith("can no longer be written: No space left on device; the training continues")


def test_a_refused_training_leaves_no_log_behind(cli: Cli, words: tuple[object, ...]) -> None:
    assert cli.json(*words, "--csv", "a.csv", "--dropout", 7, code=2)["error"]["message"] == "--dropout is 7.0"
    assert not Path("a.csv").exists()


@pytest.mark.full
def test_trainings_of_one_second_log_into_folders_of_their_own(
    cli: Cli, words: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = SimpleNamespace(strftime=lambda form: time.strftime(form, time.gmtime(0)))
    monkeypatch.setattr("kerasnn.training.trackers.time", stopped)
    for _training in range(2):
        cli.json(*words, "--tensorboard", "board", "--engine", "keras")
    first, second = sorted(folder.name for folder in Path("board").iterdir())
    assert second == f"{first}-2"


@pytest.mark.full
def test_a_run_with_a_log_goes_on_without_it(
    cli: Cli, words: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("kerasnn.runs.execute.interrupts", lambda **_: nullcontext(lambda: True))
        cli.json(*words, "--csv", "a.csv", code=130)
    assert cli.json("train", "--resume", "latest")["status"] == "done"


def test_without_tensorboard_the_error_says_what_to_install(
    cli: Cli, words: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kerasnn.training.trackers.find_spec", lambda name: None)
    error = cli.json(*words, "--tensorboard", "board", code=4)["error"]
    assert error["hint"] == "pip install 'kerasnn[tensorboard]'"


def test_without_mlflow_the_error_says_what_to_install(
    cli: Cli, words: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kerasnn.runs.mlflow_store.find_spec", lambda name: None)
    error = cli.json(*words, "--mlflow", "mlruns", code=4)["error"]
    assert error["hint"] == "pip install 'kerasnn[mlflow]'"
    assert not Path("runs").exists()


@WITH_MLFLOW
@pytest.mark.filterwarnings("ignore")  # MLflow's own
@pytest.mark.parametrize("uri", ["sqlite:///kept/mlflow.db", "실험"])
def test_mlflow_holds_settings_epochs_and_files(cli: Cli, words: tuple[object, ...], uri: str) -> None:
    Path("kept").mkdir()
    run = cli.json(*words, "--mlflow", uri)
    logged = logged_run(uri)
    assert logged.info.run_name == run["run"]
    assert logged.info.status == "FINISHED"
    assert logged.data.params["hidden"] == "(5,)"
    assert logged.data.params["learning_rate"] == "0.001"
    assert logged.data.metrics["val_loss"] == pytest.approx(run["history"][-1]["val_loss"])
    assert logged.data.metrics["kept_test_accuracy"] == pytest.approx(run["test"]["accuracy"])
    history = client(uri).get_metric_history(logged.info.run_id, "loss")
    assert [(each.step, each.value) for each in history] == [(each["epoch"], each["loss"]) for each in run["history"]]
    names = {file.path for file in client(uri).list_artifacts(logged.info.run_id)}
    assert names == {"model.keras", "run.json", "history.csv"}


def client(uri: str) -> Any:
    from mlflow import MlflowClient

    return MlflowClient(tracking_uri=uri if "://" in uri else Path(uri).resolve().as_uri())


def logged_run(uri: str) -> Any:
    experiment = client(uri).get_experiment_by_name("kerasnn")
    (logged,) = client(uri).search_runs([experiment.experiment_id])
    return logged


@pytest.mark.parametrize("uri", ["http://[x", "around/and/around", "sqlite:///around/x.db"])
def test_a_store_that_is_none_is_refused_before_training(
    cli: Cli, words: tuple[object, ...], uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kerasnn.runs.mlflow_store.find_spec", lambda name: "there")
    Path("around").symlink_to("around")
    assert f"--mlflow is '{uri}'" in cli.json(*words, "--mlflow", uri, code=2)["error"]["message"]
    assert not Path("runs").exists()


def test_nobodys_home_is_a_folder_of_that_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kerasnn.runs.mlflow_store.find_spec", lambda name: "there")
    mlflow_store.check_mlflow("~nobody-at-all/x")
    assert mlflow_store._address("~nobody-at-all/x") == (Path.cwd() / "~nobody-at-all" / "x").as_uri()


@WITH_MLFLOW
@pytest.mark.filterwarnings("ignore")
def test_a_store_that_cannot_be_is_an_error_of_ours(cli: Cli, words: tuple[object, ...]) -> None:
    assert "--mlflow is" in cli.json(*words, "--mlflow", "ftp://somewhere", code=2)["error"]["message"]
    Path("file").write_text("in the way")
    error = cli.json(*words, "--mlflow", "file/mlruns", code=4)["error"]
    assert "could not be logged to MLflow" in error["message"]
    assert "Traceback" not in cli.stderr


def test_training_without_mlflow_never_imports_it(cli: Cli, words: tuple[object, ...]) -> None:
    sys.modules.pop("mlflow", None)
    cli.json(*words)
    assert "mlflow" not in sys.modules
