"""`kerasnn tour`"""

from typing import Annotated

import typer

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import Data, RunsOption
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _

Fast = Annotated[bool, typer.Option("--fast", help=N_("Train at most two epochs per stage, without pauses."))]
Restart = Annotated[bool, typer.Option("--restart", help=N_("Start from the beginning instead of where you left off."))]


@command("tour")
def tour(output: Output, fast: Fast = False, restart: Restart = False, *, data: Data, out: RunsOption = RUNS) -> None:
    """Go through the lecture from the first slide to the last: ideas explained, stages trained and compared.

    On a terminal, Enter continues with the next stop. Ctrl-C leaves the tour; kerasnn tour continues from there.

    Example: kerasnn tour

    Example: kerasnn tour --fast --dataset garments
    """
    from kerasnn.views.explanation import stop_document, stop_view

    shown: list[object] = []
    with output.listening() as listener:
        stops = kerasnn.tour(fast=fast, restart=restart, **vars(data), out=out, listener=listener)
        try:
            for stop in stops:
                shown.append(stop_document(stop))
                # the document grows with every stop, so that Ctrl-C still prints those before it
                output.show(stop, stop_view, document=lambda _stop: shown)
                if not fast and stop.number < stop.stops:
                    output.pause(_("Enter continues, Ctrl-C leaves"))
        except KeyboardInterrupt as stopped:  # at a pause, for instance; the tour saves its place
            stops.throw(stopped)
