"""What only a separate process can show: which modules are loaded, exit codes, pipes and encodings."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kerasnn.cli.app import main
from tests.conftest import printed_json

HEAVY = ("tensorflow", "keras", "sklearn", "matplotlib", "pooch")


def kerasnn(*words: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "kerasnn", *words]
    return subprocess.run(command, capture_output=True, env={**os.environ, **variables}, check=False)


LIGHT = (
    ["--help"],
    ["stages"],
    ["summary"],
    ["train", "--help"],
    ["train", "--stage", "nothing"],
    ["data", "show", "--dataset", "garments"],
    ["predict", "dropout", "--index", "0", "--dataset", "garments"],
    ["evaluate", "dropout", "--dataset", "garments"],
    ["evaluate", "sgd", "--dataset", "garments"],
    ["compare-sklearn", "--code"],
    ["claims"],
    ["race", "nothing"],
    ["runs", "list"],
    ["runs", "compare", "a", "b"],
    ["draw", "dropout", "--plots", "drawn"],
    ["draw", "relu", "--hidden", "8"],
    ["weights", "softmax"],
    ["weights", "dropout", "--unit", "73"],
    ["code", "dropout"],
    ["code", "adam", "--framework", "pytorch"],
    ["code", "sgd", "--dialect"],
    ["export", "dropout", "--to", "python", "--dataset", "garments"],
    ["tour", "--help"],
    ["report", "--help"],
)
EACH = f"""
import sys
from kerasnn.cli.app import main
for words in {LIGHT!r}:
    main(words)
    print("LOADED", [name for name in {HEAVY!r} if sys.modules.pop(name, None)])
"""


def test_light_commands_load_no_heavy_library() -> None:
    """One after the other in one process: what one of them loads is told before the next."""
    done = subprocess.run([sys.executable, "-c", EACH], capture_output=True, text=True, check=True)
    loaded = [line for line in done.stdout.splitlines() if line.startswith("LOADED")]
    assert len(loaded) == len(LIGHT)
    assert [each for each in zip(LIGHT, loaded, strict=True) if each[1] != "LOADED []"] == []


def test_python_m_and_exit_codes() -> None:
    assert kerasnn("stages").returncode == 0
    assert kerasnn("train", "--stage", "x").returncode == 2
    assert kerasnn("evaluate", "x").returncode == 5


@pytest.mark.full
def test_nothing_of_tensorflows_noise_is_seen(npz: Path) -> None:
    done = kerasnn("train", "--stage", "softmax", "--epochs", "1", "--dataset", str(npz), "--json", "-q")
    assert done.returncode == 0
    assert done.stderr.decode() == ""
    assert json.loads(done.stdout)["stage"] == "softmax"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp949", "utf-8"])
def test_no_encoding_breaks_the_output(encoding: str, npz: Path) -> None:
    (npz.parent / "classes.txt").write_text("하나\n둘\n셋\n", encoding="utf-8")
    shown = kerasnn("data", "show", "--dataset", str(npz), PYTHONIOENCODING=encoding)
    assert (shown.returncode, shown.stderr) == (0, b"")
    if encoding in ("cp949", "utf-8"):
        assert "하나" in shown.stdout.decode(encoding)
    as_json = kerasnn("data", "show", "--dataset", str(npz), "--json", PYTHONIOENCODING=encoding)
    assert json.loads(as_json.stdout.decode(encoding))["dataset"]["classes"] == ["하나", "둘", "셋"]


@pytest.mark.parametrize(
    ("words", "code"), [(("stages",), 4), (("stages", "--json"), 4), (("runs", "show", "nosuch", "--json"), 5)]
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_stdout_is_told_and_keeps_its_code(words: tuple[str, ...], code: int, unbuffered: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "kerasnn", *words]
        variables = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, env=variables, check=False)
    assert done.returncode == code
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr
    assert "ignored" not in done.stderr


@pytest.mark.parametrize("words", ["stages --json", "stages", "predict --help"])
def test_nobody_at_the_other_end_is_no_error(words: str) -> None:
    shell = f"{sys.executable} -u -m kerasnn {words} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_stream_that_was_closed_before_is_no_error(closed: str) -> None:
    shell = f"{sys.executable} -m kerasnn stages {closed}"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_word_that_is_not_utf8() -> None:
    command = [sys.executable, "-m", "kerasnn", "runs", "list", "--out", os.fsdecode(b"caf\xe9")]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 2
    assert "is not UTF-8" in done.stderr.decode()


def test_a_closed_pipe_is_no_error() -> None:
    shell = f"{sys.executable} -m kerasnn summary | head -n 1"
    done = subprocess.run(shell, shell=True, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "sgd" in done.stdout


@pytest.mark.full
def test_the_users_own_keras_settings_do_not_reach_in(tmp_path: Path, npz: Path) -> None:
    home = tmp_path / "keras-home"
    home.mkdir(exist_ok=True)
    (home / "keras.json").write_text(
        json.dumps({"backend": "jax", "floatx": "float16", "epsilon": 0.1, "image_data_format": "channels_first"})
    )
    words = ("train", "--stage", "adam", "--hidden", "8", "--epochs", "2", "--engine", "keras", "--dataset", str(npz))
    bent = kerasnn(*words, "--json", KERAS_HOME=str(home), KERAS_MAX_EPOCHS="1", KERAS_BACKEND="jax")
    assert json.loads(bent.stdout)["history"] == printed_json(*words)["history"]


def test_a_signal_while_the_interpreter_ends_changes_nothing() -> None:
    script = (
        "import atexit, os, signal, sys\n"
        "from kerasnn.cli.app import run\n"
        "for number in (signal.SIGINT, signal.SIGTERM):\n"
        "    atexit.register(os.kill, os.getpid(), number)\n"
        "sys.argv = ['kerasnn', 'stages', '--json']\n"
        "run()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)) == 8


def test_a_name_too_long_for_a_file_is_an_error_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "a" * 5000, "x.png"]) == 2
    assert "the name is too long for a file: aaa" in capsys.readouterr().err
    assert main(["train", "--stage", "sgd", "--dataset", "a" * 5000]) == 3
