"""`kerasnn tune`"""

from pathlib import Path
from typing import Annotated, Any

import typer

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import Data, Work
from kerasnn.cli.subjects import StageChoice
from kerasnn.errors import UsageError
from kerasnn.files.paths import TUNING
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import SEED, Overrides
from kerasnn.lecture.settings import parse_setting

_TRY_HELP = N_(
    "A hyperparameter and values to try; repeat to try all combinations. Commas separate layers: hidden 100,50 200."
)
Try = Annotated[list[str] | None, typer.Option("--try", metavar='"NAME VALUE..."', help=_TRY_HELP)]
_TRIALS_HELP = N_("Draw N of the combinations at random, by the seed; default: all. The unchanged stage is added.")
Trials = Annotated[int | None, typer.Option(metavar="N", min=1, help=_TRIALS_HELP)]
_SEEDS_HELP = N_("Train each with this many seeds and rank by the mean.")
Seeds = Annotated[int, typer.Option(metavar="N", min=1, max=10_000, help=_SEEDS_HELP)]
_OUT_HELP = N_("Folder where each training is saved as it finishes.")
Out = Annotated[Path, typer.Option(metavar="FOLDER", help=_OUT_HELP)]


@command("tune")
def tune(
    output: Output,
    *,
    chosen: StageChoice,
    tried: Try = None,
    trials: Trials = None,
    seeds: Seeds = 1,
    work: Work,
    overrides: Overrides,
    data: Data,
    out: Out = TUNING,
) -> None:
    """Search hyperparameters of a stage: train combinations and rank them by validation loss.

    Without --try, learning rates and hidden units (or batch sizes) around the stage's own are tried.
    A hyperparameter given as a flag applies to every training. If it was stopped, call it again to continue.

    Example: kerasnn tune adam --try "learning-rate 0.0003 0.001 0.003" --try "hidden 50 100 100,50"

    Example: kerasnn tune dropout --try "dropout 0.1 0.3 0.5" --seeds 3 --epochs 10
    """
    from kerasnn.views.tuning import tuning_view

    stage = chosen.required("kerasnn tune adam")
    # by identity: 0 is a seed too
    first = SEED if (seed := overrides.pop("seed", None)) is None else seed
    how: dict[str, Any] = {"trials": trials, "seeds": range(first, first + seeds), **vars(work), **vars(data)}
    with output.listening() as listener:
        found = kerasnn.tune(stage, _choices(tried or []), out=out, listener=listener, **how, **overrides)
    output.show(found, tuning_view)


def _choices(flags: list[str]) -> dict[str, tuple[Any, ...]]:
    choices: dict[str, tuple[Any, ...]] = {}
    for flag in flags:
        name, *words = flag.split() or [""]
        parsed = [parse_setting(name, word) for word in words]
        if not parsed or parsed[0][0] in choices:
            raise UsageError(
                _("--try is '{given}'", given=flag),
                expected=_('a name and its values, as in --try "hidden 50 100", each name once'),
                hint=_('for example --try "learning-rate 0.0003 0.001 0.003"'),
            )
        choices[parsed[0][0]] = tuple(value for _name, value in parsed)
    return choices
