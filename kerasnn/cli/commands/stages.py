"""`kerasnn stages`"""

import typer

from kerasnn import api
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.views.stages import stages_view


def add_to(app: typer.Typer) -> None:
    @command(app, "stages")
    def stages(output: Output) -> None:
        """List the lecture's stages: model, optimizer, epochs, parameters, published accuracy.

        Example: kerasnn stages
        """
        output.show(api.stages(), stages_view)
