"""`kerasnn code`: the script as it is, to be read or piped; and the slide's lines beside today's."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.lecture.dialect import Line
from kerasnn.records import Script


def code_view(script: Script) -> RenderableType:
    """The script in colours, to be printed unwrapped: piped into a file it is the script."""
    lexer = Syntax("", "python", theme="ansi_dark", background_color="default")
    text = lexer.highlight(script.source)
    text.rstrip()
    return text


def dialect_view(lines: Sequence[Line]) -> RenderableType:
    """Each line that changed: the slide's, today's, and why."""
    blocks: list[RenderableType] = []
    for line in lines:
        if line.why is None:
            blocks.append(Text.assemble((_("slide and today") + "  ", "bold"), line.today, "\n"))
            continue
        grid = Table.grid(padding=(0, 2))
        grid.add_row(Text(_("slide"), "bold"), Text(line.slide, "red"))
        grid.add_row(Text(_("today"), "bold"), Text(line.today, "green"))
        grid.add_row(Text(_("why"), "bold"), f"{_(line.why)}.")
        blocks += [grid, Text()]
    return Group(*blocks)
