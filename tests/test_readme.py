"""The README's commands and Python code run, and print what the README shows."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from kerasnn.cli.app import main
from kerasnn.cli.registry import NAMES
from tests.conftest import draw_few, prefer_keras
from tests.readme import README, ROOT, commands, find, renewed, run, without_numbers

PAGE = README.read_text(encoding="utf-8")
# these take minutes, or need the real data
ONLY_ON_REAL_DATA = (
    "kerasnn data verify",
    "kerasnn reproduce --seeds 5",
    "kerasnn race --epochs 6",
    "kerasnn claims --judge",
)
# these print something else without them
OTHERWISE_WITHOUT = ("kerasnn compare-sklearn --cv", "kerasnn evaluate", "kerasnn tune", "kerasnn runs list")
TRAINED = "kerasnn train --stage dropout"  # as well
# these are quick, and print the same on every machine that has the real data
SAME_EVERYWHERE = ("kerasnn data verify", "kerasnn evaluate")
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
    find(shown, lines)


@pytest.mark.full
@pytest.mark.usefixtures("beside_the_docs")
def test_every_command_runs_and_prints_what_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert len(commands(PAGE)) > 10
    for command, shown in commands(PAGE):
        if command == TRAINED or command.startswith(OTHERWISE_WITHOUT):
            run_as_shown(command, [], capsys)
        elif not command.startswith(ONLY_ON_REAL_DATA):
            run_as_shown(command, shown, capsys)


@pytest.mark.usefixtures("beside_the_docs")
def test_what_reference_model_and_real_data_show_to_the_digit(real_data: Path) -> None:
    chosen = [(command, shown) for command, shown in commands(PAGE) if command.startswith(SAME_EVERYWHERE)]
    assert len(chosen) == len(SAME_EVERYWHERE)
    for command, shown in chosen:
        find(shown, run(command, real_data))


@pytest.mark.full
@pytest.mark.usefixtures("beside_the_docs")
def test_every_block_is_what_its_command_prints_numbers_aside(real_data: Path) -> None:
    _page, problems = renewed(PAGE, real_data)
    assert problems == []


@pytest.mark.parametrize(
    ("shown", "holds"),
    [
        (["loss 0.1", "..."], True),
        (["loss 0.12", "  accuracy  0.9"], True),
        (["...", "accuracy 12"], True),
        (["time 3 s"], True),
        (["accuracy 0.9", "loss 0.1"], False),
        (["loss 0.1", "time 3 s"], False),
        (["loss 0.1", "...", "time 3 min"], False),
        (["loss -", "accuracy 0.9"], False),
        (["...", "loss 0.1", "...", "loss 0.1"], False),
    ],
)
def test_blocks_are_compared_line_by_line_and_number_by_number(shown: list[str], holds: bool) -> None:
    printed = ["loss 0.4312", "accuracy 0.9", "", "time 12.5 s"]
    if holds:
        assert [line for line in find(shown, printed, without_numbers) if line != "..."]
    else:
        with pytest.raises(AssertionError, match="not printed"):
            find(shown, printed, without_numbers)


@pytest.mark.full
def test_the_python_example_runs(surroundings: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    exec(example, {})


def test_every_command_is_in_the_readme() -> None:
    assert {name for name in NAMES if f"kerasnn {name}" not in PAGE} == set()


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", PAGE):
        assert (ROOT / target).is_file(), target
