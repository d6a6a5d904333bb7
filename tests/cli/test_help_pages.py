"""The pages of the commands in the docs are the same as their help."""

from pathlib import Path

from kerasnn.cli.registry import NAMES
from tests.help_pages import WIDTH, help_pages, main

PAGES = Path(__file__).resolve().parents[2] / "docs" / "reference" / "commands"


def test_the_pages_are_current() -> None:
    """Where one is not: make help-pages."""
    written = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    assert written == help_pages()


def test_every_command_has_a_page_of_fixed_width() -> None:
    pages = help_pages()
    assert {f"{name}.md" for name in NAMES} | {"README.md"} == set(pages)
    for name, page in pages.items():
        help_lines = [line for line in page.splitlines() if not line.startswith("- ")]
        assert max(map(len, help_lines)) <= WIDTH
        assert "\x1b" not in page
        assert "Usage: kerasnn" in page
        assert f"[`kerasnn {name[:-3]}`]({name})" in pages["README.md"] or name == "README.md"
    assert "## kerasnn data get" in pages["data.md"]


def test_pages_of_commands_that_are_no_more_go(surroundings: Path) -> None:
    (surroundings / "gone.md").write_text("# kerasnn gone", encoding="utf-8")
    main(surroundings)
    assert {path.name for path in surroundings.iterdir()} == set(help_pages())
