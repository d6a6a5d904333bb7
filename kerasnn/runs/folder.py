"""The folder of a run: how it is found by name, its lock and its files."""

import json
import os
import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from kerasnn.errors import EnvironmentFault, ModelFileError, UsageError, composed, did_you_mean
from kerasnn.files.atomic import check_place, sweep, write_text
from kerasnn.files.locks import file_lock
from kerasnn.files.paths import RUNS, expanded, new_folder, runs_flag
from kerasnn.files.untrusted import parse_json, read_regular
from kerasnn.language import _
from kerasnn.records import Run, plain_object
from kerasnn.runs.latest import LATEST, LONGEST_NAME, is_users
from kerasnn.runs.seal import SEAL, seal_of

RECORD: Final = "run.json"
MODELS: Final = ("model.keras", "model.npz")
PLOTS: Final = "plots"
CHECKPOINT: Final = "checkpoint"
LARGEST_RECORD: Final = 1 << 24  # bytes
ZIP_YEARS: Final = range(1980, 2108)  # those that a ZIP file, and so a .keras file, can hold
LOCK: Final = ".lock"


def require_folder(out: Path) -> None:
    """Raise EnvironmentFault unless a folder of runs is at `out`, or can be made there, that can be written."""
    if os.path.lexists(out) and not out.is_dir():
        raise _not_created(out, _("it is not a folder"))
    check_place(out, is_folder=True, hint=_("name another one with --runs"))


def create(out: Path, stage: str, seed: int, moment: datetime) -> Path:
    """Create a folder in `out`, named by date, time, stage and seed, and a number if that name is taken.

    Raises: EnvironmentFault if it cannot be created, or the clock is so wrong that no model could be saved.
    """
    if moment.year not in ZIP_YEARS:
        raise EnvironmentFault(
            _("the clock says that it is the year {year}", year=moment.year), expected=_("a clock that is set")
        )
    name = f"{moment:%Y%m%d-%H%M%S}-{stage}-s{seed}"
    try:
        return new_folder(out, name)
    except OSError as error:
        raise _not_created(out, error.strerror or str(error)) from None


