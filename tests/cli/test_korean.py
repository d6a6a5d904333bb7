"""Commands under --lang ko: no line of English prose is left, and what is data stays as it is."""

import re
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from kerasnn.language import _filled, language, retold, speaking
from kerasnn.lecture.claims import CLAIMS, COMPUTED
from kerasnn.records.kept import ALTHOUGH, DIFFERENCE, EXPLODED, NOT_FINITE, kept_sentence
from kerasnn.views.figures import fonts
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


def test_a_run_is_told_in_korean_and_kept_in_english(cli: Cli, npz: Path) -> None:
    trained = cli("train", "--stage", "sgd", "--epochs", 1, "--dataset", npz, "--lang", "ko")
    assert english(trained + cli.stderr) == []
    assert "수렴하지 않았습니다" in trained
    kept = cli.json("runs", "show", "latest", "--lang", "ko")
    assert kept["notes"] == cli.json("runs", "show", "latest")["notes"]
    assert "had not converged" in kept["notes"][0]
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


def test_kept_sentences_are_retold() -> None:
    differences = [DIFFERENCE.format(name="numpy", before=1, now=2), DIFFERENCE.format(name="keras", before=3, now=4)]
    with speaking("ko"):
        told = kept_sentence(ALTHOUGH.format(differences="; ".join(differences)))
        assert "numpy 1에서 2; keras 3에서 4" in told
        assert kept_sentence(NOT_FINITE.format(part="training", loss="nan")) == "훈련 손실이 nan입니다"
        assert "9.0" in kept_sentence(EXPLODED.format(training="9.0", validation="8.0", guessing="2.3"))
        assert kept_sentence("whatever else") == "whatever else"
        assert retold("", "x") == ""
        for claim in CLAIMS:
            if claim.kind == "exact":
                told = retold(COMPUTED[claim.name].format(count="7", on="0.5"), COMPUTED[claim.name])
                assert HANGUL.search(told)
    assert kept_sentence(differences[0]) == differences[0]


@pytest.mark.parametrize(
    "text",
    [
        " was " * 2000,
        " was and is " * 300,
        "a was b and is " * 260,
        "taken up again although " + "a; " * 1300,
        "the loss exploded to " + " in training and " * 200 + "x",
        "the loss exploded to " * 800_000,
    ],
)
def test_whatever_stands_in_a_record_is_retold_at_once(text: str) -> None:
    began = time.process_time()
    with speaking("ko"):
        kept_sentence(text)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("text", ["a and b; c", "a and b and c;", "one; two and", "and", "a; and b;"])
@pytest.mark.parametrize("message", ["{x} and {y}", "{x}; {y} and {z}", "a{x};", "{x}", "and"])
def test_sentences_are_taken_apart_as_a_greedy_pattern_would(message: str, text: str) -> None:
    pattern = re.compile(re.sub(r"\{(\w)\}", r"(?P<\1>.*)", message), re.DOTALL)
    match = pattern.fullmatch(text)
    assert _filled(message, text) == (match.groupdict() if match else None)


def test_pictures_are_english_where_no_font_has_hangul(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "hangul_fonts", lambda: ())
    with speaking("ko"):
        assert fonts.written_language() == "en"
        assert fonts.written(language)() == "en"
        assert fonts.written(fonts.readable)(["Bag"]) == ("Bag",)
        monkeypatch.setattr(fonts, "hangul_fonts", lambda: ("NanumGothic",))
        assert fonts.written(language)() == "ko"
        assert fonts.written(fonts.readable)(["Bag"]) == ("가방",)


def test_one_note_says_why(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "hangul_fonts", lambda: ())
    cli("data", "show", *GARMENTS, "--plots", "drawn", "--lang", "ko")
    assert cli.stderr.count("한글 글꼴이 없어") == 1
    cli("data", "show", *GARMENTS, "--plots", "drawn")
    assert "Hangul" not in cli.stderr
