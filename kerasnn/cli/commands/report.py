"""`kerasnn report`"""

from pathlib import Path
from typing import Annotated, Any

import typer

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import ForceOption, ModelData, OnlyRunsOption, TrustOption
from kerasnn.errors import UsageError
from kerasnn.files.owned import check_owned, command_for
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _
from kerasnn.runs.find_model import find_model
from kerasnn.runs.latest import LATEST

_RUNS_HELP = N_("Runs, stages or models; several are compared. Default: latest.")
Models = Annotated[list[str] | None, typer.Argument(metavar="RUN", help=_RUNS_HELP)]
_LECTURE_HELP = N_("Report on the reference models of all stages, with every idea.")
Lecture = Annotated[bool, typer.Option("--lecture", help=_LECTURE_HELP)]
_IDEAS_HELP = N_("Also show the weights, and the ideas of the lecture worked out on this run.")
Ideas = Annotated[bool, typer.Option("--ideas", help=_IDEAS_HELP)]
Title = Annotated[str | None, typer.Option(metavar="TEXT", help=N_("Title of the page."))]
Author = Annotated[str | None, typer.Option(metavar="TEXT", help=N_("Your name, below the title."))]
File = Annotated[Path, typer.Option("--out", metavar="FILE", help=N_("The HTML file to write."))]
_CLAIMS_HELP = N_("Verdicts to include: a file with the output of kerasnn claims --judge --json.")
Claims = Annotated[Path | None, typer.Option(metavar="FILE", help=_CLAIMS_HELP)]
Index = Annotated[int, typer.Option(metavar="N", help=N_("Number of the test image in the explanations, from 0."))]
PAGE = Path("report.html")


@command("report")
def report(
    output: Output,
    models: Models = None,
    lecture: Lecture = False,
    ideas: Ideas = False,
    title: Title = None,
    author: Author = None,
    file: File = PAGE,
    claims: Claims = None,
    index: Index = 0,
    force: ForceOption = False,
    *,
    data: ModelData,
    runs: OnlyRunsOption = RUNS,
    trust: TrustOption = False,
) -> None:
    """Write the results, curves, settings and mistakes of a run into one HTML file, to read, print or hand in.

    Example: kerasnn report latest --title Dropout --author "Kim Minji" --out report.html

    Example: kerasnn report latest --ideas

    Example: kerasnn report --lecture --lang ko
    """
    if lecture and models:
        raise UsageError(_("--lecture reports on the reference models, not on runs"), hint=_("leave the runs out"))
    names = ["lecture"] if lecture else [find_model(each, runs).name for each in models or (LATEST,)]
    check_owned(file, command_for("report", names), owner=names[0], force=force)  # now: collecting takes seconds
    named = {"ideas": ideas, "title": title, "author": author}
    about: dict[str, Any] = {"lecture": lecture, **named, "claims": claims, "index": index, **vars(data)}
    with output.listening() as listener:
        found = kerasnn.report(*(models or ()), out=runs, trust=trust, listener=listener, **about)
    from kerasnn.views.page.render import report_view  # matplotlib, which a refused model need not wait for

    kerasnn.save_report(found, file, force=force)  # first, so that what is shown has been written
    output.show(found, report_view)
    output.note(_("written: {file} ({size:.1f} MB)", file=file, size=file.stat().st_size / 1e6))
