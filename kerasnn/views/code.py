"""`kerasnn code`: the script itself, to be read or piped; and the slide's lines beside today's."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.lecture.dialect import Line
from kerasnn.records import Script


def code_view(script: Script) -> RenderableType:
    """Return the highlighted script, to be printed unwrapped; piped into a file, it is the plain script."""
    lexer = Syntax("", "python", theme="ansi_dark", background_color="default")
    text = lexer.highlight(script.source)
    text.rstrip()  # the highlighter adds a line break
    return text


def dialect_view(lines: Sequence[Line]) -> RenderableType:
    """Return the lines of a slide beside today's, with the reason of each change."""
    blocks: list[RenderableType] = []
    for line in lines:
        if line.why is None:  # the slide's line still works
            blocks.append(Text.assemble((_("slide and today") + "  ", "bold"), line.today, "\n"))
            continue
        grid = Table.grid(padding=(0, 2))
        grid.add_row(Text(_("slide"), "bold"), Text(line.slide, "red"))
        grid.add_row(Text(_("today"), "bold"), Text(line.today, "green"))
        grid.add_row(Text(_("why"), "bold"), f"{_(line.why)}.")
        blocks += [grid, Text()]
    return Group(*blocks)
