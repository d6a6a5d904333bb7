"""`kerasnn weights`"""

from typing import TYPE_CHECKING, Annotated

import typer

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import ModelArgument, Opening, Pictures, note_drawn
from kerasnn.errors import UsageError
from kerasnn.files.owned import check_picture
from kerasnn.language import N_, _, ngettext

if TYPE_CHECKING:
    from pathlib import Path

    from kerasnn.records import WeightMaps

_UNIT_HELP = N_("Number of a single unit or class to show, from 0; default: all.")
Unit = Annotated[int | None, typer.Option(metavar="N", help=_UNIT_HELP)]


@command("weights")
def weights(output: Output, model: ModelArgument, unit: Unit = None, *, pictures: Pictures, opening: Opening) -> None:
    """Show what the units of a model look for: the weights of each class or hidden unit as images.

    Example: kerasnn weights softmax --plots plots

    Example: kerasnn weights dropout --unit 73
    """
    from kerasnn.records import plain_object
    from kerasnn.views.format import with_sentences
    from kerasnn.views.stages import unit_view, weights_view

    maps = kerasnn.weights(model, **vars(opening))
    if pictures.plots is not None:
        check_picture(_path(maps, pictures), force=pictures.force)
    if unit is None:
        output.show(maps, weights_view, document=with_sentences)
    elif 0 <= unit < len(maps.units):  # Typer cannot check it: the number of units is the model's
        notes = with_sentences(maps)["notes"]
        output.show(
            maps.units[unit],
            lambda shown: unit_view(shown, maps.notes),
            document=lambda shown: {**plain_object(shown), "notes": notes},
        )
    else:
        last = len(maps.units) - 1
        raise UsageError(_("there is no unit {unit}", unit=unit), expected=_("a number from 0 to {count}", count=last))
    if pictures.plots is not None:
        from kerasnn.views.figures.letters import in_figure_language

        drawn = in_figure_language(_draw)(maps, unit, pictures)
        note_drawn(output, [drawn], [each.name for each in maps.units])


def _path(maps: "WeightMaps", pictures: Pictures) -> "Path":
    return pictures.path(f"weights-{maps.model}")


def _draw(maps: "WeightMaps", unit: int | None, pictures: Pictures) -> "Path":
    import numpy as np

    from kerasnn.views.figures.images import save_weight_maps
    from kerasnn.views.figures.letters import readable
    from kerasnn.views.stages import unit_name

    chosen = maps.units if unit is None else maps.units[unit : unit + 1]
    names = readable([unit_name(each) for each in maps.units])
    titles = [f"{each.unit} {names[each.unit]}" if maps.outputs else str(each.unit) for each in chosen]
    heading = _heading(maps, names[unit] if unit is not None else None)
    weights, path = np.array([each.weights for each in chosen]), _path(maps, pictures)
    return save_weight_maps(weights, titles, path, pictures.style, heading=heading)


def _heading(maps: "WeightMaps", unit_name: str | None) -> str:
    if unit_name is not None:
        return _("{model}: the weights of {name}", model=maps.model, name=unit_name)
    if maps.outputs:
        return _("{model}: the weights of each class", model=maps.model)
    return ngettext(
        "{model}: the weights of the one hidden unit",
        "{model}: the weights of the {count} hidden units",
        len(maps.units),
        model=maps.model,
    )
