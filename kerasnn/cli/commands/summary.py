"""`kerasnn summary`"""

from typing import Annotated

import typer
from rich.console import Group

from kerasnn import api
from kerasnn.cli.console import Output
from kerasnn.cli.options import StageOption, command
from kerasnn.lecture.stages import STAGES
from kerasnn.views.summary import summary_view

HiddenOption = Annotated[
    list[int] | None,
    typer.Option("--hidden", metavar="UNITS", help="Units of a hidden layer; several make several layers."),
]


def add_to(app: typer.Typer) -> None:
    @command(app, "summary")
    def summary(output: Output, stage: StageOption = None, hidden: HiddenOption = None) -> None:
        """Show a model's layers and how their parameters are counted; without --stage, of every stage.

        Example: kerasnn summary --stage dropout
        """
        if stage is not None:
            output.show(api.summary(stage, hidden=hidden or None), summary_view)
            return
        summaries = [api.summary(each.name, hidden=hidden or None) for each in STAGES]
        output.show(summaries, lambda records: Group(*map(summary_view, records)))
