"""`kerasnn runs` through `main`."""

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from PIL import Image

import kerasnn
from kerasnn.cli.app import main
from kerasnn.lessons.topics import find_topic
from kerasnn.runs.seal import SEAL, seal_of
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


@pytest.fixture
def labelled(two: list[Any]) -> list[Any]:
    """The two runs: the first with a name and tags, the second of a tour."""
    for run, labels in zip(two, ({"name": "wide, or not", "tags": ["hw1", "first"]}, {"tags": ["tour"]}), strict=True):
        path = Path("runs") / run["run"] / "run.json"
        record = json.loads(path.read_text(encoding="utf-8")) | labels
        record[SEAL] = seal_of(record)
        path.write_text(json.dumps(record), encoding="utf-8")
    return two


def test_a_name_stands_for_the_run(cli: Cli, labelled: list[Any]) -> None:
    first, second = labelled
    assert cli.json("runs", "show", "wide, or not")["run"] == first["run"]
    assert cli.json("evaluate", "wide, or not")["test"]["loss"] == pytest.approx(first["test"]["loss"], rel=1e-5)
    shutil.copytree(Path("runs") / first["run"], Path("runs") / (first["run"] + "-2"))
    assert first["run"] in cli.json("runs", "show", "wide, or not", code=2)["error"]["expected"]
    assert cli.json("runs", "show", second["run"])["name"] is None


@pytest.mark.parametrize("name", ["latest", "Dropout", "a/b", "", " x", "-x", "x" * 61])
def test_a_name_means_nothing_else(cli: Cli, name: str) -> None:
    assert "--name" in cli.json("train", "sgd", f"--name={name}", code=2)["error"]["message"]


def test_train_records_name_and_tags(cli: Cli, both: tuple[Path, list[Any]]) -> None:
    words = ("train", "softmax", "--epochs", 1, "--engine", "keras", "--dataset", both[0] / "stripes.npz")
    run = cli.json(*words, "--name", "첫 번째", "--tag", "hw1", "--tag", "hw1")
    assert (run["name"], run["tags"]) == ("첫 번째", ["hw1"])
    assert [row["name"] for row in cli.json("runs", "list", "--tag", "hw1")] == ["첫 번째"]
    assert "--name" in cli.json("train", "--resume", "latest", "--name", "x", code=2)["error"]["message"]


def test_accents_and_hangul_mean_the_same_in_one_piece_and_taken_apart_as_by_macos(surroundings: Path) -> None:
    name, tag = "첫 번째", "café"
    words = {form: [normalize(form, each) for each in (name, tag)] for form in ("NFC", "NFD")}
    for number, (first, second) in enumerate([("NFD", "NFC"), ("NFC", "NFD")]):
        out = surroundings / str(number)
        run = kerasnn.train("sgd", dataset="garments", epochs=1, out=out, name=words[first][0], tags=words[first][1:])
        assert (run.name, run.tags) == (words["NFC"][0], tuple(words["NFC"][1:]))
        assert kerasnn.open_run(words[second][0], out=out).run == run.run
        assert [row.run for row in kerasnn.list_runs(out, tag=words[second][1])] == [run.run]
    assert find_topic(normalize("NFD", "드롭아웃")) is find_topic("드롭아웃") is find_topic("dropout")


def test_the_runs_of_the_tour_are_kept_apart(cli: Cli, labelled: list[Any]) -> None:
    first, second = (run["run"] for run in labelled)
    text = cli("runs", "list")
    table = text[: text.index("1 run of the tour: kerasnn runs list --tag tour")]
    assert first in table
    assert second not in table
    assert "wide, or not  #hw1  #first" in table
    assert second in cli("runs", "list", "--tag", "tour")
    assert len(cli.json("runs", "list")) == 2


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_list_cuts_nothing(cli: Cli, labelled: list[Any], monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    *lines, command = cli("runs", "list").splitlines()
    text = " ".join(" ".join(lines).split())
    assert max(map(len, lines)) <= width
    assert "…" not in text
    assert f"{labelled[0]['validation']['loss']:.4f}" in text
    assert all(setting in text for setting in ("hidden units 6", "epochs 3"))
    assert command.startswith("Next: kerasnn runs compare ")


def test_csv(capfdbinary: pytest.CaptureFixture[bytes], labelled: list[Any]) -> None:
    """As RFC 4180 has it: lines end with CR and LF, and a field with a comma has quotes."""
    assert main(["runs", "list", "--csv"]) == 0
    printed = capfdbinary.readouterr().out
    assert printed.endswith(b"\r\n")
    assert printed.count(b"\r\n") == printed.count(b"\n") == 3
    assert b',"wide, or not",hw1 first,' in printed
    rows = list(csv.DictReader(io.StringIO(printed.decode())))
    assert [row["run"] for row in rows] == [run["run"] for run in labelled]
    assert [float(row["validation_loss"]) for row in rows] == [run["validation"]["loss"] for run in labelled]


def test_a_spreadsheet_computes_nothing_that_a_record_says(
    capfdbinary: pytest.CaptureFixture[bytes], two: list[Any]
) -> None:
    path = Path("runs", two[0]["run"], "run.json")
    record = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**record, "name": "=HYPERLINK(1)", "tags": ["@SUM(1)", "+1"]}), "utf-8")
    assert main(["runs", "list", "--csv"]) == 0
    (row, _other) = csv.DictReader(io.StringIO(capfdbinary.readouterr().out.decode()))
    assert (row["name"], row["tags"]) == ("'=HYPERLINK(1)", "'@SUM(1) +1")
