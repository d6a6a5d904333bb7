"""Collect every message of the program for its catalogues: `python -m tests.messages build/kerasnn.pot`.

Besides the texts marked with `_`, `N_` and `ngettext`, these are the paragraphs of the commands' docstrings, which are
their help.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

import kerasnn
from kerasnn.cli.localized_help import EXAMPLE

PACKAGE = Path(kerasnn.__file__).parent


def messages() -> Iterator[str | tuple[str, ...]]:
    """All of them in the order of the files; one with a plural is a pair."""
    keywords = {**DEFAULT_KEYWORDS, "N_": None}
    for _file, _line, message, *_rest in extract_from_dir(PACKAGE, [("**.py", "python")], keywords=keywords):
        yield message
    for path in sorted((PACKAGE / "cli" / "commands").glob("*.py")):
        yield from help_paragraphs(path)


def help_paragraphs(path: Path) -> Iterator[str]:
    """What the commands in a file say of themselves, but for their examples."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and any(map(_is_command, node.decorator_list)):
            for part in (ast.get_docstring(node) or "").split("\n\n"):
                text = " ".join(part.split())
                if not text.startswith(EXAMPLE):
                    yield text


def _is_command(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "command"


def main(path: Path) -> None:
    catalogue = Catalog()
    for message in messages():
        catalogue.add(message)
    with path.open("wb") as file:
        write_po(file, catalogue, omit_header=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
