"""Help and usage errors in Korean, and the same in English as in the source."""

import re

import pytest

from kerasnn.cli.app import main
from kerasnn.cli.registry import NAMES

HANGUL = re.compile("[\uac00-\ud7a3]")
PAGES: list[tuple[str, ...]] = [(name,) for name in NAMES]
PAGES += [("data", inner) for inner in ("get", "verify", "show")]
PAGES += [("runs", inner) for inner in ("list", "show", "compare", "remove")]
ENGLISH_ALONE = re.compile(r"(?:[A-Za-z']+ ){4}")


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")


def page(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(words) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("words", PAGES, ids=" ".join)
def test_every_help_page_is_korean(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    korean = page(capsys, *words, "--help", "--lang", "ko")
    assert f"사용법: kerasnn {' '.join(words)}" in korean
    assert "이 도움말을 표시하고 종료합니다." in korean
    if words not in {("data",), ("runs",)}:
        assert f"예: kerasnn {' '.join(words)}" in korean
    prose = [line for line in korean.splitlines() if "kerasnn" not in line]
    assert [line for line in prose if ENGLISH_ALONE.search(line) and not HANGUL.search(line)] == []
    assert "사용법" not in page(capsys, *words, "--help")


def test_the_list_of_commands_is_korean(capsys: pytest.CaptureFixture[str]) -> None:
    korean = page(capsys, "--lang", "ko", "--help")
    assert korean == page(capsys, "--help", "--lang=ko")
    assert [line for line in korean.splitlines() if ENGLISH_ALONE.search(line) and not HANGUL.search(line)] == []
    assert "버전을 출력합니다." in korean
    assert "Print the version." in page(capsys, "--help")


def test_headings_and_defaults_return_to_english(capsys: pytest.CaptureFixture[str]) -> None:
    korean = page(capsys, "report", "--help", "--lang", "ko")
    assert "인자" in korean
    assert "[기본값: runs]" in korean
    english = page(capsys, "report", "--help")
    assert "Arguments" in english
    assert "[default: runs]" in english


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("train", "--foo"), "--foo 옵션은 없습니다"),
        (("train", "--epoch"), "혹시 '--epochs'인가요? kerasnn --lang ko train --epochs\n"),
        (("trian",), "혹시 'train'인가요? kerasnn --lang ko train\n"),
        (("nothing-like-it",), "'nothing-like-it' 명령은 없습니다"),
        (("draw",), "인자가 없습니다: 'MODEL'"),
        (("train", "--stage"), "옵션 '--stage'에는 값이 필요합니다"),
        (("train", "--json=3"), "'--json' 옵션은 값을 받지 않습니다"),
        (("train", "a", "b", "c"), "인자가 너무 많습니다(b c)"),
        (("train", "--epochs", "x"), "--epochs 값이 'x'입니다\n  필요한 것: 정수\n"),
        (("train", "--dropout", "x"), "--dropout 값이 'x'입니다\n  필요한 것: 수\n"),
        (("claims", "--seeds", "0"), "--seeds 값이 '0'입니다\n  필요한 것: 1 이상\n"),
        (("claims", "--seeds", "2000"), "--seeds 값이 '2000'입니다\n  필요한 것: 1000 이하\n"),
        (("data", "show", "--format", "gif"), "--format 값이 'gif'입니다\n  필요한 것: 'png', 'svg' 중 하나\n"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
def test_faults_of_the_command_line(words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "ko", *words]) == 2
    assert said in capsys.readouterr().err
    assert main(words) == 2
    assert not HANGUL.search(capsys.readouterr().err)
