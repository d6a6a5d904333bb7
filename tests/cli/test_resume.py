"""`kerasnn train --resume`: stop a run, resume it, extend it; every error has its exit code."""

import json
import shutil
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from kerasnn.records import Note
from kerasnn.records.note import sentence
from tests.cli.test_commands import Cli
from tests.conftest import EVEN, printed_json, save_npz, working_in

# both engines go on bitwise, as tests/runs shows; this one is the quicker for so few images
WORDS = ("train", "--stage", "early-stopping", "--hidden", 6, "--epochs", 3, "--engine", "keras")


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


STOP = 2  # looks: within the second epoch


def stop_after(calls: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the training asked to stop from the so-manieth time on that it looks."""
    left = iter(range(calls))
    monkeypatch.setattr("kerasnn.runs.execute.interrupts", lambda **_: nullcontext(lambda: next(left, None) is None))


@pytest.fixture(scope="module")
def once_stopped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A folder with the run of a training that was stopped within its second epoch, and what the training printed."""
    with working_in(tmp_path_factory.mktemp("stopped")) as folder, pytest.MonkeyPatch.context() as patch:
        stop_after(STOP, patch)
        return folder, printed_json(*WORDS, "--dataset", save_npz(folder / "stripes.npz", count=EVEN), code=130)


@pytest.fixture
def stopped(once_stopped: tuple[Path, Any], surroundings: Path) -> Any:
    """That run in the working folder, and what its training printed."""
    folder, printed = once_stopped
    shutil.copytree(folder / "runs", surroundings / "runs")
    return printed


def test_a_stopped_run_prints_its_record_and_the_error(stopped: Any) -> None:
    assert stopped["status"] == "stopped"
    assert len(stopped["history"]) == 1
    assert stopped["error"]["code"] == 130
    assert stopped["error"]["message"].startswith("1 of 3 epochs are done")
    assert stopped["error"]["hint"] == f"kerasnn train --resume {stopped['run']} continues from there"
    assert Path(stopped["model"]).is_file()


def test_a_stopped_run_shows_its_table_and_the_way_on(cli: Cli, npz: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_after(STOP, monkeypatch)
    text = cli(*WORDS, "--dataset", npz, code=130)
    assert "saved: epoch 1" in text
    assert "next: kerasnn train --resume 2" in cli.stderr


def test_a_stop_stays_one_where_its_curves_cannot_be_drawn(
    cli: Cli, stopped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plots = Path(stopped["model"]).parent / "plots"
    shutil.rmtree(plots, ignore_errors=True)
    plots.write_text("in the way")
    stop_after(STOP, monkeypatch)
    found = cli.json("train", "--resume", "latest", code=130)
    assert (found["status"], found["error"]["code"]) == ("stopped", 130)
    assert "could not be written" in cli.stderr


def test_a_run_by_its_folder_is_drawn_there(cli: Cli, stopped: Any, surroundings: Path) -> None:
    (surroundings / "runs").rename("elsewhere")
    again = cli.json("train", "--resume", f"elsewhere/{stopped['run']}")
    assert again["status"] == "done"
    assert not Path("runs").exists()
    assert (Path("elsewhere") / stopped["run"] / "plots" / "curves.png").is_file()


def test_one_that_is_stopped_before_its_first_epoch(cli: Cli, npz: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        stop_after(0, patch)
        text = cli(*WORDS, "--dataset", npz, "--out", "elsewhere", code=130)
    assert "saved: epoch 0" in text
    assert "--runs elsewhere continues from there" in cli.stderr
    again = cli.json("train", "--resume", "latest", "--out", "elsewhere")
    assert again["history"] == cli.json(*WORDS, "--dataset", npz)["history"]


def test_resume_and_more_epochs(cli: Cli, stopped: Any, npz: Path) -> None:
    again = cli.json("train", "--resume", "latest")
    assert (again["run"], again["status"], again["resumed_after"]) == (stopped["run"], "done", [1])
    assert "continues after epoch 1 of 3" in cli.stderr
    longer = cli.json("train", "--resume", again["run"], "--more-epochs", 2, "--dataset", npz)
    assert len(longer["history"]) == 5
    assert longer["history"][:3] == again["history"]
    written = json.loads(Path(longer["model"]).with_name("run.json").read_text("utf-8"))
    assert written.pop("seal")
    assert longer["reading"].pop("sentences")  # said, not kept
    assert written == longer


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (
            ["--resume", "latest", "--stage", "adam"],
            2,
            "a stage, --engine, --backend, --size, --name and --tag do not go with --resume",
        ),
        (["--stage", "adam", "--more-epochs", "2"], 2, "need --resume"),
        (["--stage", "adam", "--force"], 2, "need --resume"),
        (["--resume", "latest", "--more-epochs", "0"], 2, "--more-epochs"),
        (["--resume", "latest", "--epochs", "9"], 2, "--epochs cannot be combined with --resume"),
        (["--resume", "latest", "--learning-rate", "0.5"], 5, "learning_rate was 0.001 and is 0.5"),
        (["--resume", "latest", "--dataset", "garments"], 5, "data was"),
        (["--resume", "nothing"], 5, "there is no run 'nothing'"),
    ],
)
def test_errors(cli: Cli, stopped: Any, words: list[str], code: int, message: str) -> None:
    error = cli.json("train", *words, code=code)["error"]
    assert (error["code"], message in error["message"]) == (code, True), error


@pytest.mark.parametrize("epochs", [None, "two"])
def test_a_record_without_its_epochs(cli: Cli, stopped: Any, epochs: object) -> None:
    path = Path(stopped["model"]).with_name("run.json")
    record = json.loads(path.read_text("utf-8"))
    record["settings"]["epochs"] = epochs
    path.write_text(json.dumps(record), "utf-8")
    error = cli.json("train", "--resume", "latest", code=5)["error"]
    assert error["code"] == 5


def test_a_diverged_run_shows_the_last_good_state(cli: Cli, npz: Path) -> None:
    wild = ("--activation", "linear", "--optimizer", "sgd", "--learning-rate", 1000)
    found = cli.json("train", "--stage", "relu", *wild, "--dataset", npz, code=7)
    assert found["status"] == "failed"
    assert found["fault"]["code"].endswith("-loss-not-finite") or found["fault"]["code"] == "loss-exploded"
    assert sentence(Note(**found["fault"])) in found["error"]["message"]
    assert "1e+05 times the usual 0.01 of sgd" in found["error"]["hint"]


def test_scikit_learn_has_nothing_to_go_on_from(cli: Cli, npz: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kerasnn.training.baseline.train_sgd", interrupted)
    error = cli.json("train", "--stage", "sgd", "--dataset", npz, code=130)["error"]
    assert error["message"] == "scikit-learn saves nothing of a partial training"
    assert error["hint"].startswith("train again: kerasnn train sgd")
    (record,) = Path("runs").glob("2*/run.json")
    assert json.loads(record.read_text("utf-8"))["status"] == "stopped"
