"""The common style of all tables."""

from rich import box
from rich.table import Table


def table(title: str | None = None, *, caption: str | None = None) -> Table:
    """Return a table with thin rules, and left-aligned title and caption."""
    return Table(
        title=title,
        caption=caption,
        box=box.SIMPLE_HEAD,
        title_justify="left",
        caption_justify="left",
        title_style="bold",
        caption_style="dim",
        header_style="bold",
        pad_edge=False,
        collapse_padding=True,
    )


def right(grid: Table, *headers: str) -> None:
    """Add a right-aligned column for each header."""
    for header in headers:
        grid.add_column(header, justify="right", no_wrap=True)
