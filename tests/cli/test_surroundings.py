"""Unusual surroundings, each made for real in a separate process: the right behaviour, or one clear error."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kerasnn.runs.folder import all_runs, read_record

TRAIN = ("train", "--stage", "softmax", "--epochs", "2", "--engine", "keras", "--dataset", "stripes.npz")
QUICK = ("train", "--stage", "sgd", "--epochs", "1", "--dataset", "stripes.npz")  # scikit-learn is quicker to load
ROOTS_RIGHTS = "-dac_override,-dac_read_search"


def kerasnn(
    *words: str, variables: dict[str, str] | None = None, prefix: tuple[str, ...] = (), without: str = ""
) -> Any:
    """A finished process; `without`: a variable taken out of its environment."""
    environment = {name: value for name, value in {**os.environ, **(variables or {})}.items() if name != without}
    command = [*prefix, sys.executable, "-m", "kerasnn", *words]
    return subprocess.run(command, capture_output=True, env=environment, check=False, timeout=300)


def clear_error(done: Any, code: int, words: str) -> None:
    """It ended with `code` and at most three lines on stderr, with `words` among them and no traceback."""
    said = done.stderr.decode()
    assert done.returncode == code, said
    assert words in said
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) <= 3


def as_anyone() -> tuple[str, ...]:
    """A command that takes from root what no one else has; nothing for anyone else."""
    if os.name == "nt":
        pytest.skip("Windows has other permissions")
    if os.geteuid():
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and there is no setpriv to change that")
    return ("setpriv", f"--bounding-set={ROOTS_RIGHTS}")


@pytest.mark.full
@pytest.mark.usefixtures("npz")
def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o500)
    variables = {"HOME": str(home), "KERAS_HOME": str(home / "keras"), "MPLCONFIGDIR": ""}
    done = kerasnn(*TRAIN, "-q", "--json", prefix=as_anyone(), variables=variables)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert json.loads(done.stdout)["status"] == "done"


@pytest.mark.usefixtures("npz")
@pytest.mark.parametrize(
    "variable",
    ["HOME", *(pytest.param(name, marks=pytest.mark.full) for name in ("KERAS_HOME", "TERM", "COLUMNS", "PATH"))],
)
def test_a_variable_that_is_not_there(variable: str) -> None:
    done = kerasnn(*QUICK, without=variable)
    assert (done.returncode, b"saved: pass" in done.stdout) == (0, True), done.stderr


def test_a_user_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    from kerasnn.data.fashion_mnist import keras_cache
    from kerasnn.files.paths import expanded

    for name in ("HOME", "KERAS_HOME", "USERPROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("posixpath.os.getuid", lambda: 2**31 - 7)
    assert keras_cache() == Path("~/.keras/datasets/fashion-mnist")
    assert expanded("~nobody-of-that-name/x") == Path("~nobody-of-that-name/x")


@pytest.mark.parametrize("words", [("train", "--stage", "adam", "--dataset"), ("evaluate",), ("train", "--resume")])
def test_the_home_of_nobody(words: tuple[str, ...]) -> None:
    done = kerasnn(*words, "~nobody-of-that-name/x")
    clear_error(done, 3 if "--dataset" in words else 5, "~nobody-of-that-name/x")


@pytest.mark.usefixtures("npz")
def test_a_folder_that_may_not_be_written(surroundings: Path) -> None:
    closed = surroundings / "closed"
    closed.mkdir()
    closed.chmod(0o500)
    clear_error(kerasnn(*QUICK, "--out", "closed/runs", prefix=as_anyone()), 4, "Permission denied")
    assert list(closed.iterdir()) == []


def test_the_runs_of_others_that_may_not_be_read(surroundings: Path) -> None:
    for name in ("20261124-101500-adam-s1", "20261124-101500-adam-s2"):
        (surroundings / "runs" / name).mkdir(parents=True)
        (surroundings / "runs" / name / "run.json").write_text("{}")
    (surroundings / "runs" / "20261124-101500-adam-s1").chmod(0o000)
    done = kerasnn("runs", "list", "--json", prefix=as_anyone())
    assert [row["status"] for row in json.loads(done.stdout)] == ["damaged", "damaged"]
    clear_error(kerasnn("runs", "show", "20261124-101500-adam-s1", prefix=as_anyone()), 4, "Permission denied")


def test_data_that_may_not_be_read(npz: Path) -> None:
    npz.chmod(0)
    clear_error(kerasnn(*QUICK, prefix=as_anyone()), 3, "Permission denied")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize("limit", [1_000_000_000, 2_500_000_000])
@pytest.mark.usefixtures("npz")
def test_little_memory(limit: int, surroundings: Path) -> None:
    clear_error(with_room_for(limit, *TRAIN), 4, "the address space is limited to")
    assert not (surroundings / "runs").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.usefixtures("npz")
def test_little_memory_for_workers() -> None:
    study = ("reproduce", "--stages", "softmax", "--seeds", "1", "--dataset", "stripes.npz")
    clear_error(with_room_for(2_500_000_000, *study), 4, "the address space is limited to")


def with_room_for(limit: int, *words: str) -> "subprocess.CompletedProcess[bytes]":
    """kerasnn in a process that may address `limit` bytes."""
    script = f"ulimit -v {limit // 1024} && exec {sys.executable} -m kerasnn {' '.join(words)}"
    return subprocess.run(["sh", "-c", script], capture_output=True, check=False)


@pytest.mark.parametrize(
    "variables",
    [
        {"TERM": "dumb"},
        {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "cp949"},
        {"COLUMNS": "20"},
        {"COLUMNS": "400"},
        {"COLUMNS": "nonsense", "TERM": "no-such-terminal"},
    ],
    ids=str,
)
@pytest.mark.usefixtures("npz")
def test_terminals_and_encodings(variables: dict[str, str], surroundings: Path) -> None:
    (surroundings / "classes.txt").write_text("하나\n둘\n셋\n", encoding="utf-8")
    done = kerasnn(*QUICK, variables=variables)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"seed 42" in done.stdout
    if "COLUMNS" in variables and variables["COLUMNS"].isdecimal():
        # a command is not broken
        lines = [line for line in done.stdout.decode().splitlines() if not line.startswith("Next: ")]
        assert max(map(len, lines)) <= max(int(variables["COLUMNS"]), 20)
    encoding = variables.get("PYTHONIOENCODING")
    if encoding is None:
        return
    as_json = kerasnn("runs", "show", "latest", "--json", variables=variables)
    assert json.loads(as_json.stdout.decode(encoding))["dataset"]["classes"] == ["하나", "둘", "셋"]


@pytest.mark.full
def test_a_path_with_spaces_and_hangul(surroundings: Path, npz: Path) -> None:
    folder = surroundings / "한글 폴더 (1)"
    folder.mkdir()
    data = shutil.copy(npz, folder / "데이터 파일.npz")
    words = (
        "train",
        "--stage",
        "softmax",
        "--epochs",
        "1",
        "--engine",
        "keras",
        "--dataset",
        str(data),
        "--out",
        str(folder / "실행 1"),
        "-q",
    )
    done = kerasnn(*words, "--json")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    more = ("--more-epochs", "1", "--out", str(folder / "실행 1"), "--json", "-q")
    again = kerasnn("train", "--resume", record["run"], *more)
    assert again.returncode == 0, again.stderr
    assert len(json.loads(again.stdout)["history"]) == 2


@pytest.mark.full
@pytest.mark.usefixtures("npz")
def test_nobody_reads_the_output(surroundings: Path) -> None:
    shell = f"{sys.executable} -m kerasnn {' '.join(TRAIN)} 2>&1 | head -n 1"
    done = subprocess.run(shell, shell=True, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("epoch 1/2")
    (run,) = all_runs(surroundings / "runs")
    assert read_record(run)["status"] == "done"


@pytest.mark.usefixtures("npz")
def test_two_trainings_of_one_second_and_a_clock_that_jumps_back(surroundings: Path) -> None:
    """The clock of both stands still at one second, and the third's is a year behind."""
    at = "import datetime as d\nclass Clock(d.datetime):\n    now = classmethod(lambda cls, tz=None: cls({}))\n"
    begin = "import sys, kerasnn.runs.record as o\nfrom kerasnn.cli.app import main\no.datetime = Clock\n"
    end = f"sys.exit(main({list(QUICK)!r} + ['-q']))"
    moments = ["2026, 11, 24, 4, 5, 6", "2026, 11, 24, 4, 5, 6", "2025, 11, 24, 4, 5, 6"]
    processes = [subprocess.Popen([sys.executable, "-c", at.format(each) + begin + end]) for each in moments]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert [run.name for run in all_runs(surroundings / "runs")] == [
        "20251124-040506-sgd-s42",
        "20261124-040506-sgd-s42",
        "20261124-040506-sgd-s42-2",
    ]
    for run in all_runs(surroundings / "runs"):
        record = read_record(run)
        assert record["status"] == "done"
        assert record["seconds"]["total"] > 0
