"""A page in headless Chromium: it renders without errors or requests, and axe-core finds no serious problem."""

import json
import re
import subprocess
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.browser import CHROMIUM

AXE = find_spec("axe_playwright_python")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=30000",
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="wants chromium")


def browsed(page: Path, folder: Path, *flags: str) -> tuple[str, str]:
    """What Chromium makes of a page: the tree in the end, and what it says meanwhile."""
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder}", *flags, "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return done.stdout, done.stderr


def asked(page: Path, folder: Path) -> tuple[set[str], str, str]:
    """The servers' addresses that the page asks for, not the browser for itself; and what `browsed` tells."""
    log = folder / "net.json"
    tree, said = browsed(page, folder / "profile", f"--log-net-log={log}")
    # Chromium asks its maker's servers too; what the page asks for has the page's origin in its key
    urls = set(re.findall(r'"key":"[^"]*file:// ([a-z]+://[^"]*)"', log.read_text(encoding="utf-8", errors="replace")))
    return {url for url in urls if url.startswith(("http", "ws"))}, tree, said


@pytest.mark.full
def test_it_renders_in_silence_and_asks_no_server(run_page: Path, tmp_path: Path) -> None:
    urls, tree, said = asked(run_page, tmp_path)
    assert "Reproduce" in tree
    assert [line for line in said.splitlines() if ":CONSOLE" in line] == []
    assert urls == set()


def test_a_request_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "asking.html"
    page.write_text(
        '<!DOCTYPE html><title>x</title><img src="http://127.0.0.1:9/picture.png" alt="">', encoding="utf-8"
    )
    urls, _, _ = asked(page, tmp_path)
    assert urls == {"http://127.0.0.1:9/picture.png"}


@pytest.mark.skipif(AXE is None, reason="wants axe-core: pip install axe-playwright-python")
@pytest.mark.parametrize("name", ["run_page", "comparison_page"])
@pytest.mark.parametrize("dark", [False, True])
def test_no_serious_fault_for_anyone(name: str, dark: bool, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    page: Path = request.getfixturevalue(name)
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"))
    run = "axe.run().then(found => { document.title = 'done'; document.body.dataset.found = JSON.stringify("
    run += "found.violations.map(each => [each.impact, each.id, each.nodes.map(node => node.html.slice(0, 200))])); });"
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    script = f"<script>{axe}</script><script>{run}</script>"
    probe = tmp_path / "probe.html"
    probe.write_text(text.replace("</body>", f"{script}</body>"), encoding="utf-8")
    flags = ("--blink-settings=preferredColorScheme=0",) if dark else ()
    tree, _ = browsed(probe, tmp_path / "profile", *flags)
    (found,) = re.findall(r'data-found="([^"]*)"', tree)
    violations: list[Any] = json.loads(found.replace("&quot;", '"').replace("&amp;", "&"))
    assert [each for each in violations if each[0] in ("serious", "critical")] == []
