"""Two commands, with make or without: the set-up that the Makefile, the README and public CI share."""

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "install.py"


def run_script(patch: pytest.MonkeyPatch, *words: str) -> None:
    patch.setattr(sys, "argv", ["install.py", *words])
    runpy.run_path(str(SCRIPT), run_name="__main__")


@pytest.mark.parametrize("version", [(3, 10, 4), (3, 14, 0)])
def test_another_python_is_refused_before_anything_is_made(
    version: tuple[int, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit, match=r"3\.11, 3\.12 or 3\.13"):
        run_script(monkeypatch, str(tmp_path / "made"))
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("refused", [2, None])
def test_packages_are_held_against_their_hashes_and_a_failure_ends_it(
    refused: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands of pip go to the environment's own Python; pip itself is not run, which would take minutes."""
    calls: list[list[str]] = []

    def call(command: list[Any]) -> int:
        calls.append([str(each) for each in command])
        return 1 if len(calls) == refused else 0

    monkeypatch.setattr(subprocess, "call", call)
    if refused:
        with pytest.raises(SystemExit, match="1"):
            run_script(monkeypatch, str(tmp_path / "made"))
    else:
        run_script(monkeypatch, str(tmp_path / "made"))
    assert calls[0] == [sys.executable, "-m", "venv", str(tmp_path / "made")]
    assert all(each[0].startswith(str(tmp_path / "made")) for each in calls[1:])
    assert calls[1][-3:] == ["--require-hashes", "-r", str(ROOT / "constraints.txt")]
    assert [each[-1] for each in calls[2:]] == ([] if refused else [str(ROOT)])


def test_the_makefile_the_readme_and_public_ci_install_alike() -> None:
    for name in ("Makefile", "README.md", "README.ko.md", ".github/workflows/test.yml"):
        assert " install.py" in (ROOT / name).read_text(encoding="utf-8"), name


def test_public_ci_covers_what_is_promised_with_pinned_actions() -> None:
    text = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    assert "[ubuntu-latest, macos-latest, windows-latest]" in text
    classifiers = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for version in ("3.11", "3.12", "3.13"):
        assert f'"{version}"' in text
        assert f"Python :: {version}" in classifiers
    uses = [line.split("uses: ")[1].split() for line in text.splitlines() if "uses: " in line]
    assert uses
    assert all(len(each[0].rpartition("@")[2]) == 40 for each in uses)
