"""The trainer or the server is killed, or told to end, and nothing that was trained is lost."""

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import EVEN, save_npz
from tests.lab.client import PATIENCE, LabProcess, lab_process
from tests.lab.runs import assert_same_weights, kerasnn

EPOCHS = 4


@pytest.fixture
def own(tmp_path: Path) -> Iterator[LabProcess]:
    """Return a lab that a test may harm."""
    folder = tmp_path / "lab"
    folder.mkdir()
    save_npz(folder / "stripes.npz", count=EVEN)
    with lab_process(folder, "--dataset", "stripes.npz") as started:
        yield started
    assert "Traceback" not in started.said, started.said


def halfway(lab: LabProcess) -> tuple[str, str]:
    """Train a run to its end, and another one for an epoch; return both."""
    whole, _record = lab.train("softmax", epochs=EPOCHS)
    run = lab.begin("softmax", paused=True, epochs=EPOCHS)
    lab.do(run, "epoch")
    assert lab.until(run, "epoch")[0] == "epoch"
    return whole, run


def status_of(lab: LabProcess, run: str) -> str:
    found: str = json.loads((lab.runs / run / "run.json").read_text(encoding="utf-8"))["status"]
    return found


def wait_for_the_end_of(*pids: int) -> None:
    end = time.monotonic() + PATIENCE
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < end, f"{pids} still run"
        time.sleep(0.05)


def test_a_killed_trainer_is_replaced_and_its_run_goes_on(own: LabProcess) -> None:
    whole, run = halfway(own)
    (trainer,) = own.trainers()
    os.kill(trainer, signal.SIGKILL)
    kind, content = own.until(run)
    assert (kind, "SIGKILL" in content["error"]["message"]) == ("failed", True), content
    assert content["error"]["hint"] == f"kerasnn train --resume {run} continues from there"
    assert status_of(own, run) == "failed"
    own.wait_until_warm()
    assert own.trainers() != [trainer]
    assert own.ask("/api/trainings", {"resume": run}).status == 201
    assert own.until(run)[0] == "done"
    assert_same_weights(own.runs / whole, own.runs / run)


def test_with_a_killed_server_its_trainer_ends_and_the_run_goes_on(own: LabProcess) -> None:
    whole, run = halfway(own)
    trainers = own.trainers()
    own.process.kill()
    wait_for_the_end_of(*trainers)
    assert status_of(own, run) == "running"
    with lab_process(own.folder, "--dataset", "stripes.npz") as again:
        events = list(again.events(run))
        assert [kind for kind, _content in events] == ["epoch", "failed"]
        assert "was killed" in events[-1][1]["error"]["message"]
        kerasnn(own, "train", "--resume", run, "--quiet")
        assert [kind for kind, _content in again.events(run)] == ["epoch"] * EPOCHS + ["done"]
    assert_same_weights(own.runs / whole, own.runs / run)
    assert not list((own.folder / "tmp").iterdir())


@pytest.mark.parametrize(
    "number", [signal.SIGINT, *(pytest.param(each, marks=pytest.mark.full) for each in (signal.SIGTERM, signal.SIGHUP))]
)
def test_a_signal_saves_the_training_and_ends_all(own: LabProcess, number: int) -> None:
    whole, run = halfway(own)
    own.do(run, "continue")
    trainers = own.trainers()
    assert own.end(number) == 0
    wait_for_the_end_of(*trainers)
    assert status_of(own, run) in ("stopped", "done")  # tiny images: it may have come to its end
    assert (own.runs / run / "model.keras").is_file()
    if status_of(own, run) == "stopped":
        kerasnn(own, "train", "--resume", run, "--quiet")
    assert_same_weights(own.runs / whole, own.runs / run)
    assert not list((own.folder / "tmp").iterdir())


def test_a_run_that_another_process_trains_is_not_disturbed(own: LabProcess) -> None:
    _whole, run = halfway(own)
    with lab_process(own.folder, "--dataset", "stripes.npz") as other:
        kind, content = other.until(run)
        while kind == "epoch":
            kind, content = other.until(run)
        assert (kind, "in use by another process" in content["error"]["message"]) == ("failed", True)
        other.ask("/api/trainings", {"resume": run})
        kind, content = other.until(run)
        assert "in use by another process" in content["error"]["message"]
    own.do(run, "continue")
    assert own.until(run)[0] == "done"


def test_a_training_that_had_not_begun_is_given_to_the_next_trainer(own: LabProcess) -> None:
    own.wait_until_warm()
    (trainer,) = own.trainers()
    os.kill(trainer, signal.SIGSTOP)
    run = own.begin("softmax", epochs=1)
    os.kill(trainer, signal.SIGKILL)
    assert own.until(run)[0] == "done"


def test_runs_that_cannot_be_written_are_an_error_and_the_lab_goes_on(own: LabProcess) -> None:
    own.train("softmax", epochs=1)
    for each in own.runs.iterdir():
        each.rename(own.folder / each.name)
    own.runs.rmdir()
    own.runs.write_text("no folder")
    answer = own.ask("/api/trainings", {"stage": "softmax"})
    assert (answer.status, answer.error["code"]) == (503, 4)
    own.runs.unlink()
    own.train("softmax", epochs=1)


def test_a_signal_while_the_images_are_downloaded_ends_all_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mirror = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        words = ("--dataset", "fashion-mnist")
        lab = lab_process(tmp_path, *words, KERASNN_MIRROR=mirror, KERASNN_DATA_DIR="")
        with lab as own, silent.accept()[0]:  # the download has begun
            began = time.monotonic()
            assert own.end() == 0
            assert time.monotonic() - began < 10  # the download would wait for 20 seconds
