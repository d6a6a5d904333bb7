"""Temporary folders: removed when their work ends or, if the process was killed, when the next one is made."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kerasnn.errors import EnvironmentFault
from kerasnn.files.locks import temporary_folder

KILLED = """
import os, signal
from kerasnn.files.locks import temporary_folder
with temporary_folder("study") as folder:
    (folder / "a").touch()
    os.kill(os.getpid(), signal.SIGKILL)
"""
LIVING = """
import sys
from kerasnn.files.locks import temporary_folder
with temporary_folder("study") as folder:
    print(folder, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the machine keeps what is temporary, for this process and those it starts."""
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def test_those_of_killed_processes_are_removed(place: Path) -> None:
    assert subprocess.run([sys.executable, "-c", KILLED], check=False).returncode == -9
    (place / "kerasnn-study-notes").mkdir()  # the user's own
    assert len(list(place.iterdir())) == 3
    with temporary_folder("study") as mine, temporary_folder("study") as another:
        (mine / "a").touch()
        assert {path for path in place.iterdir() if path.is_dir()} == {mine, another, place / "kerasnn-study-notes"}
    assert [path.name for path in place.iterdir()] == ["kerasnn-study-notes"]


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "in a container"])
def test_those_of_living_processes_stay(place: Path, elsewhere: bool) -> None:
    """In another space of process numbers too, where the number of a living one may be nobody's here."""
    unshare = ["unshare", "--pid", "--fork", "--mount-proc"] if elsewhere else []
    if elsewhere and (not shutil.which("unshare") or subprocess.run([*unshare, "true"], check=False).returncode):
        pytest.skip("this user may make no container")
    command = [*unshare, sys.executable, "-c", LIVING]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as living:
        assert living.stdin is not None
        assert living.stdout is not None
        folder = Path(living.stdout.readline().strip())
        with temporary_folder("study"):
            assert folder.is_dir()
        living.stdin.write("\n")
    assert living.returncode == 0
    assert list(place.iterdir()) == []


def test_one_that_cannot_be_made_is_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "file").touch()
    monkeypatch.setattr(tempfile, "tempdir", str(place / "file"))
    with pytest.raises(EnvironmentFault, match="no temporary folder can be made") as caught, temporary_folder("study"):
        pass
    assert "TMPDIR" in (caught.value.hint or "")
    assert [path.name for path in place.iterdir()] == ["file"]
