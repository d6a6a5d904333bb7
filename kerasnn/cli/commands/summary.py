"""`kerasnn summary`"""

from typing import Any

import typer
from rich.console import Group

from kerasnn import api
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import StageOption
from kerasnn.lecture.stages import STAGES
from kerasnn.views.summary import summary_view


def add_to(app: typer.Typer) -> None:
    @command(app, "summary")
    def summary(output: Output, overrides: dict[str, Any], stage: StageOption = None) -> None:
        """Show a model's layers and how their parameters are counted; without --stage, of every stage.

        Example: kerasnn summary --stage dropout

        Example: kerasnn summary --stage relu --hidden 300 --hidden 100
        """
        if stage is not None:
            output.show(api.summary(stage, **overrides), summary_view)
        else:
            summaries = [api.summary(each.name, **overrides) for each in STAGES]
            output.show(summaries, lambda records: Group(*map(summary_view, records)))
