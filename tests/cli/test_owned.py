"""A report or script of one run never takes the place of another's, nor of a file of the user's own."""

from pathlib import Path

import pytest

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
