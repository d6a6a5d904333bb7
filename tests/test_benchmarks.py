"""The parts of the benchmarks: pairs alternate, missing libraries are skipped by name, scripts run."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.data import write_data
from benchmarks.epochs import clock
from benchmarks.keeping import measure
from benchmarks.processes import _run
from benchmarks.scripts import training_script
from kerasnn.lecture.stages import STAGE_BY_NAME, STAGES

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def data(surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """200 images where the comparators look for them."""
    monkeypatch.chdir(ROOT)
    np.save(surroundings / "images.npy", np.zeros((200, 28, 28), np.uint8))
    np.save(surroundings / "labels.npy", np.zeros(200, np.int32))
    return str(surroundings)


def test_each_comparator_trains_as_many_epochs_and_what_fails_is_named(data: str) -> None:
    settings = {"data": data, "images": 200}
    limit, broken = clock(
        {"limit": ("arithmetic limit", settings, 1), "broken": ("arithmetic limit", {"data": "nowhere"}, None)}, 3
    )
    assert len(limit.seconds) == 5
    assert 0 < limit.steady < 1
    assert limit.compiling == limit.seconds[0] - limit.steady
    assert broken.failed is not None
    assert "nowhere" in broken.failed


@pytest.mark.full
def test_what_an_epoch_pays_for_being_checked_and_kept(data: str, surroundings: Path) -> None:
    found = measure(data, surroundings, 1, epochs=3)
    assert found.epoch > found.write > 0
    assert found.epoch > found.check > 0
    assert (surroundings / "checkpoint" / "state.npz").is_file()


def test_without_fashion_mnist_garments_are_repeated(surroundings: Path) -> None:
    assert write_data(surroundings) == "garments"
    images = np.load(surroundings / "images.npy")
    assert images.shape == (60_000, 28, 28)
    assert (images[0] == images[12_000]).all()


def test_a_process_is_measured_and_its_failure_told(surroundings: Path) -> None:
    seconds, megabytes = _run([sys.executable, "-c", "x = bytearray(100_000_000)"], surroundings)
    assert 0 < seconds < 20
    assert 100 < megabytes < 250
    with pytest.raises(subprocess.CalledProcessError):
        _run([sys.executable, "-c", "raise SystemExit(3)"], surroundings)


def test_every_stage_has_a_plain_script() -> None:
    for stage in STAGES:
        compile(training_script(stage, "folder"), stage.name, "exec")
    assert "Dropout(0.3)" in training_script(STAGE_BY_NAME["dropout"], "folder")
    assert "patience=2" in training_script(STAGE_BY_NAME["early-stopping"], "folder")


def test_the_plain_script_of_sgd_runs(real_data: Path, surroundings: Path) -> None:
    script = training_script(STAGE_BY_NAME["sgd"], str(real_data)).replace("max_iter=5", "max_iter=1")
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=True)
    assert 0.7 < float(done.stdout.split()[0]) < 0.9
