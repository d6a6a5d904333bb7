"""`kerasnn tour`"""

from typing import TYPE_CHECKING, Annotated

import typer

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import Data, RunsOption
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kerasnn.records import Event, Listener, TourStop

Fast = Annotated[bool, typer.Option("--fast", help=N_("Train at most two epochs per stage, without pauses."))]
Restart = Annotated[bool, typer.Option("--restart", help=N_("Start from the beginning instead of where you left off."))]


@command("tour")
def tour(output: Output, fast: Fast = False, restart: Restart = False, *, data: Data, out: RunsOption = RUNS) -> None:
    """Go through the lecture from the first slide to the last: ideas explained, stages trained and compared.

    On a terminal, Enter continues with the next stop. Ctrl-C leaves the tour; kerasnn tour continues from there.

    Example: kerasnn tour

    Example: kerasnn tour --fast --dataset garments
    """
    from kerasnn.records import ignore
    from kerasnn.views.explanation import stop_document

    # the tour is one generator with one listener, but each stop has a display of its own
    current: list[Listener] = [ignore]

    def forward(event: "Event") -> None:
        current[0](event)

    with output.listening() as current[0]:
        stops = kerasnn.tour(fast=fast, restart=restart, **vars(data), out=out, listener=forward)
    shown = []
    for stop in _each_with_display(output, stops, current):
        shown.append(stop)
        output.document = list(
            map(stop_document, shown)
        )  # after every stop, so that Ctrl-C still prints those before it
        _show(output, stop, pause=not fast)


def _each_with_display(output: Output, stops: "Iterator[TourStop]", current: "list[Listener]") -> "Iterator[TourStop]":
    """Yield the stops; each works under a display of its own, which is gone before the result is shown."""
    while True:
        with output.listening() as current[0]:
            stop = next(stops, None)
        if stop is None:
            return
        yield stop


def _show(output: Output, stop: "TourStop", *, pause: bool) -> None:
    from kerasnn.views.explanation import stop_view

    if output.as_json:
        return  # the document holds all stops
    output.show(stop, stop_view)
    if pause and stop.number < stop.stops:
        output.pause(_("Enter continues, Ctrl-C leaves"))
