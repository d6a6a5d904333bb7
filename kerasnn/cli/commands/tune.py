"""`kerasnn tune`"""

from pathlib import Path
from typing import Annotated, Any

import typer

import kerasnn
from kerasnn.cli.command import command, command_app
from kerasnn.cli.console import Output
from kerasnn.cli.options import DataDirOption, DatasetOption, RayOption, RequiredStageOption, WorkersOption
from kerasnn.errors import UsageError
from kerasnn.files.paths import TUNING
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import SEED, Overrides
from kerasnn.lecture.settings import parse_setting

TRY_HELP = N_("A setting and the values to try; several make combinations. Layers with a comma: hidden 100,50 200.")
TRIALS_HELP = N_("Draw N of the combinations by the seed; default: all. The stage as it stands comes on top.")
SEEDS_HELP = N_("Train each with so many seeds, and rank by the mean.")
KEPT_HELP = N_("The folder that keeps every training as it comes.")

app = command_app()


@command(app, "tune")
def tune(  # each is a flag
    output: Output,
    *,
    stage: RequiredStageOption,
    tried: Annotated[list[str] | None, typer.Option("--try", metavar='"NAME VALUE..."', help=TRY_HELP)] = None,
    trials: Annotated[int | None, typer.Option(metavar="N", min=1, help=TRIALS_HELP)] = None,
    seeds: Annotated[int, typer.Option(metavar="N", min=1, max=10_000, help=SEEDS_HELP)] = 1,
    workers: WorkersOption = None,
    ray: RayOption = None,
    overrides: Overrides,
    dataset: DatasetOption = "auto",
    data_dir: DataDirOption = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help=KEPT_HELP)] = TUNING,
) -> None:
    """Search over settings of a stage: train their combinations, and rank them by the validation loss.

    Without --try: learning rates and hidden units, or batch sizes, around the stage's own.
    A setting given as a flag holds for all. Stopped and called again, it goes on where it was.

    Example: kerasnn tune --stage adam --try "learning-rate 0.0003 0.001 0.003" --try "hidden 50 100 100,50"

    Example: kerasnn tune --stage dropout --try "dropout 0.1 0.3 0.5" --seeds 3 --epochs 10
    """
    from kerasnn.views.tuning import tuning_view

    first = SEED if (given := overrides.pop("seed", None)) is None else given
    with output.listening() as listener:
        found = kerasnn.tune(
            stage,
            _choices(tried or []),
            trials=trials,
            seeds=range(first, first + seeds),
            workers=workers,
            ray=ray,
            out=out,
            dataset=dataset,
            data_dir=data_dir,
            listener=listener,
            **overrides,
        )
    output.show(found, tuning_view)


def _choices(given: list[str]) -> dict[str, tuple[Any, ...]]:
    choices: dict[str, tuple[Any, ...]] = {}
    for each in given:
        name, *words = each.split() or [""]
        parsed = [parse_setting(name, word) for word in words]
        if not parsed or parsed[0][0] in choices:
            raise UsageError(
                _("--try is '{given}'", given=each),
                expected=_('a name and its values, as in --try "hidden 50 100", each name once'),
            )
        choices[parsed[0][0]] = tuple(value for _name, value in parsed)
    return choices
