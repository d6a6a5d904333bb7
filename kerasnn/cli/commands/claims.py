"""`kerasnn claims`"""

from pathlib import Path
from typing import Annotated

import typer

import kerasnn
from kerasnn.cli.command import command, given
from kerasnn.cli.console import Output
from kerasnn.cli.options import TrainData, Work
from kerasnn.errors import UsageError
from kerasnn.files.paths import REPRODUCTION
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import SEED

Names = Annotated[list[str] | None, typer.Argument(metavar="CLAIM", help=N_("Names of claims; default: all."))]
Judge = Annotated[bool, typer.Option("--judge", help=N_("Run the trainings and computations, then judge each claim."))]
Seeds = Annotated[
    int | None, typer.Option(metavar="N", min=1, max=1000, help=N_("Number of seeds to judge by; default: 5."))
]
Seed = Annotated[int | None, typer.Option(metavar="N", min=0, help=N_("The first seed; default: 42."))]
Out = Annotated[
    Path,
    typer.Option(
        metavar="FOLDER",
        help=N_("Folder where each training and measurement is saved as it finishes; shared with reproduce."),
    ),
]


@command("claims")
def claims(
    output: Output,
    names: Names = None,
    judged: Judge = False,
    seeds: Seeds = None,
    seed: Seed = None,
    *,
    work: Work,
    data: TrainData,
    out: Out = REPRODUCTION,
) -> None:
    """List the lecture's claims; with --judge, test whether each holds, and show the evidence.

    Judging all of them with 5 seeds takes about five minutes. Finished trainings are saved and never repeated.

    Example: kerasnn claims

    Example: kerasnn claims --judge hidden-beats-softmax --seeds 3
    """
    from kerasnn.views.claims import claims_view, judgement_view

    if not judged:
        for_training = {"seeds": seeds, "seed": seed, **vars(work), **vars(data)}
        if useless := [f"--{name.replace('_', '-')}" for name in given(for_training)]:
            raise UsageError(
                _("nothing is trained without --judge, so {flags} cannot apply", flags=", ".join(useless)),
                hint=_("add --judge"),
            )
        output.show(kerasnn.claims(names or ()), claims_view)
        return
    first = SEED if seed is None else seed  # None above tells "not given" from 42
    chosen, where = range(first, first + (seeds or 5)), {**vars(data), "dataset": data.dataset or "auto"}
    with output.listening() as listener:
        judgement = kerasnn.judge_claims(names or (), seeds=chosen, **vars(work), **where, out=out, listener=listener)
    output.show(judgement, judgement_view)
