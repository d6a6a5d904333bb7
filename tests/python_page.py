"""Write the page of the Python functions, `docs/reference/python.md`, from their docstrings."""

import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import fill

import kerasnn

HEADING = """# kerasnn from Python

`import kerasnn` offers every command as a function with the same arguments. They return the records that the commands
show: frozen dataclasses, listed with their fields in `kerasnn/records/`. Errors are subclasses of `KerasnnError`.
A hyperparameter that is None keeps the stage's own value; `kerasnn.Overrides` is the type of them all.
"""


def page() -> str:
    """Return the page: each public function with its arguments and its docstring."""
    functions = {name: getattr(kerasnn, name) for name in sorted(kerasnn.__all__)}
    parts = [_entry(name, each) for name, each in functions.items() if inspect.isfunction(each)]
    return "\n".join([HEADING, *parts])


def _entry(name: str, function: Callable[..., object]) -> str:
    signature = inspect.signature(function)
    bare = [each.replace(annotation=each.empty, default=_plain(each.default)) for each in signature.parameters.values()]
    call = signature.replace(parameters=bare, return_annotation=signature.empty)
    shown = fill(f"kerasnn.{name}{call}", 100, subsequent_indent="    ", break_long_words=False)
    return f"## {name}\n\n```\n{shown}\n```\n\n{inspect.getdoc(function)}\n"


def _plain(default: object) -> object:
    """Return a default whose repr is the same on every machine."""
    if isinstance(default, Path):
        return str(default)
    return _Name(default.__name__) if inspect.isfunction(default) else default


class _Name(str):
    __repr__ = str.__str__


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
