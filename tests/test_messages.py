"""Every message that reaches a user is marked for translation, as the source code shows."""

import ast
import re
from collections.abc import Iterator, Set
from pathlib import Path

import pytest

from kerasnn import errors
from tests.messages import PACKAGE, messages

MODULES = sorted(PACKAGE.rglob("*.py"))
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
SAID = {"message", "expected", "hint"}
SHOWN = {"note", "warn", "pause", "Notice"}
MARKS = {"_", "N_", "ngettext"}


def name(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def calls(path: Path) -> Iterator[ast.Call]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def sentences(path: Path) -> set[str]:
    """The names of a module that stand for a text, which has to be translated where it is used."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named: list[tuple[ast.expr, ast.expr | None]]
    named = [(node.target, node.value) for node in tree.body if isinstance(node, ast.AnnAssign)]
    named += [(node.targets[0], node.value) for node in tree.body if isinstance(node, ast.Assign)]
    return {
        target.id
        for target, value in named
        if isinstance(target, ast.Name)
        and (isinstance(value, ast.Constant) or (isinstance(value, ast.Call) and name(value) == "N_"))
    }


def unmarked(text: ast.expr, known: Set[str] = frozenset()) -> bool:
    """Whether `text` is written there, or one of the `known` names, and no message."""
    if isinstance(text, ast.Name):
        return text.id in known
    if isinstance(text, ast.JoinedStr):
        return True
    if isinstance(text, ast.Constant):
        return isinstance(text.value, str)
    if isinstance(text, ast.IfExp):
        return unmarked(text.body, known) or unmarked(text.orelse, known)
    return isinstance(text, ast.BinOp) and (unmarked(text.left, known) or unmarked(text.right, known))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_what_errors_and_notes_say_is_marked(path: Path) -> None:
    texts: list[ast.expr] = []
    known = sentences(path)
    for call in calls(path):
        if name(call) in ERRORS:
            texts += [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg in SAID)]
        elif name(call) in SHOWN:
            texts += call.args
    assert [f"line {text.lineno}: {ast.unparse(text)}" for text in texts if unmarked(text, known)] == []


@pytest.mark.parametrize("path", sorted((PACKAGE / "cli").rglob("*.py")), ids=lambda path: path.stem)
def test_help_of_options_is_marked(path: Path) -> None:
    texts = [keyword.value for call in calls(path) for keyword in call.keywords if keyword.arg == "help"]
    assert [f"line {text.lineno}: {ast.unparse(text)}" for text in texts if unmarked(text)] == []


AMERICAN = re.compile(
    r"\b(?!normalization|customize the)\w{4,}iz(e|es|ed|ing|ation)s?\b"
    r"|\b(colors?|gray|centers?|centered|behaviors?|favors?|neighbors?|labeled|learned|canceled|leveled)\b",
    re.IGNORECASE,
)


def test_messages_are_in_british_spelling() -> None:
    """Names are spelt as in Keras: optimizer, batch normalization. One sentence is Typer's."""
    assert AMERICAN.search("what was learned")
    assert AMERICAN.search("minimizes the loss")
    for message in messages():
        for text in [message] if isinstance(message, str) else message:
            assert not AMERICAN.search(re.sub(r"`[^`]*`|\{\w+\}", "", text)), text


def test_what_is_marked_is_found() -> None:
    """The extractor reads tokens and misses what stands inside an f-string, or is no literal."""
    found = {message if isinstance(message, str) else message[0] for message in messages()}
    for path in MODULES:
        for call in calls(path):
            if name(call) in MARKS and call.args and isinstance(call.args[0], ast.Constant):
                assert call.args[0].value in found, f"{path.name}:{call.lineno}"
