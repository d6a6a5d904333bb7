"""`kerasnn claims`"""

from pathlib import Path
from typing import Annotated

import typer

from kerasnn import api
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import DataDirOption, DatasetOption, RayOption, WorkersOption
from kerasnn.language import N_
from kerasnn.lecture.stages import SEED
from kerasnn.views.claims import claims_view, judgement_view

KEPT_HELP = N_("The folder that keeps every training and measurement as it comes, beside those of reproduce.")


def add_to(app: typer.Typer) -> None:
    @command(app, "claims")
    def claims(  # each is a flag
        output: Output,
        names: Annotated[
            list[str] | None, typer.Argument(metavar="[CLAIM]...", help=N_("Claims by their names; without any, all."))
        ] = None,
        judged: Annotated[
            bool, typer.Option("--judge", help=N_("Train, measure and compute, then judge each."))
        ] = False,
        seeds: Annotated[int, typer.Option(metavar="N", min=1, max=1000, help=N_("How many seeds to judge by."))] = 5,
        seed: Annotated[int, typer.Option(metavar="N", min=0, help=N_("The first of them."))] = SEED,
        workers: WorkersOption = None,
        ray: RayOption = None,
        dataset: DatasetOption = "auto",
        data_dir: DataDirOption = None,
        out: Annotated[Path, typer.Option(metavar="FOLDER", help=KEPT_HELP)] = api.REPRODUCTION,
    ) -> None:
        """List what the lecture claims; with --judge, say of each whether it holds, and on what evidence.

        All of them with 5 seeds take some five minutes. Finished trainings are kept, and not made twice.

        Example: kerasnn claims

        Example: kerasnn claims --judge hidden-beats-softmax --seeds 3
        """
        if not judged:
            output.show(api.claims(names or ()), claims_view)
            return
        with output.listening() as listener:
            judgement = api.judge_claims(
                names or (),
                seeds=range(seed, seed + seeds),
                workers=workers,
                ray=ray,
                dataset=dataset,
                data_dir=data_dir,
                out=out,
                listener=listener,
            )
        output.show(judgement, judgement_view)
