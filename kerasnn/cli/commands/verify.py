"""`kerasnn verify`"""

from typing import TYPE_CHECKING, Annotated

import typer

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import RunsOption, TrainData
from kerasnn.errors import CheckFailed
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _

if TYPE_CHECKING:
    from kerasnn.records import Verification

_SUBJECT_HELP = N_("A stage, to train it now, or a run: latest, its id or its folder.")
StageOrRun = Annotated[str, typer.Argument(metavar="STAGE|RUN", help=_SUBJECT_HELP)]
Repeat = Annotated[bool, typer.Option("--repeat", help=N_("Train it again and compare the weights bit by bit."))]
Seed = Annotated[
    int | None, typer.Option(metavar="N", min=0, help=N_("Seed of a stage that is trained now; default: 42."))
]


@command("verify")
def verify(
    output: Output,
    subject: StageOrRun,
    repeat: Repeat = False,
    seed: Seed = None,
    *,
    data: TrainData,
    out: RunsOption = RUNS,
) -> None:
    """Is my result unusual? Compare a training's metrics with those of many seeds; exit code 6 if one is outside.

    The first epoch of a run is trained again and has to match its record. A correct training is outside about one time
    in a hundred. With --repeat, also check that training all of it again gives the same weights bit by bit.

    Example: kerasnn verify latest
    """
    from kerasnn.views.verification import verification_view

    with output.listening() as listener:
        found = kerasnn.verify(subject, seed=seed, repeat=repeat, **vars(data), out=out, listener=listener)
    output.show(found, verification_view)
    if not found.holds or (found.repetition is not None and not found.repetition.equal):
        raise _failure(found)


def _failure(found: "Verification") -> CheckFailed:
    from kerasnn.records.codes import Code
    from kerasnn.records.note import sentence
    from kerasnn.views.format import join_items

    changed = next((note for note in found.problems if note.code == Code.DATA_CHANGED), None)
    if changed is not None:
        return CheckFailed(
            sentence(changed),
            expected=_("the images that the run learnt from"),
            hint=_("restore that file, or name the place where it is now with --dataset"),
        )
    if found.problems:
        return CheckFailed(
            _(
                "the record of {subject} is not true: {problem}",
                subject=found.subject,
                problem=sentence(found.problems[0]),
            ),
            expected=_("run.json and the model as the training wrote them"),
            hint=_("kerasnn evaluate {subject} measures the saved model", subject=found.subject),
        )
    outside = [check for check in found.checks if not check.inside]
    if not outside:
        return CheckFailed(
            _("{subject} does not repeat bit by bit", subject=found.subject),
            expected=_("the same weights from the same settings, seed and machine"),
        )
    # three metrics with their values are enough for one sentence; the view above it has all of them
    metrics = join_items([f"{_(check.figure)} {check.value:.4g}" for check in outside[:3]])
    more = _(" and {count} more", count=len(outside) - 3) if len(outside) > 3 else ""
    first, name = outside[0], _(outside[0].figure)
    expected = _("{figure} from {low:.4g} to {high:.4g}", figure=name, low=first.low, high=first.high)
    if first.low == first.high:
        expected = f"{name} {first.low:.4g}"
    return CheckFailed(
        _("{subject} is unusual: {figures}", subject=found.subject, figures=metrics + more),
        expected=expected,
        hint=sentence(found.causes[0]).rstrip(".?"),
    )
