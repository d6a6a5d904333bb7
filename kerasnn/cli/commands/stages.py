"""`kerasnn stages`"""

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output


@command("stages")
def stages(output: Output) -> None:
    """List the lecture's stages: model, optimizer, epochs, parameters, published accuracy.

    Example: kerasnn stages
    """
    from kerasnn.views.stages import stages_view

    output.show(kerasnn.stages(), stages_view)
