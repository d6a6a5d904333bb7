"""The commands and the Python code in the README and in docs/ run, and print what the pages show."""

import re
import shutil
from pathlib import Path

import pytest

from kerasnn.cli.app import main
from kerasnn.cli.registry import NAMES
from tests.conftest import draw_few, prefer_keras
from tests.readme import (
    PAGES,
    ROOT,
    commands,
    find,
    is_repeated,
    language,
    renewed,
    run,
    shows_output,
    without_numbers,
    words,
)

TEXTS = {path: path.read_text(encoding="utf-8") for path in PAGES}
WITH_COMMANDS = [path for path, text in TEXTS.items() if commands(text)]
# these take minutes, or need the real data
ONLY_ON_REAL_DATA = (
    "kerasnn data verify",
    "kerasnn reproduce --seeds 5",
    "kerasnn race --epochs 6",
    "kerasnn claims --judge",
)
# these print something else without them
OTHERWISE_WITHOUT = (
    "kerasnn compare-sklearn --cv",
    "kerasnn evaluate",
    "kerasnn export",
    "kerasnn predict latest",
    "kerasnn runs list",
    "kerasnn tune",
)
# these are quick, and print the same on every machine that has the real data
SAME_EVERYWHERE = ("kerasnn data verify", "kerasnn evaluate dropout")
# the first's run is what is shown of the next command; the second knows how a training on all garments has to end
ON_ALL = ("kerasnn train dropout --dataset garments", "kerasnn verify")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix().removesuffix(".md")


def printed(command: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    code = main(words(command)[1:])
    captured = capsys.readouterr()
    assert code == 0, f"{command}: {captured.err}"
    return [line.strip() for line in captured.out.splitlines()]


def prints_otherwise(command: str) -> bool:
    trains = command.startswith("kerasnn train ") and not {"--dataset", "--resume"} & {*command.split()}
    return trains or command.startswith(OTHERWISE_WITHOUT)


def run_as_shown(command: str, shown: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A command of which nothing is shown runs too, but learns from fewer images, and by the quicker engine."""
    with pytest.MonkeyPatch.context() as patch:
        if not shown and not command.startswith(ON_ALL):
            draw_few(patch)
            prefer_keras(patch)
        lines = printed(command, capsys)
    find(shown, lines)


@pytest.fixture
def beside_the_pictures(surroundings: Path) -> None:
    shutil.copytree(ROOT / "docs" / "pictures", surroundings / "docs" / "pictures")


@pytest.mark.full
@pytest.mark.usefixtures("beside_the_pictures")
@pytest.mark.parametrize("path", WITH_COMMANDS, ids=name)
def test_every_command_runs_and_prints_what_is_shown(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("KERASNN_LANG", language(path))
    for command, shown in commands(TEXTS[path]):
        if is_repeated(path, shown):
            continue
        if prints_otherwise(command):
            run_as_shown(command, [], capsys)
        elif not command.startswith(ONLY_ON_REAL_DATA):
            run_as_shown(command, shown, capsys)


@pytest.mark.usefixtures("beside_the_pictures")
def test_what_reference_model_and_real_data_show_to_the_digit(real_data: Path) -> None:
    every = [block for text in TEXTS.values() for block in commands(text)]
    chosen = [(command, shown) for command, shown in every if command.startswith(SAME_EVERYWHERE) and shown]
    assert len(chosen) == len(SAME_EVERYWHERE)
    for command, shown in chosen:
        find(shown, run(command, real_data))


@pytest.mark.full
@pytest.mark.usefixtures("beside_the_pictures")
@pytest.mark.parametrize("path", [path for path in PAGES if shows_output(path)], ids=name)
def test_every_block_is_what_its_command_prints_numbers_aside(path: Path, real_data: Path) -> None:
    _page, problems = renewed(path, real_data)
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
    page = (ROOT / "docs" / "howto" / "python.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    exec(example, {})


def test_every_command_is_shown() -> None:
    shown = {words(command)[1] for text in TEXTS.values() for command, _lines in commands(text)}
    assert set(NAMES) - shown == {"lab"}  # which serves until Ctrl-C
