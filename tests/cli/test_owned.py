"""A report or script of one run never takes the place of another's, nor of a file of the user's own."""

from pathlib import Path

import pytest
from PIL import Image

import kerasnn
from kerasnn.errors import UsageError
from tests.cli.test_commands import Cli


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


def test_a_report_of_another_model_stays(cli: Cli, surroundings: Path) -> None:
    cli("report", "sgd")
    page = surroundings / "report.html"
    first = page.read_bytes()
    cli("report", "sgd", "--lang", "ko")
    assert page.read_bytes() != first  # its own is replaced
    own = page.read_bytes()
    error = cli.json("report", "softmax", code=2)["error"]
    assert error["message"] == "report.html was written by `kerasnn report sgd`, and is not overwritten"
    assert error["hint"] == "--out report-softmax.html, or --force to replace it"
    assert page.read_bytes() == own
    cli("report", "softmax", "--force")
    cli("report", "softmax")


@pytest.mark.parametrize("words", [["adam"], ["adam", "--framework", "pytorch"]])
def test_a_script_of_another_model_stays(cli: Cli, surroundings: Path, words: list[str]) -> None:
    cli("code", *words, "--out", "mine.py")
    cli("code", "adam", "--out", "mine.py", "--lang", "ko")
    script = (surroundings / "mine.py").read_bytes()
    assert "--out mine-relu.py" in cli.json("code", "relu", "--out", "mine.py", code=2)["error"]["hint"]
    assert "kerasnn code adam" in cli.json("report", "adam", "--out", "mine.py", code=2)["error"]["message"]
    assert (surroundings / "mine.py").read_bytes() == script
    cli("code", "relu", "--out", "mine.py", "--force")


def test_what_kerasnn_did_not_write_stays(cli: Cli, surroundings: Path) -> None:
    (surroundings / "notes.py").write_text("my notes", encoding="utf-8")
    error = cli.json("code", "adam", "--out", "notes.py", code=2)["error"]
    assert error["message"] == "notes.py is there already, and is not overwritten"
    assert (surroundings / "notes.py").read_text(encoding="utf-8") == "my notes"


def test_links_folders_and_devices_are_never_replaced(surroundings: Path) -> None:
    (surroundings / "folder.py").mkdir()
    (surroundings / "target.py").write_text("target", encoding="utf-8")
    (surroundings / "link.py").symlink_to("target.py")
    (surroundings / "dangling.py").symlink_to("nothing")
    for name in ("folder.py", "link.py", "dangling.py", "/dev/null"):
        with pytest.raises(UsageError, match="does not replace"):
            kerasnn.code("adam", file=name, force=True)
    assert (surroundings / "target.py").read_text(encoding="utf-8") == "target"
    assert (surroundings / "link.py").is_symlink()


def test_the_images_beside_a_script_do_not_replace_other_images(surroundings: Path) -> None:
    run = kerasnn.train("sgd", dataset="garments", epochs=1)
    kerasnn.code(run.run, file="script.py")
    kerasnn.code(run.run, file="script.py")  # the same images again
    (surroundings / "garments.npz").write_bytes(b"mine")
    with pytest.raises(UsageError, match=r"garments\.npz is there already"):
        kerasnn.code(run.run, file="another.py")
    assert not (surroundings / "another.py").exists()


EVERY = {
    "d.py": ["code", "dropout", "--out", "d.py"],
    "d.ipynb": ["code", "dropout", "--notebook", "--out", "d.ipynb"],
    "report.html": ["report", "sgd"],
    "n.py": ["export", "softmax", "--to", "python", "--out", "n.py"],
    "n.npz": ["export", "softmax", "--to", "python", "--out", "n.py"],
    "n.html": ["export", "softmax", "--to", "page", "--out", "n.html"],
    "n.keras": ["export", "softmax", "--to", "keras", "--out", "n.keras"],
    "n.h5": ["export", "softmax", "--to", "h5", "--out", "n.h5"],
    "network-softmax.svg": ["draw", "softmax", "--plots", "."],
    "weights-softmax.png": ["weights", "softmax", "--plots", "."],
    "weights-softmax.svg": ["weights", "softmax", "--plots", ".", "--format", "svg"],
}


