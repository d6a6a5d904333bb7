"""`kerasnn weights`"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import kerasnn
from kerasnn.cli.command import command, command_app
from kerasnn.cli.console import Output
from kerasnn.cli.drawn_notes import note_drawn
from kerasnn.cli.options import FormatOption, ModelArgument, OutOption, PlotsOption, StyleOption, TrustOption
from kerasnn.errors import UsageError
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _

if TYPE_CHECKING:
    from kerasnn.records import WeightMaps
    from kerasnn.views.palette import Style

app = command_app()


@command(app, "weights")
def weights(
    output: Output,
    model: ModelArgument,
    unit: Annotated[
        int | None, typer.Option(metavar="N", help=N_("One unit, or class, by its number from 0; else all."))
    ] = None,
    plots: PlotsOption = None,
    format: FormatOption = "png",
    style: StyleOption = "auto",
    out: OutOption = RUNS,
    trust: TrustOption = False,
) -> None:
    """Show what the units of a model look for: the weights of each class or hidden unit as images.

    Example: kerasnn weights softmax --plots plots

    Example: kerasnn weights dropout --unit 73
    """
    from kerasnn.views.weights import unit_view, weights_view

    maps = kerasnn.weights(model, out=out, trust=trust)
    if unit is None:
        output.show(maps, weights_view)
    elif 0 <= unit < len(maps.units):
        output.show(maps.units[unit], unit_view)
    else:
        raise UsageError(
            _("there is no unit {unit}", unit=unit),
            expected=_("a number from 0 to {count}", count=len(maps.units) - 1),
        )
    if plots is not None:
        from kerasnn.views.figures.fonts import written

        drawn = written(_draw)(maps, unit, plots / f"weights-{maps.model}.{format}", style)
        note_drawn(output, [drawn], [each.name for each in maps.units])


def _draw(maps: "WeightMaps", unit: int | None, path: Path, style: "Style") -> Path:
    import numpy as np

    from kerasnn.views.figures.fonts import readable
    from kerasnn.views.figures.weights import save_weight_maps
    from kerasnn.views.weights import unit_name

    chosen = maps.units if unit is None else maps.units[unit : unit + 1]
    names = readable([unit_name(each) for each in maps.units])
    titles = [f"{each.unit} {names[each.unit]}" if maps.outputs else str(each.unit) for each in chosen]
    if unit is not None:
        heading = _("{model}: the weights of {name}", model=maps.model, name=names[unit])
    elif maps.outputs:
        heading = _("{model}: the weights of each class", model=maps.model)
    else:
        heading = _("{model}: the weights of the {count} hidden units", model=maps.model, count=len(maps.units))
    return save_weight_maps(np.array([each.weights for each in chosen]), titles, path, style, heading=heading)
