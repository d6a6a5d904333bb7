"""Nothing of the user's is replaced: every flag of every command that names a place to write to."""

import inspect
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

import numpy as np
import pytest
from typer.models import OptionInfo

import kerasnn
from kerasnn.cli.command import COMMANDS
from kerasnn.cli.places import DRAWN
from kerasnn.cli.registry import DOES, load
from kerasnn.cli.words import NAMING
from kerasnn.runs.latest import set_latest
from tests.cli.test_commands import Cli
from tests.conftest import EVEN, stripes

OWN: Final = ("--dataset", "stripes.npz")
# what each command that draws pictures is asked in these tests
DRAWING: Final = {
    "evaluate": ["softmax", *OWN],
    "predict": ["softmax", "--index", "1", *OWN],
    "data show": [*OWN],
    "runs compare": ["latest", "latest"],
    "weights": ["softmax"],
    "draw": ["softmax"],
    "explain": ["softmax", "adam", *OWN],
    "race": ["sgd", "adam", "--epochs", "1", *OWN],
}
SLOW: Final = {"race", "runs compare"}  # these train
# flags that name a place to read from, not to write to; --mlflow takes what MLflow takes
READ: Final = {"--data-dir", "--claims"}
# what is written to a place that is named by a flag, and the test that the user's files there are safe
WRITTEN: Final = {
    "--plots": "test_a_picture_that_kerasnn_did_not_draw_stays",
    "--runs": "test_a_file_called_latest_stays",
    "--out": "test_a_report_is_refused_before_anything_is_measured, test_files_beside_a_study_stay",
    "--csv": "tests/cli/test_trackers.py",
    "--tensorboard": "tests/cli/test_trackers.py",
}


def options() -> Iterator[tuple[str, str]]:
    """Yield command and flag of every option that names a file or a folder."""
    for name in DOES:
        load(name)
    for command, function in COMMANDS.items():
        for parameter in inspect.signature(function).parameters.values():
            kind, *about = get_args(parameter.annotation) or (None,)
            option = next((each for each in about if isinstance(each, OptionInfo)), None)
            if option is not None and Path in (kind, *get_args(kind)):
                said = (
                    option.default,
                    *(option.param_decls or ()),
                )  # in Annotated, Typer takes the first for a default
                flags = [each for each in said if isinstance(each, str)] or [f"--{parameter.name.replace('_', '-')}"]
                yield from ((command, flag) for flag in flags)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], surroundings: Path) -> Cli:
    learning, test = stripes(EVEN, classes=10, size=28), stripes(50, classes=10, size=28, seed=1)
    parts: dict[str, Any] = {"x_train": learning.images, "y_train": learning.labels}
    np.savez(surroundings / "stripes.npz", **parts, x_test=test.images, y_test=test.labels)
    kerasnn.train("sgd", dataset="stripes.npz", epochs=1)
    return Cli(capsys)


def test_every_flag_that_names_a_place_is_known() -> None:
    found = set(options())
    assert len(found) > 30
    assert {flag for _command, flag in found} == {*NAMING} - {"--mlflow"} == READ | set(WRITTEN)
    assert {command for command, flag in found if flag == "--plots"} == set(DRAWING) == {*DRAWN, "weights", "draw"}


@pytest.mark.parametrize("flag", NAMING)
def test_a_place_without_a_name_is_refused_at_once(cli: Cli, flag: str) -> None:
    command = next((command for command, each in options() if each == flag), "train")
    for words in ([flag, ""], [f"{flag}="]):
        assert cli.json(*command.split(), *words, code=2)["error"]["message"] == f"{flag} is empty"


