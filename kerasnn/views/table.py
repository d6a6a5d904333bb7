"""The one look of all tables."""

from rich import box
from rich.table import Table


def table(title: str | None = None, *, caption: str | None = None) -> Table:
    """A table with thin rules, title and caption to the left; numbers want `right` columns."""
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
    """Add a column of numbers for each header."""
    for header in headers:
        grid.add_column(header, justify="right", no_wrap=True)