def _not_created(out: Path, reason: str) -> EnvironmentFault:
    return EnvironmentFault(
        _("no run folder can be created in {out}: {strerror}", out=out, strerror=reason),
        expected=_("a folder you may write to"),
        hint=_("name another one with --runs"),
    )


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lock the run's `folder` against other processes while the block runs, and first remove leftovers in it.

    Raises: EnvironmentFault if another process holds the lock.
    """
    with file_lock(folder / LOCK, f"run {folder.name}"):
        for place in _written_folders(folder):
            sweep(place)
        yield


def is_in_use(folder: Path) -> bool:
    """Return whether a process holds the lock of the run in `folder`, or it cannot be told."""
    if not (folder / LOCK).is_file():
        return False
    with suppress(EnvironmentFault), file_lock(folder / LOCK, folder.name):
        return False
    return True


def resume_command(folder: Path) -> str:
    """Return the command that continues the run in `folder`."""
    return shlex.join(["kerasnn", "train", "--resume", folder.name, *runs_flag(folder.parent)])


def resume_hint(folder: Path) -> str:
    """Return what to do to continue the run in `folder`, as a hint of an error."""
    return _("{command} continues from there", command=resume_command(folder))


def sweep_runs(out: Path) -> None:
    """Remove the temporary files that killed processes left in the runs of `out`, but nothing else."""
    for place in (out, *(each for folder in all_runs(out) for each in _written_folders(folder))):
        sweep(place)


def all_runs(out: Path) -> list[Path]:
    """Return the folders in `out` whose names are like those of runs, oldest first."""
    try:
        return sorted((path for path in out.glob("[0-9]*-[0-9]*-*-s[0-9]*") if path.is_dir()), key=sort_key)
    except OSError:
        return []


def sort_key(run: Path | str) -> list[Any]:
    """Return a key that sorts runs by name, with the numbers in it compared as numbers: NAME-10 after NAME-2."""
    return [int(part) if place % 2 else part for place, part in enumerate(re.split(r"([0-9]+)", Path(run).name))]


def _written_folders(folder: Path) -> tuple[Path, Path, Path]:
    return (folder, folder / CHECKPOINT, folder / PLOTS)


def write_record(folder: Path, run: Run) -> None:
    """Write `run` to the folder's run.json, sealed."""
    content = plain_object(run)
    content[SEAL] = seal_of(content)
    write_text(folder / RECORD, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def saved_model(folder: Path) -> Path | None:
    """Return the model in a run's folder; None if it has saved none."""
    return next((folder / name for name in MODELS if (folder / name).is_file()), None)


def read_json(path: Path, *, expected: str) -> Any:
    """Return the content of a JSON file that anybody may have written. Raises: ModelFileError."""
    try:
        return parse_json(read_regular(path, limit=LARGEST_RECORD))
    except (OSError, ValueError) as error:
        raise ModelFileError(_("{path} cannot be read: {error}", path=path, error=error), expected=expected) from None


def read_record(folder: Path) -> dict[str, Any]:
    """Return the content of the folder's run.json. Raises: ModelFileError if it is missing or damaged."""
    path = folder / RECORD
    record = read_json(path, expected=_("the run.json of a run"))
    if not isinstance(record, dict) or "status" not in record:
        raise ModelFileError(
            _("{path} is not the record of a run", path=path), expected=_("a JSON object with a status")
        )
    return record


def find_run(name: str, out: Path = RUNS, *, unfinished: bool = False) -> Path:
    """Return the folder of the run `name`: its id in `out`, its folder, what the user called it, or `latest`.

    `unfinished`: `latest` then means the last run started that is not done and that no process is training.

    Raises: ModelFileError if there is none.
    """
    if name == LATEST:
        return _latest_unfinished(out) if unfinished else latest_run(out)
    for folder in (expanded(name), out / name):
        if (folder / RECORD).is_file():
            return folder
    if named := named_run(name, out):
        return named
    for folder in (expanded(name), out / name):
        if folder.name and folder in all_runs(folder.parent):
            read_record(folder)  # raises: a run without its record
    raise ModelFileError(
        _("there is no run '{name}' in {out}", name=name, out=out),
        expected=_("a run's id, its folder, or 'latest'"),
        hint=did_you_mean(
            name, [path.name for path in all_runs(out)], _("kerasnn runs list --runs {out} shows them", out=out)
        ),
    )


def named_run(name: str, out: Path) -> Path | None:
    """Return the folder in `out` of the run that the user called `name`, if any. Raises: UsageError if several are."""
    runs = () if Path(name).parent != Path() else all_runs(out)  # a path is no name, so no record needs to be read
    named = [folder for folder in runs if _user_name(folder) == composed(name)]
    if len(named) > 1:
        ids = ", ".join(folder.name for folder in named)
        raise UsageError(
            _("{count} runs are called '{name}'", count=len(named), name=name), expected=_("one of {names}", names=ids)
        )
    return named[0] if named else None


def _user_name(folder: Path) -> str | None:
    try:
        name = read_record(folder).get("name")
    except ModelFileError:
        return None
    return composed(name) if isinstance(name, str) else None


def latest_run(out: Path) -> Path:
    """Return the folder of the run that saved its results last in `out`. Raises: ModelFileError if there is none."""
    if is_users(out / LATEST) and (saved := [folder for folder in all_runs(out) if saved_model(folder)]):
        return saved[-1]  # something of the user's own, where the file should be
    try:
        run = read_regular(out / LATEST, limit=LONGEST_NAME).decode("utf-8").strip()
    except (OSError, ValueError):
        raise ModelFileError(
            _("there is no latest run: {out} holds none", out=out), hint=_("kerasnn train dropout makes one")
        ) from None
    # the file may come from a stranger: its content must be the name of a folder in `out`, not a path to elsewhere
    if not run.isprintable() or run in ("", "..") or Path(run).name != run or not (out / run).is_dir():
        raise ModelFileError(
            _("the latest run '{run}' is no longer in {out}", run=run, out=out), hint=_("name another run by its id")
        )
    return out / run


def _latest_unfinished(out: Path) -> Path:
    started: list[tuple[float, Path]] = []
    for folder in all_runs(out):
        with suppress(ModelFileError, KeyError, TypeError, ValueError):  # skip a damaged run
            record = read_record(folder)
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
        with suppress(EnvironmentFault), locked(folder):  # skip a run that is being trained
            return folder
    return latest_first[0]  # all are being trained; the caller's attempt to lock this one will say so
