"""Inputs that once broke something, found by fuzzing, shrunk and kept: they must stay harmless."""

import os
from pathlib import Path

import pytest

from kerasnn.cli.app import main
from kerasnn.language import LANGUAGES
from tests.faults.cases.fuzz import KEPT, given
from tests.faults.fuzzing import KINDS, Kind, lay_out

FOUND = sorted(KEPT.iterdir()) if KEPT.is_dir() else []

pytestmark = pytest.mark.skipif(os.name != "posix", reason="time is limited by a signal of Unix")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_it_survives_now(path: Path, lang: str, surroundings: Path) -> None:
    lay_out(surroundings)
    (kind,) = (kind for kind in KINDS if kind.slug == path.name.rpartition("-")[0])
    given(surroundings, kind, path.read_bytes(), lang)


@pytest.mark.full
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_good_inputs_are_taken(kind: Kind, surroundings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay_out(surroundings)
    kind.prepare(surroundings)
    expected = 6 if kind.words[0] == "verify" else 0  # its images are not those that the record claims
    assert main(list(kind.words)) == expected, capsys.readouterr().err
