"""Images in the terminal, and the pictures of an explanation: images, curves, bars, networks."""

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, Final

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style
from rich.table import Column, Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import BarsPicture, Drawing, ImagesPicture, LinesPicture, NetworkPicture, Tile
from kerasnn.views.chart import Chart, Line
from kerasnn.views.network.layout import Look
from kerasnn.views.network.text import NetworkText
from kerasnn.views.palette import SIGNED, blend
from kerasnn.views.table import right

SHADES: Final = " .:-=+*#%@"  # from black to white
ALONE: Final = 28  # columns of an image that stands alone, in colour
BESIDE: Final = 14
FEW: Final = 3  # tiles that may be large
GAP: Final = 2
BAR_WIDTH: Final = 30
EIGHTHS: Final = " ▏▎▍▌▋▊▉█"


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


def drawing_view(picture: Drawing) -> RenderableType:
    """Return `picture` below its title."""
    title = Text(picture.title, style="bold")
    match picture:
        case ImagesPicture():
            return Group(title, _Images(picture))
        case LinesPicture():
            return Group(title, _chart(picture))
        case BarsPicture():
            return Group(title, _Bars(picture))
        case NetworkPicture():
            return Group(title, NetworkText(picture.diagram, Look(picture.details, picture.details)))


class _Images:
    """Images in rows of as many as fit; smaller if there are more than FEW."""

    def __init__(self, picture: ImagesPicture) -> None:
        self.picture = picture

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        picture = self.picture
        coloured = console.color_system in ("256", "truecolor") and not options.ascii_only
        pixels = min(len(picture.tiles[0].values[0]), ALONE if len(picture.tiles) <= FEW else BESIDE)
        columns = pixels * (1 if picture.scale == "signed" or coloured else 2)
        across = max(1, min(picture.across, (options.max_width + GAP) // (columns + GAP)))
        grid = Table.grid(padding=(0, GAP))
        for start in range(0, len(picture.tiles), across):
            row = picture.tiles[start : start + across]
            if any(tile.title for tile in row):
                grid.add_row(*(Text(tile.title, style="dim") for tile in row))
            grid.add_row(*(self._tile(tile, pixels, columns) for tile in row))
        yield grid
        if picture.scale == "signed":
            below = _("below 0, full shade from {limit:.3g}", limit=-picture.high)
            yield signed_legend(below, _("above 0, full shade from {limit:.3g}", limit=picture.high))

    def _tile(self, tile: Tile, pixels: int, columns: int) -> RenderableType:
        if self.picture.scale == "signed":
            return SignedPicture(thinned(tile.values, pixels), self.picture.high)
        low, high = self.picture.low, self.picture.high
        scale = 255 / ((high - low) or 1)  # a picture of one value has no range
        rows = [[min(255, max(0, round((value - low) * scale))) for value in row] for row in tile.values]
        return Picture(rows, width=columns)


def _chart(picture: LinesPicture) -> Chart:
    lines = tuple(Line(each.name, tuple(zip(each.x, each.y, strict=True))) for each in picture.series)
    best = None
    if picture.marked is not None:
        last = picture.series[-1].x
        best = (len(lines) - 1, min(range(len(last)), key=lambda place: abs(last[place] - (picture.marked or 0))))
    return Chart(picture.y_label, picture.x_label, lines, best)


class _Bars:
    """One line per bar: label, bar, value. Bars of negative values have another colour but the same direction."""

    def __init__(self, picture: BarsPicture) -> None:
        self.picture = picture

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        picture = self.picture
        longest = max(cell_len(label) for label in picture.labels)
        room = max(4, min(BAR_WIDTH, options.max_width - longest - 14))
        reach = max(map(abs, picture.values), default=0.0) or 1.0
        grid = Table.grid(Column(no_wrap=True), Column(no_wrap=True, width=room), *right(""), padding=(0, 1))
        for place, (label, value) in enumerate(zip(picture.labels, picture.values, strict=True)):
            colour = "green" if place in picture.highlighted else "blue" if value >= 0 else "yellow"
            bar = _bar(abs(value) / reach * room, ascii_only=options.ascii_only)
            strong = "bold" if place in picture.highlighted else ""
            grid.add_row(Text(label, style=strong), Text(bar, style=colour), f"{value:.{picture.digits}f}")
        yield grid


def _bar(length: float, *, ascii_only: bool) -> str:
    if ascii_only:
        return "#" * round(length)
    eighths = round(length * 8)  # Unicode has bars an eighth of a cell wide
    return EIGHTHS[8] * (eighths // 8) + EIGHTHS[eighths % 8].strip()
