"""`kerasnn runs list | show | compare | export | import | remove`"""

import shlex
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import (
    ForceOption,
    ForcePicturesOption,
    OnlyRunsOption,
    PlotsOption,
    RunsOption,
    note_drawn,
    on_output,
)
from kerasnn.cli.subjects import StageChoice
from kerasnn.errors import Interrupted, ModelFileError, UsageError
from kerasnn.files.paths import RUNS, as_argument, runs_flag
from kerasnn.language import N_, _
from kerasnn.records import Run, RunRow
from kerasnn.records.codes import Code

RunArgument = Annotated[str, typer.Argument(metavar="RUN", help=N_("A run's id, latest, or the path of its folder."))]
RunsArgument = Annotated[list[str], typer.Argument(metavar="RUN", help=N_("Runs' ids, latest, or their folders."))]
Status = Annotated[str | None, typer.Option(metavar="STATUS", help=N_("running, done, stopped, failed or damaged."))]
Dataset = Annotated[str | None, typer.Option(metavar="NAME", help=N_("Only runs trained on this data set."))]
_SORT_HELP = N_("run (oldest first), stage, status, dataset, loss, accuracy or seconds.")
_TAG_HELP = N_("Only runs with this tag; those of the tour have the tag tour.")
Tag = Annotated[str | None, typer.Option(metavar="TEXT", help=_TAG_HELP)]
Csv = Annotated[bool, on_output("--csv", help=N_("Print a CSV file, as RFC 4180 describes it, and nothing else."))]
Sort = Annotated[str, typer.Option(metavar="BY", help=_SORT_HELP)]
_FILE_HELP = N_("The file to write; default: the run's id and .kerasnn.zip.")
File = Annotated[Path | None, on_output("--out", metavar="FILE", help=_FILE_HELP)]
Author = Annotated[str | None, typer.Option(metavar="TEXT", help=N_("Your name, which the file then holds."))]
_REPORT_HELP = N_("Write the run's report as well, and pack it.")
WithReport = Annotated[bool, typer.Option("--report", help=_REPORT_HELP)]
PacksArgument = Annotated[list[Path], typer.Argument(metavar="FILE", help=N_("Files written by kerasnn runs export."))]
Yes = Annotated[bool, typer.Option("--yes", "-y", help=N_("Remove without asking."))]


@command("runs list")
def list_(
    output: Output,
    chosen: StageChoice,
    status: Status = None,
    dataset: Dataset = None,
    tag: Tag = None,
    sort: Sort = "run",
    csv: Csv = False,
    out: RunsOption = RUNS,
) -> None:
    """List the runs: what was changed, validation loss and accuracy, time, name and tags; best first with --sort loss.

    Example: kerasnn runs list dropout --sort loss

    Example: kerasnn runs list --csv > runs.csv
    """
    from kerasnn.views.run_csv import runs_csv
    from kerasnn.views.runs import runs_view

    if csv and output.as_json:
        raise UsageError(_("--csv and --json are two formats"), expected=_("one of the two"))
    rows = kerasnn.list_runs(out, stage=chosen.name, status=status, dataset=dataset, tag=tag, sort=sort)
    if csv:
        typer.echo(runs_csv(rows).encode("utf-8"), nl=False)  # bytes: the ends of the lines stay as they are
        return
    output.show(rows, partial(runs_view, tour=tag is not None))
    output.next_command = _after_list(rows, out)


def _after_list(rows: Sequence[RunRow], out: Path) -> str:
    """Return the command that looks at the last runs of the list."""
    ids = [row.run for row in rows if row.validation is not None][-2:]
    killed = [note for row in rows for note in row.notes if note.code == Code.KILLED]
    if killed and not ids:
        return str(killed[-1].values["command"])
    words = {0: ["train", "dropout"], 1: ["runs", "show", *ids], 2: ["runs", "compare", *ids]}[len(ids)]
    return shlex.join(["kerasnn", *words, *runs_flag(out)])


@command("runs show")
def show(output: Output, run: RunArgument, out: RunsOption = RUNS) -> None:
    """Show a run again, as train showed it.

    Example: kerasnn runs show latest
    """
    from kerasnn.views.run import run_document, run_view

    found = kerasnn.open_run(run, out=out)
    output.show(found, partial(run_view, verbose=output.verbose), document=run_document)
    output.next_command = _after_show(found, out)


def _after_show(run: Run, out: Path) -> str:
    """Return the command to try after a run, whatever became of it."""
    if run.reading and run.reading.next_command:
        return run.reading.next_command
    words = ["evaluate", run.run] if run.model else ["train", "--resume", run.run]
    return shlex.join(["kerasnn", *words, *runs_flag(out)])


