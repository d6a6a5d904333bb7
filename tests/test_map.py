"""The map of the repository: files.md lists every file, and architecture.md names only what exists."""

import re
from importlib import import_module

import pytest

from tests.file_list import ROOT, page

ARCHITECTURE = (ROOT / "docs" / "internals" / "architecture.md").read_text(encoding="utf-8")
STEPS = re.findall(r"^\| `(kerasnn/[^`]*)\.py` \| `(\w+)` \|", ARCHITECTURE, flags=re.MULTILINE)
TABLES = re.findall(r"^\| `([A-Z]+)` in `([^`]*)\.py` \|", ARCHITECTURE, flags=re.MULTILINE)
ADDED_BY_RECIPES = {
    "kerasnn/data/named_pictures.py",
    "kerasnn/lessons/cross_entropy.py",
    "kerasnn/cli/commands/count.py",
}


def test_the_list_of_files_is_current() -> None:
    """Where it is not: make help-pages."""
    assert (ROOT / "docs" / "internals" / "files.md").read_text(encoding="utf-8") == page()


@pytest.mark.parametrize(("path", "name"), STEPS)
def test_a_step_of_a_training_is_where_the_page_says(path: str, name: str) -> None:
    assert callable(getattr(import_module(path.replace("/", ".")), name))


@pytest.mark.parametrize(("name", "path"), TABLES)
def test_a_fact_table_is_where_the_page_says(name: str, path: str) -> None:
    module = path if path.startswith("kerasnn/") else f"kerasnn/lecture/{path}"
    assert len(getattr(import_module(module.replace("/", ".")), name)) > 1


def test_every_file_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`((?:kerasnn|tests)/[\w/.]+)`", ARCHITECTURE))
    assert len(STEPS) > 20
    assert len(TABLES) > 8
    assert {path for path in named if not (ROOT / path).exists()} == ADDED_BY_RECIPES
