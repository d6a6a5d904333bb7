"""What most views have in common: the style of their tables, and the yellow notes below."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
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
LONGEST_WORD: Final = 12  # cells; longer ones, such as paths, may be broken anywhere


class FoldedTable(Table):
    """A table that breaks what is too long, where Rich cuts it, and with it the last syllable of a full line.

    Columns that are not to be broken are broken only where the others cannot make room.
    """

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        sizes = zip(self.columns, (self._measure_column(console, options, each) for each in self.columns), strict=True)
        least = sum(size.maximum if column.no_wrap else size.minimum for column, size in sizes)
        whole = least + self._extra_width <= options.max_width
        columns = self.columns
        self.columns = [
            each if each.no_wrap and whole else replace(each, no_wrap=False, overflow="fold") for each in columns
        ]
        yield from super().__rich_console__(console, options)
        self.columns = columns


class FittingTable(Table):
    """A table that loses nothing on a narrow terminal: where it is too wide, each row is a list of its cells."""

    def needed(self, console: Console, options: ConsoleOptions) -> int:
        """Return the width below which numbers would be cut or words broken."""
        gaps = 2 * len(self.columns)  # a blank at both ends, two between columns
        return gaps + sum(self._needed_by(column, console, options) for column in self.columns)

    def _needed_by(self, column: Column, console: Console, options: ConsoleOptions) -> int:
        texts = [cell for cell in (column.header, *column.cells) if cell != ""]
        widths = [Measurement.get(console, options.update(max_width=1000), text) for text in texts]
        if column.no_wrap:
            return max((width.maximum for width in widths), default=0)
        longest = max((width.minimum for width in widths), default=0)
        return min(longest, LONGEST_WORD) if column.overflow == "fold" else longest

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.needed(console, options) <= options.max_width:
            yield from super().__rich_console__(console, options)
            return
        if self.title:
            yield Text.assemble((str(self.title), "bold"))
        heads = [_one_line(column.header) for column in self.columns]
        for first, *cells in zip(*(column.cells for column in self.columns), strict=True):
            yield _labelled(heads[0], first, "bold")
            named = zip(heads[1:], cells, strict=True)
            yield from _packed([_labelled(head, cell) for head, cell in named if _plain(cell)], options.max_width)
        if self.caption:
            yield Text(str(self.caption), "dim")


def _packed(texts: Sequence[Text], width: int) -> list[Text]:
    """Return indented lines of as many `texts` as fit, none of them broken unless it is wider than a line."""
    lines: list[Text] = []
    for text in texts:
        if lines and lines[-1].cell_len + len("   ") + text.cell_len <= width:
            lines[-1] = Text.assemble(lines[-1], "   ", text)
        else:
            lines.append(Text.assemble("  ", text))
    return lines


def _plain(cell: RenderableType) -> str:
    return cell.plain if isinstance(cell, Text) else str(cell)


def _one_line(head: RenderableType) -> str:
    return _plain(head).replace("\n", " ")


def _labelled(head: str, cell: RenderableType, style: str = "") -> Text:
    content = cell if isinstance(cell, Text) else Text(str(cell), style)
    return Text.assemble((f"{head} ".lstrip(), "dim"), content)


class FirstThatFits:
    """Forms of one table; the first that is not too wide is shown, else the last."""

    def __init__(self, *forms: FittingTable) -> None:
        self.forms = forms

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        fitting = (form for form in self.forms if form.needed(console, options) <= options.max_width)
        yield next(fitting, self.forms[-1])


def table(title: str | None = None, *columns: Column | str, caption: str | None = None) -> FittingTable:
    """Return a table with thin rules, and left-aligned title and caption."""
    made = [Column(each) if isinstance(each, str) else each for each in columns]
    for column in made:
        column.overflow = "fold"  # the default cuts words
    return FittingTable(
        *made,
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
