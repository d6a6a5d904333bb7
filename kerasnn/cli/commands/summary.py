"""`kerasnn summary`"""

from typing import Annotated

import typer
from rich.console import Group

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import NETWORK_ONLY, Opening, StageOption
from kerasnn.language import N_
from kerasnn.lecture.hyperparameters import Overrides
from kerasnn.lecture.stages import STAGES

_MODEL_HELP = N_("A saved model: latest, a run's id, the path of a model, or a stage (its reference model).")
Model = Annotated[str | None, typer.Option(metavar="MODEL", help=_MODEL_HELP)]


@command("summary", settings=NETWORK_ONLY)
def summary(
    output: Output, overrides: Overrides, stage: StageOption = None, model: Model = None, *, opening: Opening
) -> None:
    """Show a model's layers and how their parameters are counted; without --stage, of every stage.

    Example: kerasnn summary --stage dropout

    Example: kerasnn summary --stage relu --hidden 300 --hidden 100
    """
    from kerasnn.views.format import with_sentences
    from kerasnn.views.stages import summary_view

    if model is not None or stage is not None:
        output.show(
            kerasnn.summary(stage, model=model, **vars(opening), **overrides), summary_view, document=with_sentences
        )
    else:
        summaries = [kerasnn.summary(each.name, **overrides) for each in STAGES]
        output.show(summaries, lambda records: Group(*map(summary_view, records)))
