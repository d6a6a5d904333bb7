"""TensorFlow ends the process as it starts: a package of that name does so here, in one of the ways of the real one."""

import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.lab.client import PATIENCE, lab_process

PRINTED = "The TensorFlow library was compiled to use AVX instructions, but these aren't available on your machine."
ENDS = {
    "SIGABRT": "os.abort()",
    "SIGILL": "os.kill(os.getpid(), signal.SIGILL)",
    "SIGSEGV": "ctypes.string_at(0)",
}
LIBRARY = "libcudart-gone.so.7"
# as tensorflow.python.pywrap_tensorflow words it
MISSING = """
try:
    ctypes.CDLL({library!r})
except OSError:
    raise ImportError(traceback.format_exc() + "\\n\\nFailed to load the native TensorFlow runtime.\\nSee https://...")
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has none of these signals but SIGABRT")


def broken(folder: Path, end: str) -> dict[str, str]:
    """Return the environment of a process whose TensorFlow prints PRINTED in C and then does `end`."""
    package = folder / "packages" / "tensorflow"
    package.mkdir(parents=True)
    begin = f"import ctypes, os, signal, traceback\nos.write(2, {PRINTED.encode()!r} + b'\\n')\n"
    (package / "__init__.py").write_text(begin + end, encoding="utf-8")
    places = [str(package.parent), str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}


def failure(words: str, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "kerasnn", *shlex.split(words), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=100)
    error: dict[str, Any] = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (4, 4)
    assert f"Error: {error['message']}" in done.stderr
    assert "Traceback" not in done.stderr
    return error


@pytest.mark.parametrize("name", ENDS)
def test_what_tensorflow_printed_before_its_end_is_shown(name: str, tmp_path: Path, npz: Path) -> None:
    error = failure(f"train softmax --dataset {npz}", broken(tmp_path, ENDS[name]))
    assert error["message"] == f"Keras on tensorflow cannot be loaded: {name}; {PRINTED}"
    assert not (npz.parent / "runs").exists()


@pytest.mark.parametrize(
    "words", ['tune softmax --try "epochs 1"', "reproduce softmax --seeds 1"], ids=["tune", "study"]
)
def test_it_is_shown_of_a_worker_too(words: str, tmp_path: Path, npz: Path) -> None:
    error = failure(f"{words} --workers 1 --dataset {npz} --out study", broken(tmp_path, ENDS["SIGABRT"]))
    assert error["message"] == f"Keras on tensorflow cannot be loaded: SIGABRT; {PRINTED}"


def test_a_missing_library_is_named_in_one_line(tmp_path: Path, npz: Path) -> None:
    error = failure(f"train softmax --dataset {npz}", broken(tmp_path, MISSING.format(library=LIBRARY)))
    assert error["message"].startswith(f"Keras on tensorflow cannot be loaded: OSError: {LIBRARY}: cannot open")
    assert "\n" not in error["message"]


def test_the_lab_says_why_it_cannot_train(tmp_path: Path, npz: Path) -> None:
    environment = broken(tmp_path, ENDS["SIGABRT"])
    with lab_process(tmp_path, "--dataset", npz, PYTHONPATH=environment["PYTHONPATH"]) as lab:
        end = time.monotonic() + PATIENCE
        while not lab.ask("/api/lab").json["fault"]:
            assert time.monotonic() < end
            time.sleep(0.1)
        answer = lab.ask("/api/trainings", {"stage": "softmax", "overrides": {}})
    assert answer.error["code"] == 4
    assert PRINTED in answer.error["message"]


@pytest.mark.full
@pytest.mark.parametrize("name", ["XLA_FLAGS", "TF_XLA_FLAGS"])
def test_a_flag_that_xla_does_not_know_is_named(name: str) -> None:
    words = ["train", "softmax", "--epochs", "1", "--dataset", "garments"]
    environment = {**os.environ, name: "--nonsense"}
    done = subprocess.run(
        [sys.executable, "-m", "kerasnn", *words], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode != 0, f"Unknown flag in {name}: --nonsense" in done.stderr) == (True, True)
