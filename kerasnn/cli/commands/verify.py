"""`kerasnn verify`"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import DataDirOption, OutOption, TrainDatasetOption
from kerasnn.errors import CheckFailed
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _

if TYPE_CHECKING:
    from kerasnn.records import Verification

SUBJECT_HELP = N_("A stage, which is trained now, or a run: latest, its id, its folder.")
REPEAT_HELP = N_("Train it once more and compare the weights bit by bit.")


def add_to(app: typer.Typer) -> None:
    @command(app, "verify")
    def verify(
        output: Output,
        subject: Annotated[str, typer.Argument(metavar="STAGE|RUN", help=SUBJECT_HELP)],
        repeat: Annotated[bool, typer.Option("--repeat", help=REPEAT_HELP)] = False,
        seed: Annotated[
            int | None, typer.Option(metavar="N", min=0, help=N_("Of a stage that is trained now; default: 42."))
        ] = None,
        dataset: TrainDatasetOption = None,
        data_dir: DataDirOption = None,
        out: OutOption = RUNS,
    ) -> None:
        """Is my number right? Hold a training's figures against those of many seeds; code 6 where one is outside.

        A right training is outside about once in a hundred times. With --repeat, see whether it comes out bit by bit
        the same.

        Example: kerasnn verify latest
        """
        from kerasnn.views.verification import verification_view

        with output.listening() as listener:
            found = kerasnn.verify(
                subject, seed=seed, repeat=repeat, dataset=dataset, data_dir=data_dir, out=Path(out), listener=listener
            )
        output.show(found, verification_view)
        if not found.holds or (found.repetition is not None and not found.repetition.equal):
            raise _no(found)


def _no(found: "Verification") -> CheckFailed:
    from kerasnn.records.note import sentence
    from kerasnn.views.format import join_items

    outside = [check for check in found.checks if not check.inside]
    if not outside:
        return CheckFailed(
            _("{subject} does not repeat bit by bit", subject=found.subject),
            expected=_("the same weights from the same settings, seed and machine"),
        )
    figures = join_items([f"{_(check.figure)} {check.value:.4g}" for check in outside[:3]])
    more = _(" and {count} more", count=len(outside) - 3) if len(outside) > 3 else ""
    return CheckFailed(
        _("{subject} is outside its band: {figures}{more}", subject=found.subject, figures=figures, more=more),
        expected=_(
            "{figure} from {low:.4g} to {high:.4g}",
            figure=_(outside[0].figure),
            low=outside[0].low,
            high=outside[0].high,
        ),
        hint=sentence(found.causes[0]).rstrip(".?"),
    )
