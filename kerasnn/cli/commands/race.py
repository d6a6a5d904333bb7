"""`kerasnn race`"""

from typing import Annotated, Any

import typer

import kerasnn
from kerasnn.cli.command import command, command_app
from kerasnn.cli.console import Output
from kerasnn.cli.drawn_notes import note_drawn
from kerasnn.cli.localized_help import filled
from kerasnn.cli.options import DataDirOption, DatasetOption, PlotsOption
from kerasnn.errors import UsageError
from kerasnn.language import N_, _
from kerasnn.lecture.optimizers import CONTENDERS

OPTIMIZERS_HELP = filled(N_("Of {names}; without any, all."), names=", ".join(CONTENDERS))

app = command_app()


@command(app, "race", settings=("epochs", "batch_size", "seed"))
def race(
    output: Output,
    overrides: dict[str, Any],
    optimizers: Annotated[list[str] | None, typer.Argument(metavar="[OPTIMIZER]...", help=OPTIMIZERS_HELP)] = None,
    rate: Annotated[
        list[str] | None, typer.Option(metavar="NAME=RATE", help=N_("Another learning rate than Keras' default."))
    ] = None,
    target: Annotated[float, typer.Option(metavar="LOSS", help=N_("The validation loss to reach."))] = 0.4,
    stage: Annotated[str, typer.Option(metavar="STAGE", help=N_("The network that they train."))] = "relu",
    dataset: DatasetOption = "auto",
    data_dir: DataDirOption = None,
    plots: PlotsOption = None,
) -> None:
    """Race optimizers from the same first weights over the same batches: curves, time to a target, step sizes.

    Example: kerasnn race --plots plots

    Example: kerasnn race sgd adam --rate sgd=0.1 --rate adam=0.002 --epochs 10
    """
    from kerasnn.views.race import race_view

    with output.listening() as listener:
        found = kerasnn.race(
            optimizers or (),
            rates=_rates(rate or []),
            stage=stage,
            target=target,
            dataset=dataset,
            data_dir=data_dir,
            listener=listener,
            **overrides,
        )
    output.show(found, race_view)
    if plots is not None:
        from kerasnn.views.figures.race import save_race

        note_drawn(output, [save_race(found, plots / "race.png")])


def _rates(given: list[str]) -> dict[str, float]:
    rates = {}
    for each in given:
        name, _sign, rate = each.partition("=")
        try:
            rates[name.strip()] = float(rate)
        except ValueError:
            raise UsageError(
                _("--rate is '{given}'", given=each), expected=_("NAME=RATE, as in --rate adam=0.002")
            ) from None
    return rates
