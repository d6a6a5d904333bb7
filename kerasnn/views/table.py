"""What most views have in common: the style of their tables, and the yellow notes below."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import PaddingDimensions
from rich.table import Column, Table
from rich.text import Text

from kerasnn.language import N_, _
from kerasnn.records import DatasetInfo, Note
from kerasnn.records.note import sentence

STAND_IN: Final = N_(
    "Made with 'garments', images drawn by kerasnn in place of Fashion-MNIST: the numbers cannot be compared "
    "with the lecture's."
)


class FoldedTable(Table):
    """A table that breaks what is too long, where Rich cuts it, and with it the last syllable of a full line.

    Columns that are not to be broken are broken only where the others cannot make room.
    """

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        sizes = zip(self.columns, (self._measure_column(console, options, each) for each in self.columns), strict=True)
        least = sum(size.maximum if column.no_wrap else size.minimum for column, size in sizes)
        whole = least + self._extra_width <= options.max_width
        columns = self.columns
        self.columns = [each if each.no_wrap and whole else folded(each) for each in columns]
        yield from super().__rich_console__(console, options)
        self.columns = columns


def folded(column: Column) -> Column:
    """Return the same column, which breaks its lines."""
    return replace(column, no_wrap=False, overflow="fold")


def table(title: str | None = None, *columns: Column | str, caption: str | None = None) -> Table:
    """Return a table with thin rules, and left-aligned title and caption."""
    return FoldedTable(
        *columns,
        title=title,
        caption=caption,
        box=box.SIMPLE_HEAD,
        title_justify="left",
        caption_justify="left",
        title_style="bold",
        caption_style="dim",
        header_style="bold",
        pad_edge=False,  # no blank at the left end, where titles and sentences start
        collapse_padding=True,
    )


def right(*headers: str) -> list[Column]:
    """Return a right-aligned column for each header."""
    return [Column(header, justify="right", no_wrap=True) for header in headers]


def in_rows(parts: Sequence[RenderableType], across: int, padding: PaddingDimensions) -> Table:
    """Place `parts` in rows of `across` each."""
    grid = FoldedTable.grid(padding=padding)
    for start in range(0, len(parts), across):
        grid.add_row(*parts[start : start + across])
    return grid


def note_lines(notes: Iterable[Note | str], style: str = "yellow") -> list[Text]:
    """Return one line for each note."""
    return [Text(_("Note: {note}.", note=sentence(note)), style) for note in notes]


def stand_in_notice(dataset: DatasetInfo) -> list[Text]:
    """Return a warning if `dataset` was drawn by kerasnn in place of Fashion-MNIST, else no lines."""
    return [Text(_(STAND_IN), style="yellow")] if dataset.stand_in else []
