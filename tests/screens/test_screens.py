"""Every command to its end on a terminal of 80 columns, in both languages, as its copy has it."""

import json
import shutil
from pathlib import Path

import pytest

import kerasnn
from tests.conftest import surround
from tests.screens import LANGUAGES, SCREENS, copy_of, prepare, screen

TABLE = Path(kerasnn.__file__).parent / "cli" / "completion.json"  # of all commands


def test_every_command_has_a_screen() -> None:
    names = {name for name in json.loads(TABLE.read_text(encoding="utf-8"))["commands"] if name}
    groups = {name.split()[0] for name in names if " " in name}
    assert set(SCREENS) == names - groups
    assert all(copy_of(command, lang).is_file() for command in SCREENS for lang in LANGUAGES)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        surround(patch, home=Path("keras-home"), work=work)
        prepare(work)
    return work


@pytest.mark.full
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", SCREENS)
def test_the_whole_screen(
    command: str, lang: str, prepared: Path, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(prepared, surroundings, dirs_exist_ok=True)
    monkeypatch.setenv("KERAS_HOME", "keras-home")
    assert screen(command, lang) == copy_of(command, lang).read_text(encoding="utf-8")
