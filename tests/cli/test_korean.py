"""Commands with --lang ko: no line of English prose is left, and data are not translated."""

import json
import re
import string
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from kerasnn.language import _, language, speaking
from kerasnn.lecture.claims import CLAIMS, COMPUTED, Claim
from kerasnn.records import Note
from kerasnn.records.codes import SENTENCES, Code
from kerasnn.records.note import sentence
from kerasnn.views.figures import letters
from tests.cli.test_commands import Cli

HANGUL = re.compile("[\uac00-\ud7a3]")
# three words and more, as no command, path or name of a package has them
PROSE = re.compile(r"(?<![-/.\w])(?:[A-Za-z][a-z']+[,:;]? ){3}")
GARMENTS = ("--dataset", "garments")


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("COLUMNS", "160")
    return Cli(capsys)


def english(text: str) -> list[str]:
    """Its lines of English prose."""
    return [line for line in text.splitlines() if PROSE.search(line) and not HANGUL.search(line)]


@pytest.mark.parametrize(
    "words",
    [
        ("stages",),
        ("summary",),
        ("draw", "dropout", "--plots", "drawn"),
        ("explain",),
        ("claims",),
        ("weights", "softmax"),
        ("weights", "dropout", "--unit", "73"),
        ("code", "sgd", "--dialect"),
        ("compare-sklearn", "--code"),
        ("runs", "list"),
        ("evaluate", "dropout", *GARMENTS, "--plots", "drawn"),
        ("predict", "dropout", "--index", "0", *GARMENTS, "--plots", "drawn"),
        ("data", "show", *GARMENTS, "--plots", "drawn"),
        ("compare-sklearn", "--epochs", "1", "--cv", "2", *GARMENTS),
    ],
    ids=lambda words: "-".join(words[:2]),
)
def test_commands_speak_korean(words: Sequence[str], cli: Cli) -> None:
    shown = cli(*words, "--lang", "ko")
    assert HANGUL.search(shown)
    assert english(shown + cli.stderr) == []


def test_a_run_is_told_in_korean_and_keeps_codes(cli: Cli, npz: Path) -> None:
    trained = cli("train", "--stage", "sgd", "--epochs", 1, "--dataset", npz, "--lang", "ko")
    assert english(trained + cli.stderr) == []
    assert "수렴하지 않았습니다" in trained
    kept = cli.json("runs", "show", "latest", "--lang", "ko")
    assert kept["notes"] == cli.json("runs", "show", "latest")["notes"]
    assert kept["notes"] == [{"code": "not-converged", "values": {}}]
    cli("train", "--stage", "softmax", "--epochs", 1, "--batch-size", 16, "--dataset", npz, "--lang", "ko")
    first, second = (row["run"] for row in cli.json("runs", "list"))
    compared = cli("runs", "compare", first, second, "--plots", "drawn", "--lang", "ko")
    assert english(compared + cli.stderr) == []
    assert "배치 크기" in compared
    assert "지움" in cli("runs", "remove", first, "--yes", "--lang", "ko")


def test_a_training_that_diverges_says_so(cli: Cli, npz: Path) -> None:
    wild = ("--activation", "linear", "--optimizer", "sgd", "--learning-rate", 1000, "--dataset", npz)
    cli("train", "--stage", "relu", *wild, "--lang", "ko", code=7)
    assert "발산했습니다" in cli.stderr
    assert "--learning-rate를 낮추세요" in cli.stderr
    assert english(cli.stderr) == []


@pytest.mark.full
def test_verdicts_speak_korean_and_json_does_not(cli: Cli, npz: Path) -> None:
    words = ("claims", "--judge", "hidden-beats-softmax", "sparse-equals-one-hot", "--seeds", 2, "--dataset", npz)
    shown = cli(*words, "--lang", "ko")
    assert english(shown + cli.stderr) == []
    assert "두 손실" in shown
    korean, plain = cli.json(*words, "--lang", "ko"), cli.json(*words)
    assert korean["claims"] == plain["claims"]
    assert cli.json("claims", "--lang", "ko") == cli.json("claims")


