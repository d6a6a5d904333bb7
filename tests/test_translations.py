"""The Korean pages say what the English ones say: the same headings, commands, links and pictures."""

import re
from pathlib import Path

import pytest

from tests.readme import PAGES, ROOT, commands, language, words

KOREAN = [path for path in PAGES if language(path) == "ko"]
HANGUL = re.compile("[가-힣]")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)


def english(path: Path) -> Path:
    return path.with_name(path.name.replace(".ko.md", ".md"))


def skeleton(path: Path) -> dict[str, list[object]]:
    """Return what has to be the same in each language, in the order of the page."""
    text = path.read_text(encoding="utf-8")
    prose = FENCE.sub("", text)
    fences = [(kind, [words(line) for line in code.splitlines()]) for kind, code in FENCE.findall(text)]
    return {
        "headings": [len(marks) for marks in re.findall(r"^(#+) ", prose, flags=re.MULTILINE)],
        "commands": [words(command) for command, _shown in commands(text)],
        "other blocks": [fence for fence in fences if fence[0] != "console"],
        "pictures": re.findall(r"!\[[^]]*\]\(([^)]+)\)", prose),
        "links": [link.replace(".ko.md", ".md") for link in re.findall(r"(?<!!)\[[^]]*\]\(([^)#]+)", prose)],
        "code": sorted(re.findall(r"`([^`\n]+)`", prose)),
        "rows": [line.count("|") for line in prose.splitlines() if line.startswith("|")],
    }


@pytest.mark.parametrize("path", KOREAN, ids=lambda path: path.name)
def test_a_korean_page_is_in_step_with_the_english_one(path: Path) -> None:
    found, wanted = skeleton(path), skeleton(english(path))
    differing = {what: (found[what], wanted[what]) for what in wanted if found[what] != wanted[what]}
    assert differing == {}


@pytest.mark.parametrize("path", KOREAN, ids=lambda path: path.name)
def test_a_korean_page_is_in_korean(path: Path) -> None:
    prose = FENCE.sub("", path.read_text(encoding="utf-8"))
    paragraphs = [each for each in prose.split("\n\n") if re.search(r"[a-z]{4} [a-z]", each)]
    assert [each for each in paragraphs if not HANGUL.search(each)] == []


def test_the_pages_for_beginners_are_in_korean_too() -> None:
    assert {english(path).relative_to(ROOT).as_posix() for path in KOREAN} == {"README.md", "docs/tutorial.md"}
