"""`kerasnn race`"""

from typing import Annotated, Any

import typer

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.localized_help import filled
from kerasnn.cli.options import Data, ForcePicturesOption, PlotsOption, ThreadsOption, note_drawn
from kerasnn.errors import UsageError
from kerasnn.language import N_, _
from kerasnn.lecture.optimizers import CONTENDERS

_OPTIMIZERS_HELP = filled(N_("Any of {names}; default: all."), names=", ".join(CONTENDERS))
Optimizers = Annotated[list[str] | None, typer.Argument(metavar="OPTIMIZER", help=_OPTIMIZERS_HELP)]
Rates = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=RATE", help=N_("Learning rate of an optimizer, in place of Keras' default.")),
]
Target = Annotated[float, typer.Option(metavar="LOSS", help=N_("The validation loss to reach."))]
Stage = Annotated[str, typer.Option(metavar="STAGE", help=N_("The stage whose network is trained."))]


@command("race", settings=("epochs", "batch_size", "seed"))
def race(
    output: Output,
    overrides: dict[str, Any],
    optimizers: Optimizers = None,
    rate: Rates = None,
    target: Target = 0.4,
    stage: Stage = "relu",
    threads: ThreadsOption = None,
    *,
    data: Data,
    plots: PlotsOption = None,
    force: ForcePicturesOption = False,
) -> None:
    """Race optimizers from the same initial weights over the same batches: curves, time to a target, step sizes.

    Example: kerasnn race --plots plots

    Example: kerasnn race sgd adam --rate sgd=0.1 --rate adam=0.002 --epochs 10
    """
    from kerasnn.views.race import race_view

    how: dict[str, Any] = {
        "rates": _rates(rate or []),
        "stage": stage,
        "target": target,
        "threads": threads,
        **overrides,
        **vars(data),
    }
    with output.listening() as listener:
        found = kerasnn.race(optimizers or (), listener=listener, **how)
    output.show(found, race_view)
    if plots is not None:
        from kerasnn.views.figures.studies import save_race

        note_drawn(output, [save_race(found, plots / "race.png")])


def _rates(pairs: list[str]) -> dict[str, float]:
    rates = {}
    for pair in pairs:
        name, _sign, rate = pair.partition("=")
        try:
            rates[name.strip()] = float(rate)
        except ValueError:
            raise UsageError(
                _("--rate is '{given}'", given=pair), expected=_("NAME=RATE, as in --rate adam=0.002")
            ) from None
    return rates
