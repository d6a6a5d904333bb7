"""`kerasnn reproduce`"""

import json
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import kerasnn
from kerasnn.cli.command import command, command_app
from kerasnn.cli.console import Output
from kerasnn.cli.options import DataDirOption, DatasetOption, RayOption, WorkersOption
from kerasnn.errors import UsageError
from kerasnn.files.atomic import write_text
from kerasnn.files.locks import held
from kerasnn.files.paths import REPRODUCTION
from kerasnn.files.untrusted import parse_json, read_regular
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import SEED

if TYPE_CHECKING:
    from kerasnn.records import Reproduction

STAGES_HELP = N_("Which stages, several times or with commas between; default: all.")
KEPT_HELP = N_("The folder that keeps every training as it comes, and the results.")
SECONDS_TO_WRITE = 60
LARGEST_REPORT = 1 << 28

app = command_app()


@command(app, "reproduce")
def reproduce(  # each is a flag
    output: Output,
    stages: Annotated[list[str] | None, typer.Option(metavar="STAGE", help=STAGES_HELP)] = None,
    seeds: Annotated[int, typer.Option(metavar="N", min=1, max=10_000, help=N_("How many seeds."))] = 5,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help=N_("The first of them."))] = SEED,
    workers: WorkersOption = None,
    ray: RayOption = None,
    dataset: DatasetOption = "auto",
    data_dir: DataDirOption = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help=KEPT_HELP)] = REPRODUCTION,
) -> None:
    """Train every stage with several seeds, and hold the figures against the published ones.

    Stopped and called again, it goes on where it was; what is finished is never trained twice.

    Example: kerasnn reproduce --seeds 5 --workers 2
    """
    from kerasnn.views.reproduction import reproduction_view

    names = [name.strip() for given in stages or [] for name in given.split(",") if name.strip()]
    if stages and not names:
        raise UsageError(
            _("--stages is '{given}'", given=",".join(stages)),
            expected=_("stages with commas between; without --stages, all"),
        )
    with output.listening() as listener:
        found = kerasnn.reproduce(
            names,
            seeds=range(seed, seed + seeds),
            workers=workers,
            ray=ray,
            out=out,
            dataset=dataset,
            data_dir=data_dir,
            listener=listener,
        )
    output.show(found, reproduction_view)
    output.note(_("written: {path} and the same as .csv, .json and .png", path=_write(found, out)))


def _write(found: "Reproduction", out: Path) -> Path:
    from kerasnn.records import plain
    from kerasnn.views.figures.reproduction import save_reproduction
    from kerasnn.views.reproduction_files import reproduction_csv, reproduction_markdown

    with held(out / ".lock", str(out), wait=SECONDS_TO_WRITE):  # two studies may be through at once
        path = _place_of(found, out)
        write_text(path, reproduction_markdown(found, path.with_suffix(".png").name))
        write_text(path.with_suffix(".csv"), reproduction_csv(found))
        write_text(path.with_suffix(".json"), json.dumps(plain(found), ensure_ascii=False, indent=1) + "\n")
        save_reproduction(found, path.with_suffix(".png"))
    return path


def _place_of(found: "Reproduction", out: Path) -> Path:
    """The report of this study in `out`, if it is there; else a new one, numbered where other studies have theirs."""
    for number in count(1):
        path = out / ("reproduction.md" if number == 1 else f"reproduction-{number}.md")
        if _command_of(path.with_suffix(".json")) in (None, found.command):
            break
    return path


def _command_of(path: Path) -> str | None:
    """The command that wrote `path`; None where there is no such file, or nothing to be read in it."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return str(parse_json(read_regular(path, limit=LARGEST_REPORT))["command"])
    return None
