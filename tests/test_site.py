"""The site of `make site`: built without a warning, and readable from a folder without a network."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.readme import ROOT

LOADED = re.compile(r'<(?:script|img|link|iframe)\b[^>]*?\b(?:src|href)="([^"]+)"')


@pytest.mark.full
def test_the_site_is_built_without_a_warning_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    pytest.importorskip("sphinx", reason="wants the group `site`")
    site = tmp_path / "site"
    command = [sys.executable, "-m", "sphinx", "--conf-dir", "docs", "-W", "--keep-going", "--quiet", ".", str(site)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (built.returncode, built.stderr) == (0, "")
    sources = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for page in [site / path.relative_to(ROOT).with_suffix(".html") for path in sources]:
        loaded = LOADED.findall(page.read_text(encoding="utf-8"))
        assert len(loaded) > 5
        assert [address for address in loaded if "//" in address] == [], page
        local = {address.partition("?")[0].partition("#")[0] for address in loaded}
        assert [address for address in local if address and not (page.parent / address).exists()] == [], page
    assert (site / "docs" / "index.html").exists()
    assert 'url=docs/index.html"' in (site / "index.html").read_text(encoding="utf-8")
