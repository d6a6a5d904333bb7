"""The pictures of an explanation in the terminal: images, curves, bars, networks."""

from typing import Final

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import BarsPicture, Drawing, ImagesPicture, LinesPicture, NetworkPicture, Tile
from kerasnn.views.chart import Chart, Line
from kerasnn.views.network.layout import Look
from kerasnn.views.network.text import NetworkText
from kerasnn.views.picture import Picture, SignedPicture, signed_legend, thinned

ALONE: Final = 28  # columns of an image that stands alone, in colour
BESIDE: Final = 14
FEW: Final = 3  # tiles that may be large
GAP: Final = 2
BAR_WIDTH: Final = 30
EIGHTHS: Final = " ▏▎▍▌▋▊▉█"


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
        single = picture.scale == "signed" or coloured  # one column a pixel, else two
        pixels = min(len(picture.tiles[0].values[0]), ALONE if len(picture.tiles) <= FEW else BESIDE)
        columns = pixels if single else 2 * pixels
        across = max(1, min(picture.across, (options.max_width + GAP) // (columns + GAP)))
        grid = Table.grid(padding=(0, GAP))
        for start in range(0, len(picture.tiles), across):
            row = picture.tiles[start : start + across]
            if any(tile.title for tile in row):
                grid.add_row(*(Text(tile.title, style="dim") for tile in row))
            grid.add_row(*(self._tile(tile, pixels, columns) for tile in row))
        yield grid
        if picture.scale == "signed":
            below = _("below 0, to {limit:.3g}", limit=-picture.high)
            yield signed_legend(below, _("above 0, to {limit:.3g}", limit=picture.high))

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
        grid = Table.grid(padding=(0, 1))
        grid.add_column(no_wrap=True)
        grid.add_column(no_wrap=True, width=room)
        grid.add_column(justify="right", no_wrap=True)
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
