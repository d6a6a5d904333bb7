"""`kerasnn explain` through `main` and as a process: output, pictures, errors, and what it must not load."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from kerasnn.cli.app import main
from kerasnn.lecture.topics import TOPICS
from tests.terminal import CTRL_C, on_terminal

NAMES = [topic.name for topic in TOPICS]
HEAVY = ("tensorflow", "keras", "sklearn", "matplotlib", "pooch")


def printed(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> tuple[str, str]:
    capsys.readouterr()
    assert main(["explain", *words]) == code
    captured = capsys.readouterr()
    return captured.out, captured.err


def test_without_a_topic_it_lists_them_in_the_lectures_order(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = printed(capsys)
    places = [out.index(f"\n{name} ") if name != NAMES[0] else out.index(name) for name in NAMES]
    assert places == sorted(places)
    rows = json.loads(printed(capsys, "--json")[0])
    assert [row["topic"] for row in rows] == NAMES
    assert set(rows[0]) == {"topic", "title", "statement", "model"}


@pytest.mark.full
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_no_topic_loads_a_heavy_library(lang: str) -> None:
    script = (
        "import sys\nfrom kerasnn.cli.app import main\n"
        f"codes = [main(['explain', name, '--dataset', 'garments', '--lang', {lang!r}]) for name in {NAMES!r}]\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules], set(codes))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.decode().splitlines()[-1] == "LOADED [] {0}"
    assert done.stderr == b""


def test_the_answer_is_kept_back(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = printed(capsys, "parameters", "--dataset", "garments")
    assert "784-200-50-10" in out
    assert "167,560" not in out
    assert "167,560" in printed(capsys, "parameters", "--dataset", "garments", "--answer")[0]


def test_json_holds_everything(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(capsys, "linear", "--dataset", "garments", "--index", "2", "--json")[0])
    assert {"topic", "title", "statement", "language", "model", "image", "sections", "question", "answer", "holds"} <= (
        set(found)
    )
    assert found["image"]["index"] == 2
    assert found["holds"] is True
    kinds = {picture["kind"] for section in found["sections"] for picture in section["pictures"]}
    assert kinds == {"images"}


def test_plots_are_drawn(capsys: pytest.CaptureFixture[str], surroundings: Path) -> None:
    _, err = printed(capsys, "optimizers", "--dataset", "garments", "--plots", "그림")
    drawn = sorted(path.name for path in (surroundings / "그림").iterdir())
    assert drawn == [f"optimizers-{name}.{kind}" for name in ("bowl", "race", "steps") for kind in ("png", "svg")]
    assert err.count("drawn: ") == 6
    with Image.open(surroundings / "그림" / "optimizers-bowl.png") as image:
        assert image.width > 500


def test_ones_own_run_is_explained(capsys: pytest.CaptureFixture[str], npz: Path) -> None:
    words = ("train", "--stage", "dropout", "--hidden", "8", "--epochs", "3", "--engine", "keras", "-q")
    assert main([*words, "--dataset", str(npz)]) == 0
    found = json.loads(printed(capsys, "dropout", "--model", "latest", "--json")[0])
    assert found["image"]["dataset"] == "stripes.npz"
    assert found["image"]["name"] == "stripe 0"
    assert found["holds"] is True
    out, _ = printed(capsys, "overfitting", "--model", "latest")
    assert "Epoch by epoch" in out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["lineer"], 2, "did you mean 'linear'"),
        (["linear", "--index", "99999", "--dataset", "garments"], 2, "there is no test image 99999"),
        (["linear", "--model", "nothing"], 5, "there is no model 'nothing'"),
        (["dropout", "--model", "softmax", "--dataset", "garments"], 2, "has no hidden layer"),
        (["linear", "--dataset", "fashion-mnist"], 3, "is missing"),
        (["linear", "--data-dir", "nowhere"], 3, "is missing"),
    ],
)
def test_errors(capsys: pytest.CaptureFixture[str], words: list[str], code: int, message: str) -> None:
    out, err = printed(capsys, *words, code=code)
    assert out == ""
    assert message in err
    assert "Traceback" not in err


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = printed(capsys, "--help")
    assert "Example: kerasnn explain linear" in out


def test_a_terminal_shows_one_screen_at_a_time() -> None:
    """Each screen ends where the next would not fit; all of them together are what a pipe gets, in the same order."""
    words = ("explain", "linear", "--dataset", "garments")
    session = on_terminal(*words, rows=24, press={"Enter continues": b"\n" * 20})
    assert session.code == 0
    screens = session.text.split("Enter continues")
    assert len(screens) > 2
    # the terminal echoes the twenty keys at once
    assert all(screen.replace("\r\n" * 20, "").count("\r\n") < 24 for screen in screens)
    piped = subprocess.run([sys.executable, "-m", "kerasnn", *words], capture_output=True, check=True).stdout.decode()
    assert "Enter continues" not in piped
    headings = [line for line in piped.splitlines() if re.match(r"[0-9]\. ", line)]
    places = [session.text.index(heading) for heading in headings]
    assert len(headings) > 1
    assert places == sorted(places)


def test_one_may_leave_in_between() -> None:
    session = on_terminal("explain", "linear", "--dataset", "garments", rows=24, press={"Enter continues": CTRL_C})
    assert session.code == 130
    assert "the rest of the explanation was not shown" in session.text
    quiet = on_terminal("explain", "linear", "--dataset", "garments", "-q", rows=24)
    assert "Enter continues" not in quiet.text


def test_the_proofs_appear_with_v(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("linear", "--dataset", "garments")
    told = re.search(r"(\d+) of (\d+) identities hold", printed(capsys, *words)[0])
    proved = " ".join(printed(capsys, *words, "-v")[0].split())  # without the ends of its lines
    assert told is not None
    assert told[1] == told[2]
    assert proved.count("largest difference") == int(told[1])
    assert "largest difference" not in printed(capsys, *words)[0]
