"""The working folder is data: no process of kerasnn imports from it or is configured by it, whatever lies there."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pytest
from PIL import Image

import kerasnn
from kerasnn.cli.completion import table
from kerasnn.files import working_folder
from kerasnn.runs.reference import model_path
from tests.conftest import EVEN, stripes, working_in
from tests.lab.client import lab_process

TRAP: Final = "open({marker!r}, 'a').write(__name__ + '\\n')\nraise RuntimeError('a file of the working folder')\n"
HOME: Final = str(Path(working_folder.__file__).parents[2])
SCRIPT: Final = (
    f"import sys\nsys.path.append({HOME!r})\nfrom kerasnn.__main__ import main\nsys.exit(main())\n"  # as pip writes it
)
OWN: Final = ("--dataset", "stripes.npz")
STUDY: Final = (*OWN, "--workers", "1", "-q")
# every command, with words that make it do all that it can; those that start another process or draw come first
QUICK: Final = {
    "evaluate": ["saved.keras", *OWN, "--plots", "plots"],
    "tune": ["sgd", "--try", "epochs 1", *STUDY],
}
COMMANDS: Final = {
    **QUICK,
    "predict": ["dropout", "shirt.png", "--plots", "plots"],
    "stages": [],
    "train": ["softmax", "--epochs", "1", "--tensorboard", "logs", *OWN],
    "tour": ["--fast", "--dataset", "garments"],
    "explain": ["linear", "--plots", "plots", *OWN],
    "code": ["softmax", "--out", "program.py"],
    "compare-sklearn": ["--epochs", "1", "--cv", "2", *OWN],
    "summary": ["saved.keras"],
    "draw": ["saved.keras", "--plots", "plots"],
    "weights": ["saved.keras", "--plots", "plots"],
    "export": ["saved.keras", "--to", "python", "--out", "exported.py", *OWN],
    "runs": [],
    "runs list": [],
    "runs show": ["latest"],
    "runs compare": ["latest", "latest", "--plots", "plots"],
    "runs export": ["latest", "--out", "packed.kerasnn.zip"],
    "runs import": ["packed.kerasnn.zip", "--runs", "received"],
    "runs remove": ["latest", "--yes", "--runs", "copies"],
    "report": ["latest", *OWN],
    "reproduce": ["softmax", "--seeds", "1", *STUDY],
    "verify": ["sgd", "--dataset", "garments"],
    "claims": ["--judge", "hidden-beats-softmax", "--seeds", "1", *STUDY],
    "race": ["sgd", "adam", "--epochs", "1", "--plots", "plots", *OWN],
    "data": [],
    "data get": ["--data-dir", "data"],
    "data convert": ["garments", "converted.npz", "--force"],
    "data verify": ["--data-dir", "data"],
    "data show": [*OWN, "--plots", "plots"],
    "doctor": [],
}
FAILS: Final = {"data get": 3, "data verify": 3}  # there is no network


@cache
def names() -> frozenset[str]:
    """Every module of the standard library, and every top-level name of every package that is installed here."""
    found = {*sys.stdlib_module_names, *packages_distributions(), "sitecustomize", "usercustomize"}
    return frozenset(name for name in found if name.isidentifier()) - {"__main__", "kerasnn", "tests"}


@cache
def of_python() -> frozenset[str]:
    """What `python -m NAME` imports before it comes to NAME, from the working folder too: nobody can prevent that."""
    with TemporaryDirectory() as place:
        Path(place, "nothing.py").write_text("import sys\nprint(*sys.modules)\n", encoding="utf-8")
        words = [sys.executable, "-m", "nothing"]
        return frozenset(subprocess.run(words, cwd=place, capture_output=True, text=True, check=True).stdout.split())


def set_traps(folder: Path, without: frozenset[str] = frozenset()) -> Path:
    """Write each of the names as a module to `folder`, with configuration; return where a module notes its import."""
    marker = folder / "marker"
    for name in names() - without:
        (folder / f"{name}.py").write_text(TRAP.format(marker=str(marker)), encoding="utf-8")
    for name in without:
        (folder / f"{name}.py").unlink(missing_ok=True)
    (folder / "matplotlibrc").write_bytes(b"text.usetex: True\nnonsense\n\xff\n")
    (folder / "keras.json").write_text('{"floatx": "float16", "backend": "jax"}', encoding="utf-8")
    return marker


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with working_in(tmp_path_factory.mktemp("trapped")) as place:
        learning, test = stripes(EVEN, classes=10, size=28), stripes(50, classes=10, size=28, seed=1)
        parts: dict[str, Any] = {
            "x_train": learning.images,
            "y_train": learning.labels,
            "x_test": test.images,
            "y_test": test.labels,
        }
        np.savez(place / "stripes.npz", **parts)
        Image.new("L", (28, 28), 90).save(place / "shirt.png")
        shutil.copyfile(model_path("softmax"), place / "saved.keras")
        kerasnn.train("sgd", dataset="stripes.npz", epochs=1)
        (place / "script").mkdir()
        (place / "script" / "kerasnn").write_text(SCRIPT, encoding="utf-8")
        yield place


def run(folder: Path, command: str, start: list[str]) -> None:
    """Run `command` in `folder`; it has to end as it does elsewhere, and nothing of the folder is imported."""
    words = [sys.executable, *start, *command.split(), *COMMANDS[command]]
    marker = set_traps(folder, without=of_python() if start[0] == "-m" else frozenset())
    shutil.copytree(folder / "runs", folder / "copies", dirs_exist_ok=True)
    ended = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    imported = marker.read_text(encoding="utf-8") if marker.exists() else ""
    marker.unlink(missing_ok=True)
    assert imported == "", ended.stderr[-2000:]
    assert ended.returncode == FAILS.get(command, 0), ended.stderr[-2000:]
    assert "nonsense" not in ended.stderr


def test_every_command_is_tried() -> None:
    assert {"", "lab", *COMMANDS} == set(table()["commands"])
    assert len(names()) > 350
    assert {"socket", "random", "numpy", "tensorflow", "PIL", "click", "site"} <= names()


@pytest.mark.parametrize("command", QUICK)
def test_a_command_imports_nothing_from_it(folder: Path, command: str) -> None:
    run(folder, command, ["-m", "kerasnn"])


def test_workers_import_nothing_from_it_where_the_variables_of_python_are_ignored(folder: Path) -> None:
    run(folder, "tune", ["-E", "script/kerasnn"])


@pytest.mark.full
@pytest.mark.parametrize("start", [["-m", "kerasnn"], ["script/kerasnn"]], ids=["module", "script"])
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_imports_anything_from_it(folder: Path, command: str, start: list[str]) -> None:
    run(folder, command, start)


@pytest.mark.full
def test_the_lab_and_its_trainer_import_nothing_from_it(folder: Path) -> None:
    marker = set_traps(folder, without=of_python())
    with lab_process(folder, *OWN) as lab:
        lab.wait_until_warm()
        lab.train("softmax", epochs=1)
        assert lab.send_picture("dropout", (folder / "shirt.png").read_bytes()).status == 200
        assert lab.ask("/").status == 200
    assert not marker.exists()


PROGRAM: Final = """
import os, sys
import kerasnn
def state():
    return dict(os.environ), list(sys.path), id(sys.path)
