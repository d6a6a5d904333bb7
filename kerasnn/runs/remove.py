"""Runs thrown away: nothing but the folders of runs, and nothing that a link leads to."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from kerasnn.errors import EnvironmentFault, ModelFileError
from kerasnn.files.atomic import write_text
from kerasnn.language import _
from kerasnn.runs.find_run import find_run
from kerasnn.runs.folder import LATEST, RUNS, locked
from kerasnn.runs.listing import is_run, list_runs


def removable(names: Sequence[str], out: Path = RUNS) -> tuple[Path, ...]:
    """The folders of the runs `names`, each once; they lie in `out` itself.

    Raises: ModelFileError where one is no run of `out`.
    """
    folders = tuple(dict.fromkeys(find_run(name, out) for name in names))
    for folder in folders:
        if not is_run(folder) or folder.parent.resolve() != out.resolve() or folder.name in ("", ".", ".."):
            raise ModelFileError(
                _("{folder} is not one of the runs in {out}", folder=folder, out=out),
                expected=_("a run's id"),
                hint=_("name its folder with --out {parent}", parent=folder.parent),
            )
    return folders


def remove_runs(names: Sequence[str], out: Path = RUNS) -> tuple[str, ...]:
    """Remove the folders of the runs `names` with all that is in them; returns their ids.

    A link inside is removed itself, and what it leads to is left. `latest` then means the newest finished run left.

    Raises: ModelFileError before anything is removed, where one is no run of `out`; EnvironmentFault, also where
    another process trains in it.
    """
    folders = removable(names, out)
    for folder in folders:
        with locked(folder):
            _remove(folder)
    _settle_latest(out)
    return tuple(folder.name for folder in folders)


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise EnvironmentFault(
            _("{folder} could not be removed: {strerror}", folder=folder, strerror=error.strerror or error),
            expected=_("a folder you may write to"),
        ) from None


def _settle_latest(out: Path) -> None:
    latest = out / LATEST
    if not latest.is_file() or (out / latest.read_text(encoding="utf-8", errors="replace").strip()).is_dir():
        return
    finished = [row.run for row in list_runs(out) if row.validation is not None]
    if finished:
        write_text(latest, finished[-1] + "\n")
    else:
        latest.unlink()
