"""`kerasnn weights`: what units look for, as small images in the terminal."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from kerasnn.records import UnitWeights, WeightMaps
from kerasnn.views.palette import SIGNED, blend

SIGNS: Final = "= - + #".split(" ")  # noqa: SIM905
FEW: Final = 10
SMALL: Final = 14  # columns of a map among others
GAP: Final = 2
STRONGEST: Final = 5


class SignedPicture:
    """Rows of numbers as colours whose middle is 0, two rows a line; as signs where there are no colours.

    `limit`: the end of the scale, above and below 0.
    """

    def __init__(self, rows: Sequence[Sequence[float]], limit: float, *, width: int = 56) -> None:
        self.limit, self.width = limit, width
        step = max(1, -(-len(rows[0]) // width))
        self.rows = [
            [_mean(rows[y : y + step], x, step) for x in range(0, len(rows[0]), step)]
            for y in range(0, len(rows), step)
        ]

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


def _mean(rows: Sequence[Sequence[float]], left: int, step: int) -> float:
    values = [value for row in rows for value in row[left : left + step]]
    return sum(values) / len(values)


def weights_view(maps: WeightMaps) -> RenderableType:
    """A small image of each class, or of the hidden units whose weights reach furthest."""
    ranked = sorted(maps.units, key=lambda unit: -unit.strength)
    shown = maps.units if maps.outputs or len(maps.units) <= FEW else tuple(ranked[:FEW])
    what = "each class" if maps.outputs else f"the {len(maps.units)} units of layer {maps.layer}"
    heading = Text.assemble((f"{maps.model}: the weights of {what}", "bold"), f"   {maps.path}")
    parts: list[RenderableType] = [heading, Text(), _Sheet(shown, _limit(maps.units)), _legend(_limit(maps.units))]
    if len(shown) < len(maps.units):
        parts.append(
            Text(
                f"Shown are the {len(shown)} with the strongest weights in and out; --plots draws all "
                f"{len(maps.units)}, --unit N shows one.",
                "dim",
            )
        )
    return Group(*parts)


def unit_view(unit: UnitWeights) -> RenderableType:
    """One unit large, its bias, and whom it speaks to."""
    limit = _limit([unit])
    title = unit.name if unit.reaches else f"{unit.unit} {unit.name}"
    numbers = f"bias {unit.bias:.4f}, weights from {unit.smallest:.4f} to {unit.largest:.4f}"
    parts: list[RenderableType] = [Text.assemble((title, "bold"), f"   {numbers}\n")]
    parts += [SignedPicture(unit.weights, limit), _legend(limit)]
    if unit.reaches:
        grid = Table.grid(padding=(0, 2))
        for reach in unit.reaches[:STRONGEST]:
            grid.add_row(f"{'for' if reach.weight >= 0 else 'against'}", reach.name, f"{reach.weight:+.4f}")
        parts += [Text("It speaks most strongly", "bold"), grid]
    return Group(*parts)


class _Sheet:
    """As many units beside each other as there is room for, each below its name."""

    def __init__(self, units: Sequence[UnitWeights], limit: float) -> None:
        self.units, self.limit = units, limit

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        pictures = [SignedPicture(unit.weights, self.limit, width=SMALL) for unit in self.units]
        width = max(Measurement.get(console, options, picture).maximum for picture in pictures)
        across = max(1, min((options.max_width + GAP) // (width + GAP), 5))
        grid = Table.grid(padding=(0, GAP, 1, 0))
        for start in range(0, len(self.units), across):
            row = zip(self.units[start : start + across], pictures[start : start + across], strict=True)
            grid.add_row(*(Group(Text(_name(unit), no_wrap=True, overflow="crop"), picture) for unit, picture in row))
        yield grid


def _name(unit: UnitWeights) -> str:
    return unit.name if unit.reaches else f"{unit.unit} {unit.name}"


def _limit(units: Sequence[UnitWeights]) -> float:
    """The end of the scale: all but the outermost 1 in 200 weights lie within it, on either side of 0."""
    sizes = sorted(abs(value) for unit in units for row in unit.weights for value in row)
    return sizes[int(0.995 * (len(sizes) - 1))] or 1.0


def _legend(limit: float) -> Text:
    return Text.assemble(
        (" = - ", Style(color=SIGNED[-1], bgcolor=SIGNED[0])),
        f" below 0: against the unit, to {-limit:.2f}   ",
        (" + # ", Style(color=SIGNED[0], bgcolor=SIGNED[-1])),
        f" above 0: for it, to {limit:.2f}",
    )
