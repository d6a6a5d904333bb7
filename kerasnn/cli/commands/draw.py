"""`kerasnn draw`"""

from typing import Annotated

import typer
from rich.console import Group

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import NETWORK_ONLY, ForcePicturesOption, ModelArgument, Opening, PlotsOption, StyleOption
from kerasnn.errors import UsageError
from kerasnn.files.owned import check_picture
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import Overrides

Biases = Annotated[bool, typer.Option("--biases/--no-biases", help=N_("Draw the biases, as units of 1."))]
Activations = Annotated[
    bool, typer.Option("--activations/--no-activations", help=N_("Draw the activation function of each layer."))
]
_WEIGHTS_HELP = N_("In the SVG, draw trained weights as the strength of the lines, dashed if negative.")
Weights = Annotated[bool, typer.Option("--weights", help=_WEIGHTS_HELP)]


@command("draw", settings=NETWORK_ONLY)
def draw(
    output: Output,
    model: ModelArgument,
    overrides: Overrides,
    biases: Biases = True,
    activations: Activations = True,
    weights: Weights = False,
    plots: PlotsOption = None,
    style: StyleOption = "auto",
    force: ForcePicturesOption = False,
    *,
    opening: Opening,
) -> None:
    """Draw a network: its layers, units, biases and activations, in the terminal and as SVG.

    Large layers are shortened with dots; units that dropout leaves out are crossed out.

    Hyperparameter flags change the network of a stage, which is then drawn untrained.

    Example: kerasnn draw dropout --plots plots

    Example: kerasnn draw relu --hidden 6 --hidden 4 --no-biases
    """
    from kerasnn.views.format import with_sentences
    from kerasnn.views.network.layout import Look
    from kerasnn.views.network.svg import save_network
    from kerasnn.views.network.text import NetworkText
    from kerasnn.views.table import note_lines

    diagram = kerasnn.draw(model, **vars(opening), **overrides)
    if weights and not diagram.weights:
        # the network of a stage with other settings, which nobody has trained
        raise UsageError(_("--weights needs a trained network, and these flags make a new one"))
    look = Look(biases=biases, activations=activations, weights=weights)
    path = plots / f"network-{diagram.name}.svg" if plots is not None else None
    if path is not None:
        check_picture(path, force=force)
    output.show(
        diagram, lambda drawn: Group(NetworkText(drawn, look), *note_lines(drawn.notes)), document=with_sentences
    )
    if path is not None:
        output.note(_("drawn: {path}", path=save_network(diagram, path, look, style)))
    elif weights:
        output.note(_("--weights only affects the SVG: add --plots FOLDER"))
