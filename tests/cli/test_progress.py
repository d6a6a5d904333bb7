"""What a terminal shows while a command works, and after Ctrl-C."""

import io
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from kerasnn.cli.app import main
from kerasnn.cli.console import Output
from kerasnn.cli.progress import LiveDisplay
from kerasnn.records import Job, Running, StudyProgress, TourStop, Working
from kerasnn.views.progress import SPINNER
from tests.terminal import CTRL_C, on_terminal, screen_of

MOVING = re.compile(f"[{SPINNER[0]}] \\w")
TRAIN = ("train", "--stage", "dropout", "--engine", "keras", "--hidden", 8, "--dataset")


def terminal(width: int = 80) -> Console:
    return Console(
        file=io.StringIO(), force_terminal=True, width=width, height=30, color_system=None, legacy_windows=False
    )


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_document_is_printed_only_under_json(capsys: pytest.CaptureFixture[str]) -> None:
    for as_json, printed in ((False, ""), (True, '{\n  "found": 1\n}\n')):
        Output(as_json=as_json, document={"found": 1}).finish()
        assert capsys.readouterr().out == printed


def test_the_tour_ends_with_its_last_stop(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def tour(**_: object) -> Iterator[TourStop]:
        yield TourStop(1, 1, "softmax", "The end", "Nothing follows.", None, None, None)

    monkeypatch.setattr("kerasnn.tour", tour)
    assert main(["tour"]) == 0
    printed = capsys.readouterr().out
    assert "The end" in printed
    assert "{" not in printed
    assert main(["tour", "--json"]) == 0
    assert [stop["title"] for stop in json.loads(capsys.readouterr().out)] == ["The end"]


def test_what_is_over_soon_shows_nothing() -> None:
    console = terminal()
    LiveDisplay(console).start().stop()
    assert written(console) == ""


def test_something_moves_where_no_event_comes() -> None:
    console = terminal()
    display = LiveDisplay(console).start()
    display(Working("reading"))
    time.sleep(1.0)
    display.stop()
    turns = {turn for turn in SPINNER[0] if f"{turn} reading the images" in written(console)}
    assert len(turns) >= 3
    assert not any(screen_of(written(console)))  # all of it is erased


def test_nothing_is_drawn_while_a_result_is_printed() -> None:
    console = terminal()
    display = LiveDisplay(console).start()
    time.sleep(0.6)
    with display.still():
        before = written(console)
        time.sleep(0.6)
        assert written(console) == before
    display.stop()


def test_a_row_of_a_study_stays_where_it_is() -> None:
    console = terminal()
    display = LiveDisplay(console)
    rows = [Running(f"worker {number}", Job("adam", number), 1, 5, 1.0) for number in (1, 2, 3)]
    for running in (rows, rows[::2], [rows[2], rows[0], Running("worker 4", Job("adam", 4), 0, 5, 0.1)]):
        display(StudyProgress(9, 0, 0, tuple(running), None))
        assert len(display.rows) == 3
        assert "seed 3" in display.rows[2].label
    assert "seed 4" in display.rows[1].label


@pytest.mark.parametrize(
    "columns", [pytest.param(60, marks=pytest.mark.full), 80, pytest.param(120, marks=pytest.mark.full)]
)
def test_a_training_grows_a_curve_and_leaves_its_epochs(npz: Path, columns: int) -> None:
    session = on_terminal(*TRAIN, npz, "--epochs", 40, "--patience", 40, columns=columns)
    assert session.code == 0
    assert "loading TensorFlow" in session.text
    finished = [line for line in session.screen if line.startswith("epoch ")]
    assert [int(re.findall(r"\d+", line)[0]) for line in finished] == list(range(1, 41))
    values = r"  loss \d\.\d{4}  val_loss \d\.\d{4}"
    values += r"  val_accuracy \d\.\d{4}" if columns > 60 else ""  # there the rest is in the next line
    assert all(re.match(rf"epoch +\d+/40{values}".replace("  ", r"\s+"), line) for line in finished)
    assert finished[0].endswith("best") or columns == 60
    assert not any(MOVING.match(line) for line in session.screen)
    drawn = [re.sub(r"\x1b\[\??[\d;]*[A-Za-z]", "", line) for line in re.split(r"[\r\n]+", session.text)]
    assert any(line.endswith(" val_loss") for line in drawn)  # the name at the end of its curve
    assert any(MOVING.match(line) and "images" in line for line in drawn)
    assert max(cell_len(line) for line in drawn if not line.startswith("Next: ")) <= columns  # it is not broken


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_ctrl_c_is_no_error(npz: Path, lang: str) -> None:
    first = {"en": "epoch   3/900", "ko": "에포크   3/900"}[lang]
    session = on_terminal(*TRAIN, npz, "--epochs", 900, "--lang", lang, press={first: CTRL_C})
    assert session.code == 130
    end = " ".join("\n".join(session.screen).split())
    assert {"en": "Stopped. ", "ko": "중지했습니다. "}[lang] in end
    assert "kerasnn train --resume" in end
    assert "Error" not in end
    assert "오류" not in end
    assert "31;1m" not in session.text  # nothing in red
    assert "1;31m" not in session.text


@pytest.mark.full
@pytest.mark.parametrize(
    "words", [("evaluate", "dropout"), ("doctor",), ("tour",), ("compare-sklearn",), ("verify", "sgd")]
)
def test_every_command_can_be_stopped(words: tuple[str, ...]) -> None:
    data = [] if words == ("doctor",) else ["--dataset", "garments"]
    session = on_terminal(*words, *data, press={SPINNER[0][2]: CTRL_C})  # the first that is seen
    assert session.code == 130
    end = "\n".join(session.screen)
    assert "Stopped.\n" in end
    assert "next: kerasnn" in end or "complete" in end
    assert "Traceback" not in end


def test_the_tour_keeps_its_place_at_a_pause(surroundings: Path) -> None:
    session = on_terminal("tour", "--dataset", "garments", "--lang", "en", press={"Enter continues": CTRL_C})
    assert session.code == 130
    end = " ".join("\n".join(session.screen).split())
    assert "Stopped. the tour was left at stop 1 of 25; its trainings are saved in runs" in end
    assert "next: kerasnn tour --dataset garments continues there" in end
    assert json.loads((surroundings / "runs" / "tour.json").read_text(encoding="utf-8"))["passed"] == 0
