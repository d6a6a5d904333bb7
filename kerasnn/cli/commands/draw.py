"""`kerasnn draw`"""

from typing import Annotated

import typer

import kerasnn
from kerasnn.cli.command import command, command_app
from kerasnn.cli.console import Output
from kerasnn.cli.options import ModelArgument, OutOption, PlotsOption, StyleOption, TrustOption
from kerasnn.errors import UsageError
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import Overrides

_WEIGHTS_HELP = N_("In the SVG: the trained weights as strength of the lines, dashed below 0.")

app = command_app()


@command(app, "draw")
def draw(
    output: Output,
    model: ModelArgument,
    overrides: Overrides,
    biases: Annotated[bool, typer.Option("--biases/--no-biases", help=N_("Draw the biases, as units of 1."))] = True,
    activations: Annotated[
        bool, typer.Option("--activations/--no-activations", help=N_("Draw what units do with their sums."))
    ] = True,
    weights: Annotated[bool, typer.Option("--weights", help=_WEIGHTS_HELP)] = False,
    plots: PlotsOption = None,
    style: StyleOption = "auto",
    out: OutOption = RUNS,
    trust: TrustOption = False,
) -> None:
    """Draw a network: its layers, units, biases and activations, in the terminal and as SVG.

    Large layers have dots in their middle; units that dropout leaves out are crossed.

    Flags of settings change a stage's network, which is then drawn untrained.

    Example: kerasnn draw dropout --plots plots

    Example: kerasnn draw relu --hidden 6 --hidden 4 --no-biases
    """
    from kerasnn.views.network.layout import Look
    from kerasnn.views.network.svg import save_network
    from kerasnn.views.network.text import NetworkText

    diagram = kerasnn.draw(model, out=out, trust=trust, **overrides)
    if weights and not diagram.weights:
        raise UsageError(_("--weights needs a trained network, and these flags make a new one"))
    look = Look(biases=biases, activations=activations, weights=weights)
    output.show(diagram, lambda drawn: NetworkText(drawn, look))
    if weights and plots is None:
        output.note(_("--weights shows in the SVG alone: add --plots FOLDER"))
    if plots is not None:
        path = save_network(diagram, plots / f"network-{diagram.name}.svg", look, style)
        output.note(_("drawn: {path}", path=path))
