"""Environments that few think of: what happens to the folder, clock, screen, streams, locks and signals."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kerasnn.errors import EnvironmentFault
from kerasnn.files.locks import file_lock
from kerasnn.runs.folder import all_runs, read_record

QUICK = "train sgd --epochs 1 --dataset garments -q"
STUDY = "reproduce --stages softmax --seeds 1 --dataset stripes.npz --out study"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the cases are written for a POSIX shell")


def shell(script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `script`, in which `kerasnn` is the command, to its end."""
    begin = f'kerasnn() {{ "{sys.executable}" -m kerasnn "$@"; }}\n'
    environment = {**os.environ, **variables}
    return subprocess.run(
        ["bash", "-c", begin + script], capture_output=True, text=True, env=environment, check=False, timeout=300
    )


@pytest.mark.usefixtures("surroundings")
@pytest.mark.parametrize("words", [QUICK, "code dropout --out x.py"], ids=lambda each: each[:6])
def test_a_working_folder_that_was_deleted(words: str) -> None:
    done = shell(f"mkdir gone && cd gone && rmdir ../gone && kerasnn {words}")
    assert done.returncode == 4
    assert done.stderr.splitlines() == ["Error: the working folder no longer exists", "  next: cd to another folder"]


@pytest.mark.full
@pytest.mark.usefixtures("surroundings")
def test_the_doctor_finds_that_nothing_can_be_written_in_a_deleted_working_folder() -> None:
    done = shell("mkdir gone && cd gone && rmdir ../gone && kerasnn doctor")
    assert (done.returncode, "Traceback" in done.stderr) == (4, False)
    assert "training cannot work here: run folder runs cannot be written: No such file or directory" in done.stderr


@pytest.mark.usefixtures("surroundings")
def test_a_deleted_working_folder_is_no_obstacle_where_none_is_needed() -> None:
    done = shell("mkdir gone && cd gone && rmdir ../gone && kerasnn predict softmax --index 0 --dataset garments")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_deleted_working_folder_is_not_blamed_for_what_is_wrong_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "runs").touch()
    done = shell(f"mkdir gone && cd gone && rmdir ../gone && kerasnn {QUICK} --runs {tmp_path}/runs")
    assert done.returncode == 4
    assert f"no run folder can be created in {tmp_path}/runs: it is not a folder" in done.stderr


@pytest.mark.parametrize("words", ["predict softmax --index 0", pytest.param("doctor", marks=pytest.mark.full)])
def test_a_home_that_may_not_be_read_costs_the_real_data_only(words: str, tmp_path: Path) -> None:
    home, as_others = tmp_path / "home", ""
    home.mkdir(mode=0o000)
    if os.geteuid() == 0:  # who may read everything
        if shutil.which("setpriv") is None:
            pytest.skip("root needs setpriv to give up its rights")
        as_others = "setpriv --bounding-set -dac_override,-dac_read_search"
    given = f"HOME={home} {as_others} {sys.executable} -m kerasnn {words}"
    done = shell(f"unset KERAS_HOME; {given}")
    home.chmod(0o700)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert f"{home}/.keras" in "".join((done.stdout + done.stderr).split())  # a table breaks the path


@pytest.mark.parametrize("zone", ["AAA999999999", ":", "Mars/Olympus", "A-200:00"])
def test_odd_time_zones(zone: str, surroundings: Path) -> None:
    assert shell(f"kerasnn {QUICK}", TZ=zone).returncode == 0
    (run,) = all_runs(surroundings / "runs")
    assert read_record(run)["status"] == "done"


def test_a_screen_without_columns_is_one_of_unknown_width() -> None:
    assert shell("kerasnn stages", COLUMNS="0").stdout == shell("unset COLUMNS; kerasnn stages").stdout != ""