@pytest.mark.parametrize(
    "command", [pytest.param(each, marks=pytest.mark.full) if each in SLOW else each for each in DRAWING]
)
def test_a_picture_that_kerasnn_did_not_draw_stays(cli: Cli, surroundings: Path, command: str) -> None:
    if command == "runs compare":
        kerasnn.train("softmax", dataset="stripes.npz", epochs=1, engine="keras")
    words = [*command.split(), *DRAWING[command], "--plots", "plots"]
    cli(*words)
    drawn = sorted((surroundings / "plots").iterdir())
    assert drawn
    cli(*words)  # its own are drawn again
    for place in drawn:
        own = place.read_bytes()
        place.write_text("mine", encoding="utf-8")
        error = cli.json(*words, code=2)["error"]
        assert f"{place.relative_to(surroundings)} is there already" in error["message"]
        assert place.read_text(encoding="utf-8") == "mine"
        place.unlink()
        (surroundings / "target").write_bytes(own)
        place.symlink_to(surroundings / "target")
        assert "does not replace" in cli.json(*words, "--force", code=2)["error"]["message"]
        assert (place.is_symlink(), place.read_bytes()) == (True, own)
        place.unlink()
        place.write_bytes(own)
    for place in drawn:
        place.write_text("mine", encoding="utf-8")
    cli(*words, "--force")
    assert all(place.read_bytes() != b"mine" for place in drawn)


@pytest.mark.parametrize("form", ["png", "svg"])
@pytest.mark.parametrize("words", ["evaluate {}", "predict {} --index 1", "explain relu {}"])
def test_a_picture_of_another_model_stays(cli: Cli, surroundings: Path, words: str, form: str) -> None:
    more = [*OWN, "--plots", "plots", *(() if "explain" in words else ("--format", form))]
    first, second = (words.format(model).split() for model in ("adam", "relu"))
    cli(*first, *more)
    cli(*first, *more)  # its own are drawn again
    drawn = {path: path.read_bytes() for path in (surroundings / "plots").iterdir()}
    error = cli.json(*second, *more, code=2)["error"]
    assert f"was written by `kerasnn {first[0]} adam`, and is not overwritten" in error["message"]
    assert {path: path.read_bytes() for path in (surroundings / "plots").iterdir()} == drawn
    cli(*second, *more, "--force")
    cli(*second, *more)


def test_latest_is_the_run_that_it_stands_for(cli: Cli, surroundings: Path) -> None:
    (run,) = (path.name for path in (surroundings / "runs").iterdir() if path.is_dir())
    for name in ("latest", run, f"runs/{run}"):
        cli("evaluate", name, *OWN, "--plots", "plots")
    kerasnn.train("sgd", dataset="stripes.npz", epochs=1)
    assert run in cli.json("evaluate", "latest", *OWN, "--plots", "plots", code=2)["error"]["message"]


@pytest.mark.parametrize("command", sorted(DRAWING))
def test_pictures_need_a_folder(cli: Cli, surroundings: Path, command: str) -> None:
    (surroundings / "file").write_text("mine", encoding="utf-8")
    for place in ("file", os.devnull):
        error = cli.json(*command.split(), *DRAWING[command], "--plots", place, code=2)["error"]
        assert error["message"] == f"--plots names {place}, which is not a folder"


