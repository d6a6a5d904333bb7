"""A greyscale image in the terminal: two pixels per character with colours, characters as shades without."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style

SHADES: Final = " .:-=+*#%@"


class Picture:
    """Rows of grey values 0..255, at most `width` characters wide; larger images are subsampled."""

    def __init__(self, rows: Sequence[Sequence[int]], *, width: int = 56) -> None:
        self.rows, self.width = rows, width

    def _thinned(self, console: Console, room: int) -> tuple[list[Sequence[int]], bool]:
        """Return the rows to draw, and True if in colour: two rows per line, else two columns per pixel."""
        coloured = console.color_system in ("256", "truecolor")
        columns = min(room, self.width) if coloured else min(room, self.width) // 2
        step = max(1, -(-len(self.rows[0]) // max(1, columns)))
        return [row[::step] for row in self.rows[::step]], coloured

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        rows, coloured = self._thinned(console, options.max_width)
        width = len(rows[0]) * (1 if coloured else 2)
        return Measurement(width, width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        rows, coloured = self._thinned(console, options.max_width)
        if coloured and not options.ascii_only:
            yield from _half_blocks(rows)
            return
        for row in rows:
            yield Segment("".join(SHADES[value * len(SHADES) // 256] * (1 if coloured else 2) for value in row))
            yield Segment.line()


def _half_blocks(rows: Sequence[Sequence[int]]) -> RenderResult:
    for number in range(0, len(rows), 2):
        upper = rows[number]
        lower = rows[number + 1] if number + 1 < len(rows) else [0] * len(upper)
        for above, below in zip(upper, lower, strict=True):
            yield Segment("\u2580", Style(color=_grey(above), bgcolor=_grey(below)))
        yield Segment.line()


def _grey(value: int) -> str:
    return f"#{value:02x}{value:02x}{value:02x}"
