"""Cells as a Jupyter notebook."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kerasnn.errors import EnvironmentFault
from kerasnn.language import _


@dataclass(frozen=True)
class Cell:
    """Python to run, or Markdown to read."""

    source: str
    is_code: bool = True


def notebook_text(cells: Sequence[Cell], **metadata: str) -> str:
    """Return the JSON of a notebook without output, always the same for the same cells and further `metadata`.

    Raises: EnvironmentFault if nbformat is not installed.
    """
    try:
        import nbformat
    except ImportError:
        raise EnvironmentFault(
            _("writing a notebook needs nbformat, which is not installed"),
            expected=_("the extra kerasnn[notebook]"),
            hint=_("pip install 'kerasnn[notebook]', or leave --notebook out for a script"),
        ) from None
    # nbformat has no types
    write: Any = nbformat.v4
    written = [
        write.new_code_cell(cell.source) if cell.is_code else write.new_markdown_cell(_plain(cell.source))
        for cell in cells
    ]
    for number, each in enumerate(written):  # nbformat would give random ids
        each["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return f"{write.writes(write.new_notebook(cells=written, metadata={'kernelspec': kernel, **metadata}))}\n"


def _plain(markdown: str) -> str:
    # between two dollar signs Jupyter reads a formula, except in code
    parts = markdown.split("`")
    return "`".join(part if place % 2 else part.replace("$", "\\$") for place, part in enumerate(parts))
