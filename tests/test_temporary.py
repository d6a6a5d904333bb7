"""Temporary folders: removed when their work ends or, if the process was killed, when the next one is made."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kerasnn.errors import EnvironmentFault
from kerasnn.files.atomic import write_text
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


def test_one_whose_process_could_not_remove_it_goes_with_the_next(place: Path) -> None:
    (place / "kerasnn-study-0123456789ab").mkdir()  # its lock is gone
    (place / "kerasnn-page-0123456789ab").mkdir()
    with temporary_folder("study") as folder:
        assert {path for path in place.iterdir() if path.is_dir()} == {folder, place / "kerasnn-page-0123456789ab"}


@pytest.mark.parametrize(("number", "hint"), [(errno.ENOSPC, "TMPDIR"), (errno.EMFILE, "ulimit -n")])
def test_one_that_cannot_be_written_is_not_told_with_flags_that_do_not_move_it(
    number: int, hint: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with temporary_folder("page") as folder, pytest.raises(EnvironmentFault) as caught:
        write_text(folder / "picture.svg", "")
    assert hint in (caught.value.hint or "")
    assert "--runs" not in (caught.value.hint or "")


def test_xlas_folder_goes_after_a_kill(place: Path) -> None:
    script = (
        "import os, signal\nfrom kerasnn.networks.xla_folder import FOLDERS, offered_to_xla\n"
        "with offered_to_xla():\n    (FOLDERS[0] / 'a').touch()\n    "
    )
    killed = subprocess.run([sys.executable, "-c", f"{script}os.kill(os.getpid(), signal.SIGKILL)"], check=False)
    assert (killed.returncode, len(list(place.iterdir()))) == (-9, 2)
    subprocess.run([sys.executable, "-c", f"{script}pass"], check=True)
    assert list(place.iterdir()) == []


def test_one_that_cannot_be_made_is_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "file").touch()
    monkeypatch.setattr(tempfile, "tempdir", str(place / "file"))
    with pytest.raises(EnvironmentFault, match="no temporary folder can be made") as caught, temporary_folder("study"):
        pass
    assert "TMPDIR" in (caught.value.hint or "")
    assert [path.name for path in place.iterdir()] == ["file"]
