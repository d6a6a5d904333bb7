"""`kerasnn tour`"""

from typing import TYPE_CHECKING, Annotated

import typer

import kerasnn
from kerasnn.cli.command import command, command_app
from kerasnn.cli.console import Output
from kerasnn.cli.options import DataDirOption, DatasetOption, OutOption
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _

if TYPE_CHECKING:
    from kerasnn.records import Event, Listener

app = command_app()


@command(app, "tour")
def tour(
    output: Output,
    fast: Annotated[bool, typer.Option("--fast", help=N_("At most two epochs a stage, and no pauses."))] = False,
    restart: Annotated[bool, typer.Option("--restart", help=N_("Begin anew instead of where it was left."))] = False,
    dataset: DatasetOption = "auto",
    data_dir: DataDirOption = None,
    out: OutOption = RUNS,
) -> None:
    """Go through the lecture from its first slide to its last: ideas worked out, stages trained and compared.

    On a terminal Enter goes on to the next stop. Ctrl-C leaves the tour, and kerasnn tour goes on there.

    Example: kerasnn tour

    Example: kerasnn tour --fast --dataset garments
    """
    from kerasnn.records import ignore, plain
    from kerasnn.views.tour import stop_view

    heard: list[Listener] = [ignore]

    def tell(event: "Event") -> None:
        heard[0](event)

    with output.listening() as heard[0]:
        stops = kerasnn.tour(
            fast=fast,
            restart=restart,
            dataset=dataset,
            data_dir=data_dir,
            out=out,
            listener=tell,
        )
    shown = []
    while True:
        with output.listening() as heard[0]:  # a display of its own for each stop, gone before its result is shown
            stop = next(stops, None)
        if stop is None:
            break
        shown.append(stop)
        output.document = plain(shown)
        if not output.as_json:
            output.show(stop, stop_view)
            if not fast and stop.number < stop.stops:
                output.pause(_("Enter goes on, Ctrl-C leaves"))
