"""`kerasnn reproduce`"""

import json
import os
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import Data, Work
from kerasnn.cli.subjects import one_name
from kerasnn.errors import UsageError
from kerasnn.files.atomic import is_replaceable, write_text
from kerasnn.files.locks import file_lock
from kerasnn.files.owned import is_own
from kerasnn.files.paths import REPRODUCTION
from kerasnn.files.seal import BLANK_COMMENT, sealed
from kerasnn.files.untrusted import read_regular
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import SEED

if TYPE_CHECKING:
    from kerasnn.records import Reproduction

SECONDS_TO_WRITE = 60  # how long to wait for another study that writes its report
LARGEST_REPORT = 1 << 28  # bytes
BESIDE = (".csv", ".json", ".png")

_STAGES_HELP = N_("Stages to train; default: all.")
Stages = Annotated[list[str] | None, typer.Argument(metavar="STAGE", help=_STAGES_HELP)]
_SAME_HELP = N_("The same, as a flag: repeated, or separated by commas.")
StagesFlag = Annotated[list[str] | None, typer.Option("--stages", "--stage", metavar="STAGE", help=_SAME_HELP)]
Seeds = Annotated[int, typer.Option(metavar="N", min=1, max=10_000, help=N_("Number of seeds."))]
Seed = Annotated[int, typer.Option(metavar="N", min=0, help=N_("The first seed."))]
_OUT_HELP = N_("Folder where each training is saved as it finishes, with the results.")
Out = Annotated[Path, typer.Option(metavar="FOLDER", help=_OUT_HELP)]


@command("reproduce")
def reproduce(
    output: Output,
    first: Stages = None,
    stages: StagesFlag = None,
    seeds: Seeds = 5,
    seed: Seed = SEED,
    *,
    work: Work,
    data: Data,
    out: Out = REPRODUCTION,
) -> None:
    """Train every stage with several seeds and compare the metrics with those published.

    If it was stopped, call it again to continue; finished trainings are never repeated.

    Example: kerasnn reproduce --seeds 5 --workers 2

    Example: kerasnn reproduce softmax adam
    """
    from kerasnn.views.reproduction import reproduction_view

    names, chosen = _names(first or [], stages or []), range(seed, seed + seeds)
    with output.listening() as listener:
        found = kerasnn.reproduce(names, seeds=chosen, **vars(work), **vars(data), out=out, listener=listener)
    output.show(found, reproduction_view)
    output.note(_("written: {path} and the same as .csv, .json and .png", path=_write(found, out)))


def _names(first: list[str], stages: list[str]) -> list[str]:
    if first and stages:
        one_name(" ".join(first), "--stages", " ".join(stages))
    stages = first or stages
    names = [name.strip() for words in stages for name in words.split(",") if name.strip()]
    if stages and not names:
        raise UsageError(
            _("--stages is '{given}'", given=",".join(stages)),
            expected=_("stages separated by commas; without --stages, all"),
        )
    return names


def _write(found: "Reproduction", out: Path) -> Path:
    from kerasnn.records import plain
    from kerasnn.views.figures.studies import save_reproduction
    from kerasnn.views.reproduction_files import reproduction_csv, reproduction_markdown

    with file_lock(out / ".lock", str(out), wait=SECONDS_TO_WRITE):  # two studies may finish at once
        path = _report_path(found, out)
        write_text(path.with_suffix(".csv"), reproduction_csv(found))
        write_text(path.with_suffix(".json"), json.dumps(plain(found), ensure_ascii=False, indent=1) + "\n")
        save_reproduction(found, path.with_suffix(".png"))
        text = reproduction_markdown(found, path.with_suffix(".png").name) + BLANK_COMMENT
        write_text(path, sealed(text.encode(), found.command, _beside(path)).decode())
    return path


def _report_path(found: "Reproduction", out: Path) -> Path:
    """Return the path of this study's report in `out`: the one it wrote before, else the first unused numbered name."""
    for number in count(1):
        path = out / ("reproduction.md" if number == 1 else f"reproduction-{number}.md")
        written = [path, *map(path.with_suffix, BESIDE)]
        if not any(map(os.path.lexists, written)):  # another study's report stays, and so do the user's files
            break
        with suppress(OSError, ValueError):
            if all(map(is_replaceable, written)) and is_own(path, found.command, beside=_beside(path)):
                break
    return path


def _beside(path: Path) -> bytes:
    """Return what the seal of a report is also for: the files beside it, none of which was changed."""
    return b"".join(read_regular(path.with_suffix(each), limit=LARGEST_REPORT) for each in BESIDE)
