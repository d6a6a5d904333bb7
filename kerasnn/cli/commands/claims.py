"""`kerasnn claims`"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

import kerasnn
from kerasnn.cli.command import command, command_app
from kerasnn.cli.console import Output
from kerasnn.cli.options import DataDirOption, RayOption, TrainDatasetOption, WorkersOption
from kerasnn.errors import UsageError
from kerasnn.files.paths import REPRODUCTION
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import SEED

KEPT_HELP = N_("The folder that keeps every training and measurement as it comes, beside those of reproduce.")

app = command_app()


@command(app, "claims")
def claims(  # each is a flag
    output: Output,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[CLAIM]...", help=N_("Claims by their names; without any, all."))
    ] = None,
    judged: Annotated[bool, typer.Option("--judge", help=N_("Train, measure and compute, then judge each."))] = False,
    seeds: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=1000, help=N_("How many seeds to judge by; default: 5."))
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", min=0, help=N_("The first of them; default: 42."))] = None,
    workers: WorkersOption = None,
    ray: RayOption = None,
    dataset: TrainDatasetOption = None,
    data_dir: DataDirOption = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help=KEPT_HELP)] = REPRODUCTION,
) -> None:
    """List what the lecture claims; with --judge, say of each whether it holds, and on what evidence.

    All of them with 5 seeds take some five minutes. Finished trainings are kept, and not made twice.

    Example: kerasnn claims

    Example: kerasnn claims --judge hidden-beats-softmax --seeds 3
    """
    from kerasnn.views.claims import claims_view, judgement_view

    if not judged:
        trained = {"--seeds": seeds, "--seed": seed, "--workers": workers, "--ray": ray}
        _refuse({**trained, "--dataset": dataset, "--data-dir": data_dir})
        output.show(kerasnn.claims(names or ()), claims_view)
        return
    first = SEED if seed is None else seed
    with output.listening() as listener:
        judgement = kerasnn.judge_claims(
            names or (),
            seeds=range(first, first + (seeds or 5)),
            workers=workers,
            ray=ray,
            dataset=dataset or "auto",
            data_dir=data_dir,
            out=out,
            listener=listener,
        )
    output.show(judgement, judgement_view)


def _refuse(flags: Mapping[str, object]) -> None:
    given = [flag for flag, value in flags.items() if value is not None]
    if given:
        raise UsageError(
            _("{flags} without --judge: nothing is trained for the list", flags=", ".join(given)),
            hint=_("add --judge"),
        )
