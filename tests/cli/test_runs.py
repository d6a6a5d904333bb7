"""`kerasnn runs` through `main`."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kerasnn.cli.app import main
from tests.cli.test_commands import Cli
from tests.conftest import EVEN, printed_json, save_npz, working_in
from tests.faults.fuzzing import controls


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    """A folder with two runs that differ in their units and in a seed, and their JSON."""
    with working_in(tmp_path_factory.mktemp("two")) as folder:
        data = save_npz(folder / "stripes.npz", count=EVEN)
        words = ("train", "--stage", "adam", "--epochs", 3, "--engine", "keras", "--dataset", data)
        return folder, [printed_json(*words, "--hidden", 6), printed_json(*words, "--hidden", 8, "--seed", 7)]


@pytest.fixture
def two(both: tuple[Path, list[Any]], surroundings: Path) -> list[Any]:
    """Those runs in the working folder."""
    folder, printed = both
    shutil.copytree(folder / "runs", surroundings / "runs")
    return printed


def test_list(cli: Cli, two: list[Any]) -> None:
    rows = cli.json("runs", "list", "--sort", "loss")
    assert {"run", "stage", "seed", "status", "dataset", "validation"} <= set(rows[0])
    assert [row["validation"]["loss"] for row in rows] == sorted(run["validation"]["loss"] for run in two)
    assert cli.json("runs", "list", "--stage", "sgd") == []
    text = cli("runs", "list")
    assert all(run["run"] in text and f"{run['validation']['loss']:.4f}" in text for run in two)
    assert "No runs found" in cli("runs", "list", "--status", "failed")


def test_a_damaged_run_is_listed_and_no_traceback(cli: Cli, two: list[Any]) -> None:
    path = Path("runs") / two[0]["run"] / "run.json"
    for content in (b"", b"\xff\xfe", b"[]", b"{}", b'{"status": "done"}', b"[" * 100_000):
        path.write_bytes(content)
        rows = cli.json("runs", "list")
        assert [row["status"] for row in rows] == ["damaged", "done"]
        assert "damaged" in cli("runs", "list")
        for words in (("show", two[0]["run"]), ("compare", two[0]["run"], "latest")):
            assert cli.json("runs", *words, code=5)["error"]["code"] == 5


STRANGE = "done\x1b]0;mine\x07\x1b[2J\x9b31m\u202enod"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("status",), ("evaluate", "RUN")),
        (("status",), ("runs", "list")),
        (("command",), ("predict", "RUN")),
        (("command",), ("runs", "show", "RUN")),
        (("notes", 0), ("runs", "show", "RUN")),
        (("fault",), ("runs", "show", "RUN")),
        (("dataset", "name"), ("runs", "list")),
        (("environment", "platform"), ("runs", "compare", "RUN", "latest")),
        (("overrides", STRANGE), ("runs", "list")),
    ],
)
@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_a_terminal_obeys_nothing_that_a_record_says(
    place: tuple[Any, ...], words: tuple[str, ...], flags: tuple[str, ...], cli: Cli, two: list[Any]
) -> None:
    path = Path("runs") / two[0]["run"] / "run.json"
    record = json.loads(path.read_text("utf-8"))
    record["notes"] = [""]
    *way, last = place
    within = record
    for name in way:
        within = within[name]
    within[last] = STRANGE
    path.write_text(json.dumps(record), "utf-8")
    if place == ("status",) or words[0] == "predict":
        (path.parent / "model.keras").unlink()
    main([two[0]["run"] if word == "RUN" else word for word in words] + list(flags))
    printed = cli.capsys.readouterr()
    assert controls(printed.out + printed.err) == []
    if flags:
        json.loads(printed.out)


def test_show_is_what_train_showed(cli: Cli, npz: Path) -> None:
    shown = cli("train", "--stage", "early-stopping", "--epochs", 3, "--dataset", npz)
    assert cli("runs", "show", "latest") == shown
    document = cli.json("runs", "show", "latest")
    assert all(sentence in " ".join(shown.split()) for sentence in document["reading"].pop("sentences"))
    written = json.loads(next(Path("runs").glob("2*/run.json")).read_text())
    assert written.pop("seal")
    assert document == written


def test_a_run_whose_history_is_gone_is_shown(cli: Cli, two: list[Any]) -> None:
    path = Path("runs") / two[0]["run"] / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "history": []}), "utf-8")
    assert "saved: epoch 3" in cli("runs", "show", two[0]["run"])


def test_a_narrow_list_has_every_word(cli: Cli, two: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    shown = cli("runs", "list")
    assert two[0]["run"] in shown.replace("\n", "")
    assert f"accuracy {two[0]['validation']['accuracy']:.4f}" in shown


def test_compare(cli: Cli, two: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    names = [run["run"] for run in two]
    found = cli.json("runs", "compare", *names, "--plots", "drawn")
    assert [one["name"] for one in found["settings"]] == ["hidden", "seed"]
    with Image.open("drawn/runs.png") as image:
        assert image.width > 1000
    for width in ("60", "80", "120"):
        monkeypatch.setenv("COLUMNS", width)
        text = cli("runs", "compare", *names)
        *lines, command = text.splitlines()  # a command is never broken: it is there to be copied
        assert max(map(len, lines)) <= int(width)
        assert command.startswith("Next: kerasnn report ")
        assert "val. loss" in text
        assert f"{two[1]['validation']['loss']:.4f}" in text


def test_remove_asks(cli: Cli, two: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    name = two[0]["run"]
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert main(["runs", "remove", name]) == 130
    assert "--yes" in cli.json("runs", "remove", name, code=2)["error"]["expected"]
    assert len(cli.json("runs", "list")) == 2
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert main(["runs", "remove", name]) == 0
    assert cli.json("runs", "remove", "latest", "--yes") == [two[1]["run"]]
    assert cli.json("runs", "list") == []
