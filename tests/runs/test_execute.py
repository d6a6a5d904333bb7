"""A run's folder: complete, new for each run, and true to what happened."""

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.errors import DataError, EnvironmentFault, Interrupted, TrainingDiverged, UsageError
from kerasnn.networks.classifier import unrolled
from kerasnn.networks.evaluation import score
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.runtime import keras
from kerasnn.records import Event, Progress, plain
from kerasnn.runs.folder import create

pytestmark = pytest.mark.usefixtures("quick_engine")


def test_a_run_leaves_a_complete_folder(surroundings: Path, tiny: Dataset) -> None:
    run = kerasnn.train("early-stopping", dataset=tiny, hidden=[6], epochs=3)
    folder = surroundings / "runs" / run.run
    assert {path.name for path in folder.iterdir()} == {"run.json", "history.csv", "model.keras", "state.npz"}
    written = json.loads((folder / "run.json").read_text("utf-8"))
    assert len(written.pop("seal")) == 64
    assert written == plain(run)
    assert (surroundings / "runs" / "latest").read_text().strip() == run.run
    assert run.status == "done"
    assert run.overrides == {"hidden": (6,), "epochs": 3}
    assert run.published is None
    with (folder / "history.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [float(row["val_loss"]) for row in rows] == [epoch.val_loss for epoch in run.history]
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]


def test_the_saved_model_has_the_figures_of_the_record(surroundings: Path, tiny: Dataset) -> None:
    run = kerasnn.train("dropout", dataset=tiny, hidden=[6], epochs=2)
    assert run.model is not None
    classifier = open_classifier(Path(run.model))
    assert (score(classifier, tiny.validation), score(classifier, tiny.test)) == (run.validation, run.test)
    model = keras.models.load_model(run.model)
    loss, accuracy = model.evaluate(unrolled(tiny.test.images).reshape(-1, 6, 6), tiny.test.labels, verbose=0)
    assert run.test is not None
    assert (run.test.loss, run.test.accuracy) == pytest.approx((loss, accuracy), rel=1e-5)
    assert run.history[-1].val_loss == pytest.approx(run.validation.loss if run.validation else None, rel=1e-5)


def test_scikit_learn_runs_have_a_folder_too(surroundings: Path, tiny: Dataset) -> None:
    run = kerasnn.train("sgd", dataset=tiny)
    assert run.model is not None
    assert Path(run.model).name == "model.npz"
    assert (run.engine, run.history, run.best_epoch, run.stopped_epoch) == ("scikit-learn", (), None, 5)
    assert run.parameters == 36 * 3 + 3


def test_published_figures_stand_only_beside_the_lectures_own_settings(tiny: Dataset) -> None:
    assert kerasnn.train("softmax", dataset=tiny, epochs=1).published is None


def test_two_runs_of_one_second_have_two_folders(surroundings: Path) -> None:
    moment = datetime(2026, 11, 24, 4, 5, 6)
    names = [create(surroundings / "r", "adam", 42, moment).name for _ in range(3)]
    assert names == ["20261124-040506-adam-s42", "20261124-040506-adam-s42-2", "20261124-040506-adam-s42-3"]


@pytest.mark.full
def test_the_command_of_the_record_repeats_the_run(surroundings: Path, npz: Path) -> None:
    from kerasnn.cli.app import main

    overrides: dict[str, Any] = {"hidden": [5, 4], "optimizer": "sgd", "momentum": 0.9, "nesterov": True, "epochs": 2}
    run = kerasnn.train("dropout", dataset=npz, seed=7, **overrides)
    words = run.command.split()
    assert words[0] == "kerasnn"
    assert main([*words[1:], "--quiet", "--out", "again"]) == 0
    (again,) = (surroundings / "again").glob("2*")
    record = json.loads((again / "run.json").read_text("utf-8"))
    assert record["history"] == plain(run.history)
    assert record["command"] == run.command


def test_divergence_is_recorded_and_raised(surroundings: Path, tiny: Dataset) -> None:
    wild: dict[str, Any] = {"activation": "linear", "optimizer": "sgd", "learning_rate": 1000.0}
    with pytest.raises(TrainingDiverged, match="diverged in epoch"):
        kerasnn.train("relu", dataset=tiny, **wild)
    (folder,) = (surroundings / "runs").glob("2*")
    record = json.loads((folder / "run.json").read_text("utf-8"))
    assert record["status"] == "failed"
    assert np.isfinite(
        np.concatenate([w.ravel() for w in keras.models.load_model(folder / "model.keras").get_weights()])
    ).all()


def test_an_interrupt_is_recorded_and_raised(surroundings: Path, tiny: Dataset) -> None:
    def impatient(event: Event) -> None:
        if isinstance(event, Progress) and event.finished:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="1 of 5 epochs are done"):
        kerasnn.train("adam", dataset=tiny, listener=impatient)
    (folder,) = (surroundings / "runs").glob("2*")
    record = json.loads((folder / "run.json").read_text("utf-8"))
    assert (record["status"], len(record["history"])) == ("stopped", 1)
    assert (folder / "model.keras").is_file()


def test_a_failure_in_between_never_looks_finished(
    surroundings: Path, tiny: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kerasnn.networks.runtime.keras.Model.save", broken)
    monkeypatch.setattr("kerasnn.networks.runtime.keras.Sequential.save", broken)
    with pytest.raises(EnvironmentFault, match="No space left"):
        kerasnn.train("softmax", dataset=tiny, epochs=1)
    (folder,) = (surroundings / "runs").glob("2*")
    assert json.loads((folder / "run.json").read_text("utf-8"))["status"] == "failed"
    assert not (folder / "model.keras").exists()
    assert not (surroundings / "runs" / "latest").exists()


@pytest.mark.parametrize(
    ("stage", "options", "error"),
    [
        ("adm", {}, UsageError),
        ("adam", {"epochs": 0}, UsageError),
        ("adam", {"engine": "warp"}, UsageError),
        ("sgd", {"engine": "keras"}, UsageError),
        ("adam", {"dataset": "nowhere.npz"}, DataError),
        ("adam", {"dataset": "fashion-mnist"}, DataError),
    ],
)
def test_what_cannot_be_trained_leaves_no_folder(
    surroundings: Path, stage: str, options: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        kerasnn.train(stage, **options)
    assert not (surroundings / "runs").exists()


def test_a_run_folder_that_cannot_be_made(surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (surroundings / "file").write_text("in the way")
    monkeypatch.setattr("kerasnn.runs.execute.load_data", lambda *_given, **_more: pytest.fail("data were loaded"))
    with pytest.raises(EnvironmentFault, match="no run folder can be created in"):
        kerasnn.train("softmax", out=surroundings / "file")
