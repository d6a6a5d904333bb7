"""`kerasnn report`"""

from pathlib import Path
from typing import Annotated

import typer

import kerasnn
from kerasnn.cli.command import command, command_app
from kerasnn.cli.console import Output
from kerasnn.cli.options import DataDirOption, ModelDatasetOption, RunsOption, TrustOption
from kerasnn.errors import UsageError
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _

app = command_app()


@command(app, "report")
def report(
    output: Output,
    models: Annotated[
        list[str] | None,
        typer.Argument(metavar="[RUN]...", help=N_("Runs, stages or models; several are compared. Default: latest.")),
    ] = None,
    lecture: Annotated[
        bool, typer.Option("--lecture", help=N_("The reference models of all stages, and every idea."))
    ] = False,
    file: Annotated[Path, typer.Option("--out", metavar="FILE", help=N_("The page to write."))] = Path("report.html"),
    claims: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=N_("Verdicts to show: what kerasnn claims --judge --json printed.")),
    ] = None,
    index: Annotated[int, typer.Option(metavar="N", help=N_("The test image to work the ideas out on."))] = 0,
    dataset: ModelDatasetOption = None,
    data_dir: DataDirOption = None,
    runs: RunsOption = RUNS,
    trust: TrustOption = False,
) -> None:
    """Write all that is known of a run into one HTML file: to read, to print, to hand in. It loads nothing else.

    Example: kerasnn report latest --out report.html

    Example: kerasnn report --lecture --lang ko
    """
    from kerasnn.views.report import report_view

    if lecture and models:
        raise UsageError(_("--lecture takes the reference models of all stages"), hint=_("leave the runs out"))
    with output.listening() as listener:
        found = kerasnn.report(
            *(models or ()),
            lecture=lecture,
            claims=claims,
            index=index,
            dataset=dataset,
            data_dir=data_dir,
            out=runs,
            trust=trust,
            listener=listener,
        )
    kerasnn.save_report(found, file)
    output.show(found, report_view)
    output.note(_("written: {file} ({size:.1f} MB)", file=file, size=file.stat().st_size / 1e6))
