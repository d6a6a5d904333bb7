"""The pictures of an explanation in the terminal: images, curves, bars, networks; nothing is computed here."""

from collections.abc import Sequence
from typing import Final

import plotille
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import BarsPicture, Drawing, ImagesPicture, LinesPicture, NetworkPicture, Tile
from kerasnn.views.picture import Picture

ALONE: Final = 28  # columns of an image that stands alone, in colour
BESIDE: Final = 14
GAP: Final = 2
LINE_COLOURS: Final = ("blue", "yellow", "magenta", "cyan", "green", "red")
CHART_HEIGHT: Final = 10
CHART_WIDTH: Final = 60
AXIS: Final = 13
BAR_WIDTH: Final = 30
EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
UNITS: Final = 7  # of a layer that a drawing shows, the others left out


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
            return Group(title, _Network(picture))


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
            yield _signed_legend(picture.high, coloured=coloured)

    def _tile(self, tile: Tile, width: int) -> RenderableType:
        if self.picture.scale == "signed":
            return SignedPicture(tile.values, reach=self.picture.high, width=width)
        low, high = self.picture.low, self.picture.high
        scale = 255 / ((high - low) or 1)
        rows = [[min(255, max(0, round((value - low) * scale))) for value in row] for row in tile.values]
        return Picture(rows, width=width)


def _signed_legend(reach: float, *, coloured: bool) -> Text:
    if coloured:
        parts = [(_("orange"), "#e08030"), (_("blue"), "#4090e0")]
        return Text.assemble(
            parts[0], _(" above 0, "), parts[1], _(" below 0, to {reach:.3g} either way", reach=reach), style="dim"
        )
    return Text(_(". + # above 0, , - = below 0, to {reach:.3g} either way", reach=reach), style="dim")


class SignedPicture:
    """Rows of values about 0: orange above, blue below, the stronger the further; signs where there is no colour."""

    def __init__(self, rows: Sequence[Sequence[float]], *, reach: float, width: int = ALONE) -> None:
        self.rows, self.reach, self.width = rows, reach, width

    def _thinned(self, console: Console, room: int) -> tuple[list[Sequence[float]], bool]:
        coloured = console.color_system in ("256", "truecolor")
        columns = min(room, self.width) // (1 if coloured else 2)
        step = max(1, -(-len(self.rows[0]) // max(1, columns)))
        return [row[::step] for row in self.rows[::step]], coloured

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        rows, coloured = self._thinned(console, options.max_width)
        width = len(rows[0]) * (1 if coloured else 2)
        return Measurement(width, width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        rows, coloured = self._thinned(console, options.max_width)
        if not coloured or options.ascii_only:
            for row in rows:
                yield Segment("".join(self._sign(value) * (1 if coloured else 2) for value in row))
                yield Segment.line()
            return
        for number in range(0, len(rows), 2):
            upper = rows[number]
            lower = rows[number + 1] if number + 1 < len(rows) else [0.0] * len(upper)
            for above, below in zip(upper, lower, strict=True):
                yield Segment("\u2580", Style(color=self._colour(above), bgcolor=self._colour(below)))
            yield Segment.line()

    def _sign(self, value: float) -> str:
        strength = min(3, int(abs(value) / self.reach * 4)) if self.reach else 0
        return (" .+#" if value > 0 else " ,-=")[strength]

    def _colour(self, value: float) -> str:
        share = min(1.0, abs(value) / self.reach) ** 0.6 if self.reach else 0.0
        strong = (230, 120, 20) if value > 0 else (40, 130, 230)
        return "#" + "".join(f"{round(20 + (part - 20) * share):02x}" for part in strong)


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


class _Network:
    """Layers as columns of circles, the middle ones left out; with details, a b for the biases and the activation."""

    def __init__(self, picture: NetworkPicture) -> None:
        self.picture = picture

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        dot, bias, gap = ("o", "b", ":") if options.ascii_only else ("○", "●", "⋮")
        columns = [
            _column(layer.units, dot, gap) + ([bias] if self.picture.details and number else [""])
            for number, layer in enumerate(self.picture.layers)
        ]
        height = max(map(len, columns))
        grid = Table.grid(padding=(0, 3))
        for _layer in self.picture.layers:
            grid.add_column(justify="center")
        grid.add_row(*(Text(layer.name, style="bold") for layer in self.picture.layers))
        for line in range(height):
            grid.add_row(*(_centred(column, height)[line] for column in columns))
        grid.add_row(*(f"{layer.units:,}" for layer in self.picture.layers))
        if self.picture.details:
            grid.add_row(*(Text(layer.activation or "", style="cyan") for layer in self.picture.layers))
        yield grid


def _column(units: int, dot: str, gap: str) -> list[str]:
    if units <= UNITS:
        return [dot] * units
    half = UNITS // 2
    return [dot] * half + [gap] + [dot] * half


def _centred(column: list[str], height: int) -> list[str]:
    above = (height - len(column)) // 2
    return [""] * above + column + [""] * (height - len(column) - above)
