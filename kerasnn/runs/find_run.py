"""Find the folder of a run by name: its id, its folder, or `latest`."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from kerasnn.errors import EnvironmentFault, ModelFileError, did_you_mean
from kerasnn.files.paths import RUNS, expanded
from kerasnn.files.untrusted import read_regular
from kerasnn.language import _
from kerasnn.runs import folder as run_folder

LONGEST_NAME: Final = 200  # characters


def find_run(name: str, out: Path = RUNS, *, unfinished: bool = False) -> Path:
    """Return the folder of the run `name`: its id in `out`, its folder, or `latest`.

    `unfinished`: `latest` then means the last run started that is not done and that no process is training.

    Raises: ModelFileError if there is none.
    """
    if name == run_folder.LATEST:
        return _latest_unfinished(out) if unfinished else latest_run(out)
    for folder in (expanded(name), out / name):
        if (folder / run_folder.RECORD).is_file():
            return folder
    raise ModelFileError(
        _("there is no run '{name}' in {out}", name=name, out=out),
        expected=_("a run's id, its folder, or 'latest'"),
        hint=did_you_mean(
            name, [path.name for path in run_folder.all_runs(out)], _("name the folder that holds the runs with --out")
        ),
    )


def latest_run(out: Path) -> Path:
    """Return the folder of the run that saved its results last in `out`.

    Raises: ModelFileError if there is none.
    """
    try:
        run = read_regular(out / run_folder.LATEST, limit=LONGEST_NAME).decode("utf-8").strip()
    except (OSError, ValueError):
        raise ModelFileError(
            _("there is no latest run: {out} holds none", out=out), hint=_("kerasnn train --stage dropout makes one")
        ) from None
    # the file may come from a stranger: its content must be the name of a folder in `out`, not a path to elsewhere
    if not run.isprintable() or run in ("", "..") or Path(run).name != run or not (out / run).is_dir():
        raise ModelFileError(
            _("the latest run '{run}' is no longer in {out}", run=run, out=out), hint=_("name another run by its id")
        )
    return out / run


def _latest_unfinished(out: Path) -> Path:
    started: list[tuple[float, Path]] = []
    for folder in run_folder.all_runs(out):
        with suppress(ModelFileError, KeyError, TypeError, ValueError):  # skip a damaged run
            record = run_folder.read_record(folder)
            if record["status"] != "done":
                started.append((datetime.fromisoformat(record["started"]).timestamp(), folder))
    if not started:
        raise ModelFileError(
            _("no run in {out} is unfinished", out=out),
            expected=_("one that was stopped, killed or failed"),
            hint=_("--more-epochs N extends one that is done"),
        )
    latest_first = [folder for _moment, folder in sorted(started, reverse=True)]
    for folder in latest_first:
        with suppress(EnvironmentFault), run_folder.locked(folder):  # skip a run that is being trained
            return folder
    return latest_first[0]  # all are being trained; the caller's attempt to lock this one will say so
