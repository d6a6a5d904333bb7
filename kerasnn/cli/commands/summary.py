"""`kerasnn summary`"""

from typing import Annotated, Any

import typer
from rich.console import Group

from kerasnn import api
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import OutOption, StageOption
from kerasnn.errors import UsageError
from kerasnn.language import N_, _
from kerasnn.lecture.stages import STAGES
from kerasnn.views.summary import summary_view

_MODEL_HELP = N_(
    "A model that is there already: latest, a run's id, the path of a model, or a stage (its reference model)."
)


def add_to(app: typer.Typer) -> None:
    @command(app, "summary")
    def summary(
        output: Output,
        overrides: dict[str, Any],
        stage: StageOption = None,
        model: Annotated[str | None, typer.Option(metavar="MODEL", help=_MODEL_HELP)] = None,
        out: OutOption = api.RUNS,
    ) -> None:
        """Show a model's layers and how their parameters are counted; without --stage, of every stage.

        Example: kerasnn summary --stage dropout

        Example: kerasnn summary --stage relu --hidden 300 --hidden 100
        """
        if model is not None:
            if stage is not None or overrides:
                raise UsageError(
                    _("--model shows a model as it is, and does not go with a stage or its settings"),
                    hint=_("kerasnn summary --model {model}", model=model),
                )
            output.show(api.summary_of_model(model, out=out), summary_view)
        elif stage is not None:
            output.show(api.summary(stage, **overrides), summary_view)
        else:
            summaries = [api.summary(each.name, **overrides) for each in STAGES]
            output.show(summaries, lambda records: Group(*map(summary_view, records)))
