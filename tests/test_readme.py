"""The README's commands and Python code run, and print what the README shows."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from kerasnn.cli.app import main
from kerasnn.cli.registry import NAMES
from tests.conftest import draw_few, prefer_keras

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
# what these print depends on the machine, the clock or the data at hand
UNSTEADY = (
    "kerasnn compare-sklearn --cv",
    "kerasnn evaluate",
    "kerasnn data verify",
    "kerasnn reproduce",
    "kerasnn tune",
    "kerasnn verify",
    "kerasnn runs list",
)


def commands(page: str = README) -> list[tuple[str, list[str]]]:
    """Each command of the console blocks of a page, with the lines shown below it."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", page, flags=re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif line.strip(" .─"):
                found[-1][1].append(line.strip())
    return found


# the first's run is what is shown of the next command; the second knows how a training on all garments has to end
ON_ALL = ("kerasnn train --stage dropout --dataset garments", "kerasnn verify")


@pytest.fixture
def beside_the_docs(surroundings: Path) -> None:
    shutil.copytree(ROOT / "docs", surroundings / "docs")


def printed(command: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    code = main(shlex.split(command)[1:])
    captured = capsys.readouterr()
    assert code == 0, f"{command}: {captured.err}"
    return [line.strip() for line in captured.out.splitlines()]


def run_as_shown(command: str, shown: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A command of which nothing is shown runs too, but learns from fewer images, and by the quicker engine."""
    with pytest.MonkeyPatch.context() as patch:
        if not shown and not command.startswith(ON_ALL):
            draw_few(patch)
            prefer_keras(patch)
        lines = printed(command, capsys)
    assert [line for line in shown if line not in lines] == [], command


@pytest.mark.full
@pytest.mark.usefixtures("beside_the_docs")
def test_every_command_runs_and_prints_what_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert len(commands()) > 10
    for command, shown in commands():
        if command == "kerasnn data verify":
            continue  # there is nothing to verify without the real data
        run_as_shown(command, [] if command.startswith(UNSTEADY) else shown, capsys)


@pytest.mark.usefixtures("beside_the_docs")
def test_what_is_shown_of_the_real_data(
    real_data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("KERASNN_DATA_DIR", str(real_data))
    shown = dict(commands())
    for command in ("kerasnn evaluate dropout --plots plots", "kerasnn data verify"):
        lines = printed(command, capsys)
        expected = [line for line in shown[command] if "models/" not in line and "Fashion-MNIST in" not in line]
        assert [line for line in expected if line not in lines] == [], command


@pytest.mark.full
def test_the_python_example_runs(surroundings: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    exec(example, {})


def test_every_command_is_in_the_readme() -> None:
    assert {name for name in NAMES if f"kerasnn {name}" not in README} == set()


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).is_file(), target
