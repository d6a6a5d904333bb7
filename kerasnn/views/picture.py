"""Images in the terminal: two pixels per character with colours, characters as shades or signs without."""

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from kerasnn.views.palette import SIGNED, blend

SHADES: Final = " .:-=+*#%@"  # from black to white


class Picture:
    """Rows of grey values 0..255, at most `width` characters wide; larger images are subsampled."""

    def __init__(self, rows: Sequence[Sequence[int]], *, width: int = 56) -> None:
        self.rows, self.width = rows, width

    def _thinned(self, console: Console, room: int) -> tuple[list[Sequence[int]], bool]:
        """Return the rows to draw, and True if in colour: two rows per line, else two columns per pixel."""
        coloured = console.color_system in ("256", "truecolor")  # 16 colours have too few greys
        # a cell is about twice as high as wide
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
            yield from _half_blocks(rows, lambda value: f"#{value:02x}{value:02x}{value:02x}")
            return
        for row in rows:
            yield Segment("".join(SHADES[value * len(SHADES) // 256] * (1 if coloured else 2) for value in row))
            yield Segment.line()


class SignedPicture:
    """Rows of numbers on a colour scale centred at 0, two rows per line of text; as signs without colours.

    `limit`: the scale goes from `-limit` to `limit`.
    """

    def __init__(self, rows: Sequence[Sequence[float]], limit: float) -> None:
        self.rows, self.limit = rows, limit

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(len(self.rows[0]), len(self.rows[0]))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        shown = [row[: options.max_width] for row in self.rows]
        if console.color_system in ("256", "truecolor") and not options.ascii_only:
            yield from _half_blocks(shown, lambda value: blend(SIGNED, (value / self.limit + 1) / 2))
            return
        for upper, lower in _pairs(shown):
            yield Segment("".join(self._sign((a + b) / 2) for a, b in zip(upper, lower, strict=True)))
            yield Segment.line()

    def _sign(self, value: float) -> str:
        share = value / self.limit
        if abs(share) < 0.15:  # nearly 0
            return " "
        return ("=" if share < -0.45 else "-") if share < 0 else ("#" if share > 0.45 else "+")


def _half_blocks(rows: Sequence[Sequence[Any]], colour: Callable[[Any], str]) -> RenderResult:
    for upper, lower in _pairs(rows):
        for above, below in zip(upper, lower, strict=True):
            # the upper half of the cell has the colour of the text, the lower one that of its background
            yield Segment("\u2580", Style(color=colour(above), bgcolor=colour(below)))
        yield Segment.line()


def _pairs(rows: Sequence[Sequence[Any]]) -> Iterator[tuple[Sequence[Any], Sequence[Any]]]:
    """Return each two neighbouring rows, with zeros below the last of an odd number."""
    return zip_longest(rows[::2], rows[1::2], fillvalue=[0] * len(rows[0]))


def thinned(rows: Sequence[Sequence[float]], width: int) -> list[list[float]]:
    """Shrink `rows` to at most `width` columns by averaging squares of neighbours."""
    step = max(1, -(-len(rows[0]) // width))
    return [
        [_mean(rows[y : y + step], x, step) for x in range(0, len(rows[0]), step)] for y in range(0, len(rows), step)
    ]


def _mean(rows: Sequence[Sequence[float]], left: int, step: int) -> float:
    values = [value for row in rows for value in row[left : left + step]]
    return sum(values) / len(values)


def signed_legend(below: str, above: str) -> Text:
    """Return the ends of a SignedPicture's scale, as sign and colour, with what they mean."""
    low, high = Style(color=SIGNED[-1], bgcolor=SIGNED[0]), Style(color=SIGNED[0], bgcolor=SIGNED[-1])
    return Text.assemble((" = - ", low), f" {below}   ", (" + # ", high), f" {above}")
