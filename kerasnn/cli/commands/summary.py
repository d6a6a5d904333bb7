"""`kerasnn summary`"""

from rich.console import Group

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import NETWORK_ONLY, Opening, StageOption
from kerasnn.cli.subjects import ModelChoice, one_name
from kerasnn.errors import spelled
from kerasnn.lecture.hyperparameters import Overrides
from kerasnn.lecture.stages import STAGE_BY_NAME, STAGES


@command("summary", settings=NETWORK_ONLY)
def summary(
    output: Output, overrides: Overrides, chosen: ModelChoice, stage: StageOption = None, *, opening: Opening
) -> None:
    """Show a model's layers and how their parameters are counted; without a name, of every stage.

    Example: kerasnn summary dropout

    Example: kerasnn summary relu --hidden 300,100
    """
    from kerasnn.views.format import with_sentences
    from kerasnn.views.stages import summary_view

    model, named = chosen.model, chosen.name
    if model is None and named is not None and spelled(named, STAGE_BY_NAME) is None:
        model = named
    elif model is None:
        stage = one_name(named, "--stage", stage)
    if model is not None or stage is not None:
        output.show(
            kerasnn.summary(stage, model=model, **vars(opening), **overrides), summary_view, document=with_sentences
        )
    else:
        summaries = [kerasnn.summary(each.name, **overrides) for each in STAGES]
        output.show(summaries, lambda records: Group(*map(summary_view, records)))
