"""The pictures of an explanation in the terminal: images, curves, bars, networks; nothing is computed here."""

from typing import Final

import plotille
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.style import Style
from rich.table import Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import BarsPicture, Drawing, ImagesPicture, LinesPicture, NetworkPicture, Tile
from kerasnn.views.network.layout import Look
from kerasnn.views.network.text import NetworkText
from kerasnn.views.palette import SIGNED
from kerasnn.views.picture import Picture
from kerasnn.views.weights import SignedPicture

ALONE: Final = 28  # columns of an image that stands alone, in colour
BESIDE: Final = 14
GAP: Final = 2
LINE_COLOURS: Final = ("blue", "yellow", "magenta", "cyan", "green", "red")
CHART_HEIGHT: Final = 10
CHART_WIDTH: Final = 60
AXIS: Final = 13
BAR_WIDTH: Final = 30
EIGHTHS: Final = " ▏▎▍▌▋▊▉█"


def drawing_view(picture: Drawing) -> RenderableType:
    """`picture` under its title."""
    title = Text(picture.title, style="bold")
    match picture:
        case ImagesPicture():
            return Group(title, _Images(picture))
        case LinesPicture():
            return Group(title, _Lines(picture))
        case BarsPicture():
            return Group(title, _Bars(picture))
        case NetworkPicture():
            return Group(title, NetworkText(picture.diagram, Look(picture.details, picture.details)))


class _Images:
    """Tiles side by side, as many as there is room for."""

    def __init__(self, picture: ImagesPicture) -> None:
        self.picture = picture

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        picture = self.picture
        coloured = console.color_system in ("256", "truecolor") and not options.ascii_only
        few = len(picture.tiles) <= 2
        widest = max(len(tile.values[0]) for tile in picture.tiles)
        width = min(widest, ALONE if few or widest <= BESIDE else BESIDE if not coloured else ALONE)
        columns = width if coloured else 2 * min(width, ALONE if few else BESIDE)
        across = max(1, min(picture.across, (options.max_width + GAP) // (columns + GAP)))
        if across < min(picture.across, len(picture.tiles)) and not few and width > BESIDE:
            width = BESIDE
            across = max(1, min(picture.across, (options.max_width + GAP) // (width * (1 if coloured else 2) + GAP)))
        grid = Table.grid(padding=(0, GAP))
        for start in range(0, len(picture.tiles), across):
            row = picture.tiles[start : start + across]
            if any(tile.title for tile in row):
                grid.add_row(*(Text(tile.title, style="dim") for tile in row))
            grid.add_row(*(self._tile(tile, width if coloured else 2 * width) for tile in row))
        yield grid
        if picture.scale == "signed":
            yield _signed_legend(picture.high)

    def _tile(self, tile: Tile, width: int) -> RenderableType:
        if self.picture.scale == "signed":
            return SignedPicture(tile.values, self.picture.high, width=min(width, ALONE))
        low, high = self.picture.low, self.picture.high
        scale = 255 / ((high - low) or 1)
        rows = [[min(255, max(0, round((value - low) * scale))) for value in row] for row in tile.values]
        return Picture(rows, width=width)


def _signed_legend(reach: float) -> Text:
    return Text.assemble(
        (" = - ", Style(color=SIGNED[-1], bgcolor=SIGNED[0])),
        " " + _("below 0, to {limit:.3g}", limit=-reach) + "   ",
        (" + # ", Style(color=SIGNED[0], bgcolor=SIGNED[-1])),
        " " + _("above 0, to {limit:.3g}", limit=reach),
    )


class _Lines:
    """Curves of Braille dots, with a legend; a table of their ends where Braille cannot be written."""

    def __init__(self, picture: LinesPicture) -> None:
        self.picture = picture

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        picture = self.picture
        coloured = console.color_system is not None
        if options.ascii_only or options.max_width < AXIS + 20:
            yield Text(_("(drawn where Braille dots can be shown, and by --plots)"), style="dim")
            return
        figure = plotille.Figure()
        room = options.max_width - AXIS - cell_len(picture.x_label) - 5
        figure.width, figure.height = max(20, min(room, CHART_WIDTH)), CHART_HEIGHT
        figure.with_colors, figure.origin = coloured, False
        xs = [value for each in picture.series for value in each.x]
        ys = [value for each in picture.series for value in each.y]
        margin = (max(ys) - min(ys)) * 0.05 or 0.01
        figure.set_x_limits(min_=min(xs), max_=max(xs))
        figure.set_y_limits(min_=min(ys) - margin, max_=max(ys) + margin)
        figure.x_label, figure.y_label = picture.x_label, picture.y_label
        figure.x_ticks_fkt = lambda value, _next: f"{value:.3g}"
        figure.y_ticks_fkt = lambda value, _next: f"{value:10.4g}"
        if picture.marked is not None and max(xs) > min(xs):
            figure.axvline((picture.marked - min(xs)) / (max(xs) - min(xs)))
        for number, each in enumerate(picture.series):
            figure.plot(list(each.x), list(each.y), lc=LINE_COLOURS[number % len(LINE_COLOURS)])
        yield Text.from_ansi("\n".join(line.rstrip() for line in figure.show().splitlines()))
        legend: list[str | tuple[str, str]] = []
        for number, each in enumerate(picture.series):
            legend += [", " if number else "", (each.name, LINE_COLOURS[number % len(LINE_COLOURS)])]
        yield Text.assemble(*legend, style="dim")


class _Bars:
    """One line a bar: label, bar, value; bars below 0 are drawn in another colour with their sign in the value."""

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
    eighths = round(length * 8)
    return EIGHTHS[8] * (eighths // 8) + EIGHTHS[eighths % 8].strip()
