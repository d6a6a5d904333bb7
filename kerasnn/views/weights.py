"""`kerasnn weights`: the weights of units as small images in the terminal."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import UnitWeights, WeightMaps
from kerasnn.views.format import class_name
from kerasnn.views.picture import SignedPicture, signed_legend, thinned

FEW: Final = 10  # units
SMALL: Final = 14  # columns of a map among others
GAP: Final = 2
STRONGEST: Final = 5  # outgoing weights


def weights_view(maps: WeightMaps) -> RenderableType:
    """Return a small image for each class, or for the hidden units with the strongest weights."""
    ranked = sorted(maps.units, key=lambda unit: -unit.strength)
    shown = maps.units if maps.outputs or len(maps.units) <= FEW else tuple(ranked[:FEW])
    small = [thinned(unit.weights, SMALL) for unit in shown]
    limit = _limit(small)
    sheet = _Sheet([_numbered(unit) for unit in shown], [SignedPicture(rows, limit) for rows in small])
    parts: list[RenderableType] = [Text(_title(maps), "bold"), Text(), sheet, _legend(limit)]
    if len(shown) < len(maps.units):
        more = _(
            "These are the {shown} with the strongest incoming and outgoing weights; --plots draws "
            "all {count}, --unit N shows one.",
            shown=len(shown),
            count=len(maps.units),
        )
        parts.append(Text(more, "dim"))
    return Group(*parts)


def _title(maps: WeightMaps) -> str:
    if maps.outputs:
        return _("{model}: the weights of each class", model=maps.model)
    return _("{model}: the weights of the {count} units of layer {layer}", count=len(maps.units), **vars(maps))


def unit_view(unit: UnitWeights) -> RenderableType:
    """Return a large image of one unit, with its bias and its strongest outgoing weights."""
    limit = _limit([unit.weights])
    numbers = _("bias {bias:.4f}, weights from {smallest:.4f} to {largest:.4f}", **vars(unit))
    parts: list[RenderableType] = [Text.assemble((_numbered(unit), "bold"), f"   {numbers}\n")]
    parts += [SignedPicture(unit.weights, limit), _legend(limit)]
    if unit.reaches:
        grid = Table.grid(padding=(0, 2))
        for reach in unit.reaches[:STRONGEST]:
            effect = _("supports") if reach.weight >= 0 else _("opposes")
            grid.add_row(effect, class_name(reach.name), f"{reach.weight:+.4f}")
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
        across = max(1, min((options.max_width + GAP) // (self.width + GAP), 5))  # the last one needs no gap
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
    return signed_legend(
        _("below 0: against the unit, to {limit:.2f}", limit=-limit), _("above 0: for it, to {limit:.2f}", limit=limit)
    )
