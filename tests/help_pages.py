"""Write a page for each command from its help: `python -m tests.help_pages docs/reference/commands`."""

import re
import sys
from pathlib import Path
from typing import Any, Final

from typer.testing import CliRunner

from kerasnn.cli.app import app
from kerasnn.cli.registry import NAMES, load
from kerasnn.files.atomic import write_text

WIDTH: Final = 80
CONTENTS: Final = "```{toctree}\n:hidden:\n:glob:\n\n*\n```"  # where Sphinx puts the pages
_COLOURS: Final = re.compile("\x1b\\[[0-9;]*m")


def help_pages() -> dict[str, str]:
    """Return the text of each page by its file name."""
    commands = {name: load(name) for name in NAMES}
    pages = {f"{name}.md": _page(name, command) for name, command in commands.items()}
    lines = [f"- [`kerasnn {name}`]({name}.md): {_summary(command)}" for name, command in commands.items()]
    pages["README.md"] = "\n".join(["# The commands", "", *lines, "", f"```\n{_help()}\n```", "", CONTENTS, ""])
    return pages


def _page(name: str, command: Any) -> str:
    parts = [f"# kerasnn {name}", f"```\n{_help(name)}\n```"]
    for inner in getattr(command, "commands", {}):
        parts += [f"## kerasnn {name} {inner}", f"```\n{_help(name, inner)}\n```"]
    return "\n\n".join(parts) + "\n"


def _summary(command: Any) -> str:
    return " ".join((command.help or "").split("\n\n")[0].split())


def _help(*words: str) -> str:
    environment = {"COLUMNS": str(WIDTH), "NO_COLOR": "1", "LANGUAGE": "en", "LC_ALL": "C.UTF-8"}
    shown = CliRunner().invoke(app, [*words, "--help"], prog_name="kerasnn", env=environment)
    lines = [line.rstrip() for line in _COLOURS.sub("", shown.output).splitlines()]
    return "\n".join(lines).strip("\n")


def main(folder: Path) -> None:
    """Write every page into `folder` and remove the pages of commands that no longer exist."""
    pages = help_pages()
    for name, text in pages.items():
        write_text(folder / name, text)
    for path in folder.glob("*.md"):
        if path.name not in pages:
            path.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