kerasnn.tune("sgd", {"epochs": (1,)}, dataset="stripes.npz", workers=1, listener=print)
before = state()
from tests.test_working_folder import set_traps
from pathlib import Path
set_traps(Path())
kerasnn.tune("sgd", {"epochs": (2,)}, dataset="stripes.npz", workers=1, listener=print)
assert state() == before, "the program's own surroundings were changed"
assert sys.path[0] == ""
"""


@pytest.mark.full
def test_workers_of_a_users_program_import_nothing_from_it(npz: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert not (npz.parent / "marker").exists(), ended.stderr
    assert ended.returncode == 0, ended.stderr


def test_an_empty_part_of_pythonpath_is_the_working_folder(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", str(tmp_path), ".", str(Path.cwd())]))
    assert working_folder.variables() == {"PYTHONSAFEPATH": "1", "PYTHONPATH": str(tmp_path)}
    monkeypatch.delenv("PYTHONPATH")
    assert working_folder.variables() == {"PYTHONSAFEPATH": "1"}


def test_kerasnn_is_found_where_it_lies_in_the_working_folder(monkeypatch: Any) -> None:
    monkeypatch.chdir(HOME)
    assert working_folder.without(["", "/usr/lib"]) == ["/usr/lib", HOME]
    assert working_folder.without(["/usr/lib"]) == ["/usr/lib"]