def test_a_report_is_refused_before_anything_is_measured(
    cli: Cli, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (surroundings / "notes.html").write_text("mine", encoding="utf-8")
    (surroundings / "folder").mkdir()
    cli("report", "sgd", *OWN, "--out", "sgd.html")
    os.mkfifo(surroundings / "fifo")
    (surroundings / "link.html").symlink_to("notes.html")
    monkeypatch.setattr("kerasnn.report", lambda *_models, **_flags: pytest.fail("it was collected"))
    for place in ("notes.html", "sgd.html", ".", "folder", os.devnull, "fifo", "link.html"):
        error = cli.json("report", "softmax", "--out", place, code=2)["error"]
        assert error["message"].startswith(place)
    for place in (".", "folder", os.devnull, "fifo", "link.html"):
        assert (
            "does not replace" in cli.json("report", "softmax", "--out", place, "--force", code=2)["error"]["message"]
        )
    assert (surroundings / "notes.html").read_text(encoding="utf-8") == "mine"


def test_a_file_called_latest_stays(surroundings: Path) -> None:
    first = kerasnn.train("sgd", dataset="garments", epochs=1, out=".")
    assert (surroundings / "latest").read_text(encoding="utf-8").strip() == first.run
    for content in ("my latest notes\nof today", "v1.2", ""):
        (surroundings / "latest").write_text(content, encoding="utf-8")
        set_latest(surroundings / first.run)
        assert (surroundings / "latest").read_text(encoding="utf-8") == content
        assert kerasnn.open_run("latest", out=".").run == first.run
    (surroundings / "latest").unlink()
    (surroundings / "latest").symlink_to("target")
    set_latest(surroundings / first.run)
    assert not (surroundings / "target").exists()


@pytest.mark.full
def test_files_beside_a_study_stay(cli: Cli, surroundings: Path) -> None:
    words = ("reproduce", "sgd", "--seeds", "1", "--workers", "1", *OWN, "--out", ".")
    (surroundings / "reproduction.md").write_text("mine", encoding="utf-8")
    (surroundings / "reproduction-2.png").symlink_to("target.png")
    cli(*words)
    cli(*words)  # its own report is written again
    assert (surroundings / "reproduction.md").read_text(encoding="utf-8") == "mine"
    assert not (surroundings / "target.png").exists()
    assert (surroundings / "reproduction-3.md").exists()
    assert not (surroundings / "reproduction-4.md").exists()
    shutil.rmtree(surroundings / "trainings")


AT_HOME: Final = {
    "draw relu --plots={}": "network-relu.svg",
    "code relu --out={}/relu.py": "relu.py",
    "train sgd --epochs 1 --dataset stripes.npz --runs={}": "latest",
    "data convert stripes.npz --out={}/copy.npz": "copy.npz",
}


@pytest.mark.parametrize("words", AT_HOME)
def test_a_tilde_is_the_home_in_every_command(
    cli: Cli, surroundings: Path, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In --out=~/x a shell leaves it alone; a folder of that name invites rm -r ~."""
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(surroundings / "home"))
    cli(*words.format("~/kept").split())
    assert (surroundings / "home" / "kept" / AT_HOME[words]).is_file()
    assert not (surroundings / "~").exists()
    cli(*words.format("./~/kept").split())  # such a folder can be named all the same
    assert (surroundings / "~" / "kept" / AT_HOME[words]).is_file()


def test_a_tilde_is_the_home_in_python(surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(surroundings / "home"))
    run = kerasnn.train("sgd", dataset="garments", epochs=1, out="~/runs")
    kerasnn.code("relu", file="~/relu.py")
    kerasnn.export_run("latest", "~/sgd.zip", out="~/runs")
    assert [row.run for row in kerasnn.list_runs("~/runs")] == [run.run]
    assert {path.name for path in (surroundings / "home").iterdir()} == {"runs", "relu.py", "sgd.zip"}
    assert not (surroundings / "~").exists()


@pytest.mark.parametrize(
    "words",
    [
        *(f"{command} {' '.join(words)} --plots {{}}" for command, words in DRAWING.items()),
        "report softmax --out {}.html",
        "code softmax --out {}.py",
        "export softmax --to keras --out {}.keras",
        "runs export latest --report --out {}.zip",
        "data convert stripes.npz {}.npz",
        "train adam --dataset stripes.npz --runs {}",
        "train adam --dataset stripes.npz --csv {}.csv",
        "train adam --dataset stripes.npz --tensorboard {}",
    ],
)
def test_a_place_that_cannot_be_written_is_told_before_the_work(
    cli: Cli, surroundings: Path, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (surroundings / "file").write_text("in the way", encoding="utf-8")
    for work in ("kerasnn.networks.files.open.open_classifier", "kerasnn.data.load.load_data"):
        monkeypatch.setattr(work, lambda *_given, **_more: pytest.fail("the work was begun"))
    for place, why in (("file/new", "file is a file, not a folder"), (f"new/{'n' * 256}", "the name is too long")):
        found = cli.json(*words.format(place).split(), code=4)
        assert why in found["error"]["message"]
        assert set(found) == {"error"}  # nothing was shown
    assert not (surroundings / "new").exists()


def test_a_table_of_epochs_that_is_there_is_told_before_keras_is_loaded(
    cli: Cli, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (surroundings / "a.csv").write_text("mine", encoding="utf-8")
    monkeypatch.setattr("kerasnn.training.train.announce_import", lambda _listener: pytest.fail("Keras was loaded"))
    assert "a.csv already exists" in cli.json("train", "adam", "--csv", "a.csv", code=2)["error"]["message"]
