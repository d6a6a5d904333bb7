"""The pages in docs/: their commands run, and print what the pages show."""

import re
from pathlib import Path

import pytest

from tests.readme import ROOT, commands
from tests.test_readme import run_as_shown

PAGES = sorted((ROOT / "docs").glob("*.md"))


@pytest.mark.full
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_run_and_print_what_is_shown(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for command, shown in commands(page.read_text(encoding="utf-8")):
        run_as_shown(command, shown, capsys)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).is_file(), target