@command("runs compare")
def compare(
    output: Output,
    runs: RunsArgument,
    plots: PlotsOption = None,
    force: ForcePicturesOption = False,
    out: RunsOption = RUNS,
) -> None:
    """Compare runs: the settings in which they differ, their metrics and curves.

    Example: kerasnn runs compare 20261124-101500-adam-s42 latest --plots plots
    """
    from kerasnn.study.bands import seeds_differ
    from kerasnn.views.runs import run_comparison_view

    comparison = kerasnn.compare_runs(runs, out=out)
    output.show(comparison, partial(run_comparison_view, by_seed=seeds_differ(comparison.runs)))
    histories = [(run.run, run.history) for run in comparison.runs if run.history]
    if plots is not None and histories:
        from kerasnn.views.figures.curves import save_runs

        note_drawn(output, [save_runs(histories, plots / "runs.png", heading=N_("Runs compared"))])


@command("runs export")
def export(
    output: Output,
    run: RunArgument,
    author: Author = None,
    report: WithReport = False,
    file: File = None,
    force: ForceOption = False,
    runs: OnlyRunsOption = RUNS,
) -> None:
    """Pack a run into one file, to hand it in or to go on with it on another machine.

    The file holds the record, the history, the model, the curves, and the state that more epochs start from.

    Example: kerasnn runs export latest --author "Kim Minji"
    """
    from kerasnn.runs.pack import place_of
    from kerasnn.views.packed import packed_view

    place_of(run, file, out=runs, force=force)  # now: a report takes seconds
    page = _report(output, run, author, runs) if report else None
    packed = kerasnn.export_run(run, file, out=runs, author=author, report=page, force=force)
    output.show(packed, packed_view)
    output.next_command = shlex.join(["kerasnn", "runs", "import", as_argument(packed.file)])


def _report(output: Output, run: str, author: str | None, runs: Path) -> str:
    """Return the report on a run as HTML."""
    from kerasnn.views.page.render import page_text

    with output.listening() as listener:
        found = kerasnn.report(run, out=runs, author=author, listener=listener)
    return page_text(found)


@command("runs import")
def import_(output: Output, files: PacksArgument, out: RunsOption = RUNS) -> None:
    """Import packed runs, each into a new folder beside your own runs; nothing is overwritten.

    Files that cannot be read are named, and the others are imported all the same.

    Example: kerasnn runs import 20261124-101500-adam-s42.kerasnn.zip
    """
    from kerasnn.records import plain
    from kerasnn.views.packed import imports_view

    found, refused = [], []
    try:
        for file in files:
            try:
                found.append(kerasnn.import_run(file, out=out))
            except ModelFileError as error:
                if len(files) == 1:
                    raise
                output.warn(error.message)
                refused.append(file)
    finally:  # those that are there are told also where the disk is full now
        if found:
            output.show(found, imports_view, document=lambda runs: plain(runs if len(files) > 1 else runs[0]))
    if refused:
        raise ModelFileError(
            _("{count} of {total} files could not be imported", count=len(refused), total=len(files)),
            expected=_("files written by kerasnn runs export"),
            hint=_("ask for those files again; the others were imported") if found else None,
        )
    words = ["evaluate", found[0].run] if found[0].model else ["train", "--resume", found[0].run]
    output.next_command = shlex.join(["kerasnn", *words, *runs_flag(out)])


@command("runs remove")
def remove(output: Output, runs: RunsArgument, yes: Yes = False, out: RunsOption = RUNS) -> None:
    """Remove runs with their folders, after asking. Only folders of runs are ever removed.

    Example: kerasnn runs remove 20261124-101500-adam-s42
    """
    from kerasnn.views.runs import removed_view

    folders = kerasnn.removable_runs(runs, out=out)  # all names are checked before the first question
    if not yes:
        with output.still():
            _ask(output, folders)
    output.show(kerasnn.remove_runs(runs, out=out), removed_view)


def _ask(output: Output, folders: tuple[Path, ...]) -> None:
    if output.as_json:
        raise UsageError(_("remove asks for confirmation, which --json rules out"), expected=_("--yes"))
    for folder in folders:
        typer.echo(_("to be removed: {folder}", folder=folder), err=True)
    if not typer.confirm(_("Remove for good?"), err=True):
        raise Interrupted(_("nothing was removed"), hint=_("kerasnn runs list shows what is there"))
