"""`kerasnn weights`: the weights of units as small images in the terminal."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import UnitWeights, WeightMaps
from kerasnn.views.format import class_name
from kerasnn.views.palette import SIGNED, blend

SIGNS: Final = "= - + #".split(" ")  # noqa: SIM905
FEW: Final = 10
SMALL: Final = 14  # columns of a map among others
GAP: Final = 2
STRONGEST: Final = 5


class SignedPicture:
    """Rows of numbers on a colour scale centred at 0, two rows per line of text; as signs without colours.

    `limit`: the scale goes from `-limit` to `limit`.
    """

    def __init__(self, rows: Sequence[Sequence[float]], limit: float) -> None:
        self.rows, self.limit = rows, limit

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(len(self.rows[0]), len(self.rows[0]))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        coloured = console.color_system in ("256", "truecolor") and not options.ascii_only
        shown = [row[: options.max_width] for row in self.rows]
        for number in range(0, len(shown), 2):
            upper = shown[number]
            lower = shown[number + 1] if number + 1 < len(shown) else [0.0] * len(upper)
            for above, below in zip(upper, lower, strict=True):
                if coloured:
                    yield Segment("\u2580", Style(color=self._colour(above), bgcolor=self._colour(below)))
                else:
                    yield Segment(self._sign((above + below) / 2))
            yield Segment.line()

    def _colour(self, value: float) -> str:
        return blend(SIGNED, (value / self.limit + 1) / 2)

    def _sign(self, value: float) -> str:
        share = value / self.limit
        if abs(share) < 0.15:
            return " "
        return SIGNS[(0 if share < -0.45 else 1) if share < 0 else (3 if share > 0.45 else 2)]


def thinned(rows: Sequence[Sequence[float]], width: int) -> list[list[float]]:
    """Shrink `rows` to at most `width` columns by averaging squares of neighbours."""
    step = max(1, -(-len(rows[0]) // width))
    return [
        [_mean(rows[y : y + step], x, step) for x in range(0, len(rows[0]), step)] for y in range(0, len(rows), step)
    ]


def _mean(rows: Sequence[Sequence[float]], left: int, step: int) -> float:
    values = [value for row in rows for value in row[left : left + step]]
    return sum(values) / len(values)


def weights_view(maps: WeightMaps) -> RenderableType:
    """Return a small image for each class, or for the hidden units with the strongest weights."""
    ranked = sorted(maps.units, key=lambda unit: -unit.strength)
    shown = maps.units if maps.outputs or len(maps.units) <= FEW else tuple(ranked[:FEW])
    small = [thinned(unit.weights, SMALL) for unit in shown]
    limit = _limit(small)
    sheet = _Sheet([_numbered(unit) for unit in shown], [SignedPicture(rows, limit) for rows in small])
    parts: list[RenderableType] = [Text(_title(maps), "bold"), Text(), sheet, _legend(limit)]
    if len(shown) < len(maps.units):
        parts.append(
            Text(
                _(
                    "These are the {shown} with the strongest incoming and outgoing weights; --plots draws "
                    "all {count}, --unit N shows one.",
                    shown=len(shown),
                    count=len(maps.units),
                ),
                "dim",
            )
        )
    return Group(*parts)


def _title(maps: WeightMaps) -> str:
    if maps.outputs:
        return _("{model}: the weights of each class", model=maps.model)
    return _(
        "{model}: the weights of the {count} units of layer {layer}",
        model=maps.model,
        count=len(maps.units),
        layer=maps.layer,
    )


def unit_view(unit: UnitWeights) -> RenderableType:
    """Return a large image of one unit, with its bias and its strongest outgoing weights."""
    limit = _limit([unit.weights])
    title = _numbered(unit)
    numbers = _(
        "bias {bias:.4f}, weights from {smallest:.4f} to {largest:.4f}",
        bias=unit.bias,
        smallest=unit.smallest,
        largest=unit.largest,
    )
    parts: list[RenderableType] = [Text.assemble((title, "bold"), f"   {numbers}\n")]
    parts += [SignedPicture(unit.weights, limit), _legend(limit)]
    if unit.reaches:
        grid = Table.grid(padding=(0, 2))
        for reach in unit.reaches[:STRONGEST]:
            grid.add_row(
                _("supports") if reach.weight >= 0 else _("opposes"),
                class_name(reach.name),
                f"{reach.weight:+.4f}",
            )
        parts += [Text(_("Strongest outgoing weights"), "bold"), grid]
    return Group(*parts)


class _Sheet:
    """Pictures in rows of as many as fit, each below its name."""

    def __init__(self, names: Sequence[str], pictures: Sequence[SignedPicture]) -> None:
        self.parts = [
            Group(Text(name, no_wrap=True, overflow="crop"), picture)
            for name, picture in zip(names, pictures, strict=True)
        ]
        self.width = max(len(picture.rows[0]) for picture in pictures)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        across = max(1, min((options.max_width + GAP) // (self.width + GAP), 5))
        grid = Table.grid(padding=(0, GAP, 1, 0))
        for start in range(0, len(self.parts), across):
            grid.add_row(*self.parts[start : start + across])
        yield grid


def unit_name(unit: UnitWeights) -> str:
    """Return the number of a hidden unit, or the class of an output unit."""
    return _("unit {number}", number=unit.unit) if unit.reaches else class_name(unit.name)


def _numbered(unit: UnitWeights) -> str:
    return unit_name(unit) if unit.reaches else f"{unit.unit} {unit_name(unit)}"


def _limit(maps: Sequence[Sequence[Sequence[float]]]) -> float:
    """Return the 99.5 % quantile of the absolute values, so that a few outliers do not fade all others."""
    sizes = sorted(abs(value) for rows in maps for row in rows for value in row)
    return sizes[int(0.995 * (len(sizes) - 1))] or 1.0


def _legend(limit: float) -> Text:
    return Text.assemble(
        (" = - ", Style(color=SIGNED[-1], bgcolor=SIGNED[0])),
        " " + _("below 0: against the unit, to {limit:.2f}", limit=-limit) + "   ",
        (" + # ", Style(color=SIGNED[0], bgcolor=SIGNED[-1])),
        " " + _("above 0: for it, to {limit:.2f}", limit=limit),
    )