@pytest.mark.full
@pytest.mark.usefixtures("npz")
@pytest.mark.parametrize("streams", [">&-", "2>&-", "<&- >&- 2>&-", "2>/dev/full"])
def test_a_study_without_streams(streams: str, surroundings: Path) -> None:
    assert shell(f"kerasnn {STUDY} {streams}").returncode == 0
    trained = json.loads((surroundings / "study" / "reproduction.json").read_text(encoding="utf-8"))
    assert trained


@pytest.mark.full
@pytest.mark.usefixtures("npz")
def test_a_full_stderr_costs_no_training(surroundings: Path) -> None:
    assert shell("kerasnn train softmax --epochs 1 --dataset stripes.npz 2>/dev/full").returncode == 0
    (run,) = all_runs(surroundings / "runs")
    assert read_record(run)["status"] == "done"


def test_a_limit_on_the_size_of_files() -> None:
    done = shell("(ulimit -f 0; kerasnn stages > stages.txt) 2>&1 | cat")
    assert done.stdout.startswith("Error: the output or a temporary file: File too large")


@pytest.mark.parametrize("make", ["link", "pipe", "folder"])
def test_a_lock_that_is_no_file_is_refused_and_not_followed(make: str, tmp_path: Path) -> None:
    lock, target = tmp_path / ".lock", tmp_path / "target"
    if make == "link":
        lock.symlink_to(target)
    elif make == "pipe":
        os.mkfifo(lock)
    else:
        lock.mkdir()
    with pytest.raises(EnvironmentFault, match="it is not a file"), file_lock(lock, "a run"):
        pass
    assert (lock.lstat() is not None, target.exists()) == (True, False)


@pytest.mark.usefixtures("surroundings")
@pytest.mark.parametrize(
    "mirror",
    [
        "http://bob:s3cret@127.0.0.1:9/x",
        "bob:s3cret@127.0.0.1:9/x",
        "http://bob:s3cret/x@127.0.0.1:9/x",
        "ftp://bob:s3cret@127.0.0.1:9/x",
        "http://127.0.0.1:9/x?token=s3cret",
    ],
)
def test_the_password_of_a_mirror_is_never_printed(mirror: str) -> None:
    done = shell("unset KERASNN_DATA_DIR; kerasnn data get --debug --json", KERASNN_MIRROR=mirror)
    assert done.returncode == 3
    assert "s3cret" not in done.stdout + done.stderr


@pytest.mark.full
@pytest.mark.usefixtures("npz")
def test_a_terminal_that_is_closed_stops_a_training_as_ctrl_c_does(surroundings: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "kerasnn",
        "train",
        "softmax",
        "--epochs",
        "10000",
        "--dataset",
        "stripes.npz",
        "-q",
    ]
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it is ignored
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    signal.signal(signal.SIGHUP, before)
    while not list(surroundings.glob("runs/*/checkpoint/*")):
        assert process.poll() is None
        time.sleep(0.1)
    process.send_signal(signal.SIGHUP)
    assert process.wait(60) == 130
    (run,) = all_runs(surroundings / "runs")
    assert read_record(run)["status"] == "stopped"


@pytest.mark.full
@pytest.mark.usefixtures("npz")
def test_a_terminal_that_is_closed_stops_a_study_and_its_workers(surroundings: Path) -> None:
    words = ["tune", "softmax", "--epochs", "10000", "--workers", "1", "--dataset", "stripes.npz"]
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    process = subprocess.Popen([sys.executable, "-m", "kerasnn", *words], stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGHUP, before)
    assert process.stderr is not None
    while not (surroundings / "tuning" / "trainings").exists():
        assert process.poll() is None
        time.sleep(0.1)
    time.sleep(8)  # until a worker trains, on most machines
    process.send_signal(signal.SIGHUP)
    with process.stderr:
        said = process.stderr.read()  # ends once the workers, which hold stderr too, have ended
    assert (process.wait(60), "Stopped." in said, "tune softmax" in said) == (130, True, True)
