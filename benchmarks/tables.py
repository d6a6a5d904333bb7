"""The tables of the benchmarks, on the terminal and as Markdown."""

import io

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.processes import Pair


def pairs_table(title: str, pairs: list[Pair], rounds: int, other: str = "plain") -> Table:
    """Return the table of `pairs`; `other`: what kerasnn is compared with."""
    table = table_of(f"{title}: medians of {rounds}, in pairs")
    ratio = "before / now" if other == "before" else "plain / kerasnn"
    names = ("kerasnn ...", ratio, "seconds", f"{other}, seconds", "memory ratio", "MB", f"{other}, MB")
    for name in names:
        table.add_column(name, justify="left" if name == names[0] else "right")
    for pair in pairs:
        table.add_row(
            pair.name,
            f"{pair.plain / pair.ours:.1f}",
            f"{pair.ours:.2f}",
            f"{pair.plain:.2f}",
            f"{pair.our_memory / pair.plain_memory:.2f}",
            f"{pair.our_memory:,.0f}",
            f"{pair.plain_memory:,.0f}",
        )
    return table


def table_of(title: str) -> Table:
    """Return an empty table."""
    return Table(title=title, title_justify="left", box=box.MARKDOWN)


def markdown(table: Table) -> str:
    """Return `table` as Markdown below a heading."""
    console = Console(file=io.StringIO(), width=400)
    title, table.title = table.title, None
    console.print(table)
    table.title = title
    assert isinstance(console.file, io.StringIO)
    lines = [line.rstrip() for line in console.file.getvalue().splitlines()]
    return f"## {title}\n\n" + "\n".join(line for line in lines if line) + "\n"
