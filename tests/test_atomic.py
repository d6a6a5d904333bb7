"""Files are complete or not there; leftovers of killed processes are removed; locks let one process work at a time."""

import errno
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kerasnn.errors import EnvironmentFault
from kerasnn.files import atomic
from kerasnn.files.locks import file_lock


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def half_written(path: Path, failure: type[BaseException]) -> None:
    with atomic.replacing(path) as draft:
        draft.write_text("half")
        raise failure


def test_a_failure_leaves_the_old_file_and_no_draft(surroundings: Path) -> None:
    path = surroundings / "a.txt"
    atomic.write_text(path, "old")
    for failure in (ZeroDivisionError, KeyboardInterrupt):
        with pytest.raises(failure):
            half_written(path, failure)
    assert (path.read_text(), names(surroundings)) == ("old", ["a.txt"])


def killed_while_writing(path: Path) -> None:
    script = (
        "import os, signal\nfrom pathlib import Path\nfrom kerasnn.files.atomic import replacing\n"
        f"with replacing(Path({str(path)!r})) as draft:\n"
        "    draft.write_text('half')\n    os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -9


def test_what_a_killed_process_left_is_swept(surroundings: Path) -> None:
    path = surroundings / "a.txt"
    atomic.write_text(path, "old")
    (surroundings / ".a.user-1.draft").mkdir()
    (surroundings / ".hidden").write_text("the user's own")
    killed_while_writing(path)
    assert len(names(surroundings)) == 4
    atomic.sweep(surroundings)
    assert (path.read_text(), names(surroundings)) == ("old", [".a.user-1.draft", ".hidden", "a.txt"])


def test_what_a_living_process_or_another_machine_writes_stays_for_a_day(surroundings: Path) -> None:
    with atomic.replacing(surroundings / "a.txt") as draft:
        draft.write_text("in the making")
        elsewhere = surroundings / ".a.ffffff-1-abcdef.draft.txt"
        elsewhere.write_text("in the making on another machine")
        atomic.sweep(surroundings)
        assert draft.exists()
        assert elsewhere.exists()
    long_ago = time.time() - 2 * atomic.LONG_AGO
    os.utime(elsewhere, (long_ago, long_ago))
    atomic.sweep(surroundings)
    assert names(surroundings) == ["a.txt"]


@pytest.mark.parametrize("name", [".notes.draft.txt", ".a.ffffff-1.draft", ".a.b.draft", ".draft"])
def test_a_users_own_file_is_never_swept(name: str, surroundings: Path) -> None:
    own = surroundings / name
    own.write_text("mine")
    os.utime(own, (0, 0))
    atomic.sweep(surroundings)
    assert own.read_text() == "mine"


def test_the_next_file_written_beside_them_sweeps_them(surroundings: Path) -> None:
    killed_while_writing(surroundings / "kept" / "a.txt")
    atomic.write_text(surroundings / "kept" / "b.txt", "whole")
    assert names(surroundings / "kept") == ["b.txt"]


@pytest.mark.parametrize(("number", "said"), [(errno.EINVAL, None), (errno.EIO, "Input/output error")])
def test_a_file_system_that_flushes_no_folder_is_no_fault_but_a_broken_disk_is(
    number: int, said: str | None, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def fsync(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(number, os.strerror(number))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    if said is None:
        atomic.write_text(surroundings / "a.txt", "whole")
    else:
        with pytest.raises(EnvironmentFault, match=said):
            atomic.write_text(surroundings / "a.txt", "whole")
    assert names(surroundings) == ["a.txt"]


def test_a_folder_that_is_not_there_needs_no_sweeping(surroundings: Path) -> None:
    atomic.sweep(surroundings / "nowhere")
    assert names(surroundings) == []


def test_a_lock_is_held_by_one_and_gone_afterwards(surroundings: Path) -> None:
    path = surroundings / "lock"
    with file_lock(path, "the work"):
        assert path.exists()
        ask = "from pathlib import Path\n"
        ask += f"from kerasnn.files.locks import file_lock\nwith file_lock(Path({str(path)!r}), 'the work'): 0"
        done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
        assert "the work is in use by another process" in done.stderr
    assert names(surroundings) == []
    with file_lock(path, "the work"):
        pass


def test_a_lock_that_cannot_be_made(surroundings: Path) -> None:
    (surroundings / "file").write_text("in the way")
    with (
        pytest.raises(EnvironmentFault, match="cannot be locked"),
        file_lock(surroundings / "file" / "lock", "the work"),
    ):
        pass


def folder_with(path: Path, text: str) -> Path:
    """Write a folder with a file at `path`, and a file beside it."""
    with atomic.replacing_all(path) as draft:
        draft.mkdir()
        (draft / "inside.txt").write_text(text)
        draft.with_name("beside.txt").write_text(text)
    return path


def test_a_folder_and_what_is_beside_it_appear_and_are_replaced_together(surroundings: Path) -> None:
    for text in ("old", "new"):
        path = folder_with(surroundings / "made", text)
        assert ((path / "inside.txt").read_text(), (surroundings / "beside.txt").read_text()) == (text, text)
        assert names(surroundings) == ["beside.txt", "made"]


def test_of_a_folder_that_fails_or_whose_process_is_killed_nothing_stays(surroundings: Path) -> None:
    folder_with(surroundings / "made", "old")
    with pytest.raises(EnvironmentFault), atomic.replacing_all(surroundings / "made") as draft:
        (draft / "no folder" / "inside.txt").write_text("fails")
    script = (
        "import os, signal\nfrom pathlib import Path\nfrom kerasnn.files.atomic import replacing_all\n"
        f"with replacing_all(Path({str(surroundings / 'made')!r})) as draft:\n"
        "    draft.mkdir()\n    os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    assert len(names(surroundings)) == 3
    folder_with(surroundings / "another", "whole")
    assert names(surroundings) == ["another", "beside.txt", "made"]
    assert (surroundings / "made" / "inside.txt").read_text() == "old"


@pytest.mark.parametrize("name", ["n" * 251 + ".txt", "한" * 83 + ".html", "a." + "b" * 253])
def test_the_longest_name_that_the_disk_can_hold_is_written(name: str, surroundings: Path) -> None:
    assert 250 < len(name.encode()) <= 255
    for text in ("old", "new"):
        atomic.write_text(surroundings / name, text)
    assert ((surroundings / name).read_text(), names(surroundings)) == ("new", [name])
    (surroundings / name).unlink()
    for text in ("old", "new"):
        folder_with(surroundings / name, text)
    assert (surroundings / name / "inside.txt").read_text() == "new"
    assert names(surroundings) == sorted(["beside.txt", name])


def test_a_name_that_is_too_long_is_told_before_the_work(surroundings: Path) -> None:
    path = surroundings / ("n" * 253 + ".txt")
    with pytest.raises(EnvironmentFault, match="the name is too long") as caught, atomic.replacing(path):
        pytest.fail("the work was done")
    assert caught.value.hint == "choose a shorter name"
    with pytest.raises(EnvironmentFault, match="the name is too long"):
        atomic.check_place(path, hint="")
    assert names(surroundings) == []


@pytest.mark.parametrize(
    ("place", "says"),
    [("file", "file is a file, not a folder"), ("lost", "lost is a link that leads nowhere, not a folder")],
)
def test_what_is_in_the_way_is_named(place: str, says: str, surroundings: Path) -> None:
    (surroundings / "file").write_text("in the way")
    (surroundings / "lost").symlink_to("nowhere")
    folder = Path(place) / "new"
    for write in (
        lambda: atomic.write_text(folder / "a.txt", ""),
        lambda: folder_with(folder / "made", ""),
        lambda: atomic.check_writable(folder, hint=""),
        lambda: atomic.check_place(folder / "a.txt", hint=""),
    ):
        with pytest.raises(EnvironmentFault, match=f": {says}$"):
            write()
    assert names(surroundings) == ["file", "lost"]


def test_a_lock_that_is_a_link_is_told_as_one(surroundings: Path) -> None:
    (surroundings / "lock").symlink_to("elsewhere")
    with pytest.raises(EnvironmentFault, match="it is not a file") as caught, file_lock(surroundings / "lock", "work"):
        pass
    assert "remove that link" in (caught.value.hint or "")
    assert names(surroundings) == ["lock"]