def on_garments(words: list[str]) -> list[str]:
    return [*words, *(["--dataset", "garments"] if words[0] in ("report", "export") else [])]


@pytest.mark.parametrize("name", EVERY)
def test_what_was_changed_since_stays(cli: Cli, surroundings: Path, name: str) -> None:
    words, place = on_garments(EVERY[name]), surroundings / name
    cli(*words)
    cli(*words)  # its own is replaced
    own = place.read_bytes()
    for changed in (own + b"\n", own[:-400] + bytes([own[-400] ^ 1]) + own[-399:], own[len(own) // 2 :]):
        place.write_bytes(changed)
        assert "not overwritten" in cli.json(*words, code=2)["error"]["message"]
        assert place.read_bytes() == changed
    place.write_bytes(own + b"\n")
    assert cli.json(*words, code=2)["error"]["message"].startswith(f"{name} was changed after kerasnn wrote it")
    cli(*words, "--force")
    cli(*words)


@pytest.mark.parametrize("name", EVERY)
def test_what_only_quotes_a_command_stays(cli: Cli, surroundings: Path, name: str) -> None:
    words, place = on_garments(EVERY[name]), surroundings / name
    mine = (
        f"<!-- drawn by kerasnn -->\n`kerasnn {' '.join(EVERY[name][:4])}`\n`kerasnn code dropout` `kerasnn report sgd`"
    )
    place.write_text(mine, encoding="utf-8")
    assert cli.json(*words, code=2)["error"]["message"] == f"{name} is there already, and is not overwritten"
    assert place.read_text(encoding="utf-8") == mine


def test_each_file_of_an_export_proves_itself(cli: Cli, surroundings: Path) -> None:
    words = on_garments(EVERY["n.py"])
    cli(*words)
    (surroundings / "n.npz").write_bytes(b"mine")
    assert cli.json(*words, code=2)["error"]["message"] == "n.npz is there already, and is not overwritten"
    assert (surroundings / "n.npz").read_bytes() == b"mine"


def test_a_drawing_is_a_whole_png(cli: Cli, surroundings: Path) -> None:
    cli(*EVERY["weights-softmax.png"])
    with Image.open(surroundings / "weights-softmax.png") as picture:
        picture.load()  # Pillow compares the checksum of each part
        assert picture.info["Comment"].startswith("kerasnn-seal ")  # type: ignore[attr-defined,unused-ignore]


def test_a_name_that_pages_escape_is_known_again(cli: Cli, surroundings: Path) -> None:
    cli("export", "softmax", "--to", "keras", "--out", 'it\'s "mine" & <b>.keras', "--dataset", "garments")
    words = ("export", 'it\'s "mine" & <b>.keras', "--to", "page", "--dataset", "garments", "--out", "n.html")
    cli(*words)
    cli(*words)
    assert "not overwritten" in cli.json(*on_garments(EVERY["n.html"]), code=2)["error"]["message"]


@pytest.mark.parametrize("words", [["code", "sgd"], ["export", "softmax", "--to", "python", "--dataset", "garments"]])
def test_what_to_run_runs(cli: Cli, surroundings: Path, words: list[str]) -> None:
    said = cli(*words, "--out=-x.py")
    assert "python ./-x.py" in said + cli.stderr
    assert (surroundings / "-x.py").exists()


def test_a_line_break_in_a_name_is_none_in_code(surroundings: Path) -> None:
    made = kerasnn.export("softmax", to="keras", file='a\n"b.keras', dataset="garments")
    assert made.opened_with == 'keras.saving.load_model("a\\n\\"b.keras")'


@pytest.mark.parametrize("place", ["/dev/null", "link"])
def test_a_device_is_no_name_to_build_on(cli: Cli, surroundings: Path, place: str) -> None:
    (surroundings / "link").symlink_to("nothing")
    error = cli.json("export", "softmax", "--to", "keras", "--out", place, code=2)["error"]
    assert error["hint"] == "name another file with --out"
