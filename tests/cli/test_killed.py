"""A run whose process was killed: what the commands say of it, beside one that is being trained."""

import json
import shutil
from pathlib import Path

import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.runs.folder import locked
from tests.cli.test_commands import Cli


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


@pytest.fixture
def killed(surroundings: Path, quick_engine: None, tiny: Dataset) -> Path:
    """Return the folder of a run as it is after a kill in its first epochs."""
    folder = surroundings / "runs" / kerasnn.train("softmax", dataset=tiny, epochs=1).run
    (folder / "model.keras").unlink()
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    none = dict.fromkeys(("kept_epoch", "validation", "test", "training", "model", "ended", "reading"))
    record |= {"status": "running", "parameters": 0, "history": [], **none}
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    (folder / "checkpoint").mkdir(exist_ok=True)
    return folder


def test_it_is_named_with_the_command_that_continues_it(killed: Path, cli: Cli) -> None:
    resume = f"kerasnn train --resume {killed.name}"
    listed = cli("runs", "list")
    assert "killed" in listed
    assert f"Next: {resume}" in listed + cli.stderr
    (row,) = cli.json("runs", "list")
    assert (row["status"], row["notes"][-1]["code"]) == ("running", "killed")
    shown = " ".join(cli("runs", "show", killed.name).split())
    assert f"its training was killed; {resume} continues it" in shown
    assert "None" not in shown
    assert "0 parameters" not in shown
    cli("evaluate", killed.name, code=5)
    assert "its training was killed" in cli.stderr
    assert f"{resume} continues from there" in " ".join(cli.stderr.split())


def test_elsewhere_the_folder_is_in_the_command(killed: Path, cli: Cli) -> None:
    shutil.move(killed.parent, "others")
    cli("evaluate", killed.name, "--runs", "others", code=5)
    assert f"--resume {killed.name} --runs others" in " ".join(cli.stderr.split())


def test_one_that_is_being_trained_is_not_killed(killed: Path, cli: Cli) -> None:
    with locked(killed):
        listed = cli("runs", "list")
        assert "running" in listed
        assert "killed" not in listed
        cli("evaluate", killed.name, code=5)
        assert "it is being trained" in cli.stderr