@pytest.mark.parametrize("stage", ["dropout", "softmax", "sgd"])
@pytest.mark.parametrize("framework", [None, "pytorch", "sklearn"])
def test_scripts_in_korean_are_the_same_program(stage: str, framework: str | None, cli: Cli) -> None:
    if (stage, framework) == ("sgd", "pytorch") or (stage, framework) == ("dropout", "sklearn"):
        return  # which these frameworks do not have
    words = ("code", stage, *(("--framework", framework) if framework else ()))
    korean, plain = cli(*words, "--lang", "ko"), cli(*words)
    assert HANGUL.search(korean.partition('"""\n')[0])
    assert [line for line in korean.splitlines() if line.startswith("# ") and not HANGUL.search(line)] == []
    assert statements(korean) == statements(plain)


def statements(script: str) -> list[str]:
    """A script without its docstring and its comments."""
    lines = script.split('"""\n', 1)[1].splitlines()
    return [line.split("  # ")[0] for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("code", Code)
def test_every_note_is_said_in_both_languages(code: Code) -> None:
    fields = string.Formatter().parse(SENTENCES[code])
    names = list(dict.fromkeys(name for _text, name, _form, _conversion in fields if name))
    values: dict[str, Any] = dict(zip(names, cycle((0.1234567, ("a", "b"), None)), strict=False))
    english_text = sentence(Note(code, values))
    with speaking("ko"):
        korean_text = sentence(Note(code, values))
    for text in (english_text, korean_text):
        assert "{" not in text
        assert names == [] or "0.1235" in text
    assert len(names) < 2 or "a, b" in english_text
    if code != Code.ERROR:  # an exception speaks for itself
        assert HANGUL.search(korean_text)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("the training loss is nan", "the training loss is nan"),
        (Note("of-a-later-version", {"x": 1}), "of-a-later-version"),
        (Note("loss-exploded", {"training": 9.0}), "loss-exploded"),
        (Note("loss-exploded", {"training": [{}], "validation": "{guessing}", "guessing": {"a": 1}}), "{guessing}"),
    ],
)
def test_whatever_stands_in_a_record_can_be_said(note: Note | str, said: str) -> None:
    """Text of a record older than codes stays as it is; a note that cannot be said is its code."""
    with speaking("ko"):
        assert said in sentence(note)


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim.kind == "exact"], ids=lambda claim: claim.name)
def test_what_a_computation_found_is_said_in_korean(claim: Claim) -> None:
    with speaking("ko"):
        assert HANGUL.search(_(COMPUTED[claim.name], count=7, on=0.5))


def test_a_run_from_before_notes_had_codes_is_shown(cli: Cli, npz: Path) -> None:
    trained = cli.json("train", "--stage", "softmax", "--epochs", 1, "--dataset", npz)
    path = Path(trained["model"]).with_name("run.json")
    note, fault = "taken up again although threads was 1 and is 2", "the training loss is nan"
    path.write_text(json.dumps({**trained, "notes": [note], "fault": fault}), "utf-8")
    told = " ".join(cli("runs", "show", "latest", "--lang", "ko").split())
    assert note in told
    assert fault in told
    shown = cli.json("runs", "show", "latest")
    assert (shown["notes"][0], shown["fault"]) == (note, fault)


def test_pictures_are_english_where_no_font_has_hangul(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "hangul_fonts", lambda: ())
    with speaking("ko"):
        assert letters.figure_language() == "en"
        assert letters.in_figure_language(language)() == "en"
        assert letters.in_figure_language(letters.readable)(["Bag"]) == ("Bag",)
        monkeypatch.setattr(letters, "hangul_fonts", lambda: ("NanumGothic",))
        assert letters.in_figure_language(language)() == "ko"
        assert letters.in_figure_language(letters.readable)(["Bag"]) == ("가방",)


def test_one_note_says_why(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "hangul_fonts", lambda: ())
    cli("data", "show", *GARMENTS, "--plots", "drawn", "--lang", "ko")
    assert cli.stderr.count("한글 글꼴이 없어") == 1
    cli("data", "show", *GARMENTS, "--plots", "drawn")
    assert "Hangul" not in cli.stderr
