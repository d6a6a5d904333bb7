"""The parts of the benchmarks: pairs alternate, missing libraries are skipped by name, scripts run."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from benchmarks.comparators import Work, arithmetic
from benchmarks.data import write_data
from benchmarks.epochs import clock
from benchmarks.keeping import measure
from benchmarks.processes import before_pairs, busy_core, run
from benchmarks.scripts import training_script
from benchmarks.tables import markdown, pairs_table
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
    assert len(limit.seconds) == 3
    assert 0 < limit.steady < 1
    assert limit.compiling == limit.first - limit.steady
    assert broken.failed is not None
    assert "nowhere" in broken.failed


def test_nothing_is_faster_than_the_arithmetic_limit(data: str) -> None:
    """The products of an epoch and four passes over as many weights, done with NumPy, take longer than the limit."""
    random = np.random.RandomState(0)
    inputs, kernel, last = (random.rand(*shape).astype(np.float32) for shape in ((32, 784), (784, 100), (100, 10)))
    state = [random.rand(79_510).astype(np.float32) for _ in range(4)]
    taken = []
    with threadpool_limits(1, user_api="blas"):
        limit = next(arithmetic(Work(data, images=200, batch=32, hidden=(100,))))
        for _ in range(100):
            began = time.perf_counter()
            for _step in range(200 // 32):
                hidden = inputs @ kernel
                outputs = hidden @ last
                slopes = inputs.T @ (outputs @ last.T), hidden.T @ outputs
                for values in state:
                    np.multiply(values, np.float32(0.999), out=values)
            taken.append(time.perf_counter() - began)
    assert [each.shape for each in slopes] == [kernel.shape, last.shape]
    assert 0 < limit < min(taken)


def test_a_checkout_is_compared_with_another(surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.processes.STAGES", ())
    image = ROOT / "docs" / "pictures" / "shirt.png"
    with busy_core(True):
        pairs = before_pairs(ROOT, surroundings, "unused", image, 1)
    assert [pair.name for pair in pairs] == ["--help", "predict"]
    assert all(pair.ours > 0 and pair.plain > 0 for pair in pairs)
    assert "before / now" in markdown(pairs_table("Whole processes", pairs, 1, other="before"))


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
    seconds, megabytes = run([sys.executable, "-c", "x = bytearray(100_000_000)"], surroundings)
    assert 0 < seconds < 20
    assert 100 < megabytes < 250
    with pytest.raises(subprocess.CalledProcessError):
        run([sys.executable, "-c", "raise SystemExit(3)"], surroundings)


def test_every_stage_has_a_plain_script() -> None:
    for stage in STAGES:
        compile(training_script(stage, "folder"), stage.name, "exec")
    assert "Dropout(0.3)" in training_script(STAGE_BY_NAME["dropout"], "folder")
    assert "patience=2" in training_script(STAGE_BY_NAME["early-stopping"], "folder")


def test_the_plain_script_of_sgd_runs(real_data: Path, surroundings: Path) -> None:
    script = training_script(STAGE_BY_NAME["sgd"], str(real_data)).replace("max_iter=5", "max_iter=1")
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=True)
    assert 0.7 < float(done.stdout.split()[0]) < 0.9
