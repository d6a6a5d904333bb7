"""Remove runs: nothing but folders of runs, and never the target of a link."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from kerasnn.errors import EnvironmentFault, ModelFileError
from kerasnn.files.atomic import write_text
from kerasnn.files.paths import RUNS
from kerasnn.language import _
from kerasnn.runs.find_run import find_run
from kerasnn.runs.folder import LATEST, locked
from kerasnn.runs.listing import is_run, list_runs


def removable_runs(runs: Sequence[str], *, out: str | Path = RUNS) -> tuple[Path, ...]:
    """Return the folders that `remove_runs` would remove, each once; all are directly in `out`.

    Raises: ModelFileError if one is not a run in `out`.
    """
    out = Path(out)
    folders = tuple(dict.fromkeys(find_run(run, out) for run in runs))
    for folder in folders:
        if not is_run(folder) or folder.parent.resolve() != out.resolve() or folder.name in ("", ".", ".."):
            raise ModelFileError(
                _("{folder} is not one of the runs in {out}", folder=folder, out=out),
                expected=_("a run's id"),
                hint=_("name its folder with --out {parent}", parent=folder.parent),
            )
    return folders


def remove_runs(runs: Sequence[str], *, out: str | Path = RUNS) -> tuple[str, ...]:
    """Remove the folders of `runs` with everything in them, without asking, and return their ids.

    A link in a folder is removed, but not its target. `latest` then means the newest finished run that is left.

    Raises: ModelFileError, before anything is removed, if one is not a run in `out`; EnvironmentFault if a folder
    cannot be removed, or another process is training in it.
    """
    folders = removable_runs(runs, out=out)
    for folder in folders:
        with locked(folder):
            _remove(folder)
    _update_latest(Path(out))
    return tuple(folder.name for folder in folders)


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise EnvironmentFault(
            _("{folder} could not be removed: {strerror}", folder=folder, strerror=error.strerror or error),
            expected=_("a folder you may write to"),
        ) from None


def _update_latest(out: Path) -> None:
    latest = out / LATEST
    if not latest.is_file() or (out / latest.read_text(encoding="utf-8", errors="replace").strip()).is_dir():
        return
    finished = [row.run for row in list_runs(out) if row.validation is not None]
    if finished:
        write_text(latest, finished[-1] + "\n")
    else:
        latest.unlink()
