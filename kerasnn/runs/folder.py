"""The folder of a run: its name, its lock and its files; and the file `latest` beside the folders."""

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from kerasnn.errors import EnvironmentFault, ModelFileError
from kerasnn.files.atomic import sweep, write_text
from kerasnn.files.locks import file_lock
from kerasnn.files.paths import new_folder
from kerasnn.files.untrusted import parse_json, read_regular
from kerasnn.language import _
from kerasnn.records import Epoch, Run, plain

RECORD: Final = "run.json"
HISTORY: Final = "history.csv"
PLOTS: Final = "plots"
CHECKPOINT: Final = "checkpoint"
LATEST: Final = "latest"
LARGEST_RECORD: Final = 1 << 24  # bytes
LOCK: Final = ".lock"
COLUMNS: Final = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy")


def create(out: Path, stage: str, seed: int, moment: datetime) -> Path:
    """Create a folder in `out`, named by date, time, stage and seed, and a number if that name is taken.

    Raises: EnvironmentFault if it cannot be created.
    """
    name = f"{moment:%Y%m%d-%H%M%S}-{stage}-s{seed}"
    try:
        return new_folder(out, name)
    except OSError as error:
        raise EnvironmentFault(
            _("no run folder can be created in {out}: {strerror}", out=out, strerror=error.strerror or error),
            expected=_("a folder you may write to"),
            hint=_("name another one with --out"),
        ) from None


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lock the run's `folder` against other processes while the block runs, and first remove leftovers in it.

    Raises: EnvironmentFault if another process holds the lock.
    """
    with file_lock(folder / LOCK, f"run {folder.name}"):
        for place in _written_folders(folder):
            sweep(place)
        yield


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
    """Return the folders that a run writes to."""
    return (folder, folder / CHECKPOINT, folder / PLOTS)


def write_record(folder: Path, run: Run) -> None:
    """Write `run` to the folder's run.json."""
    write_text(folder / RECORD, json.dumps(plain(run), ensure_ascii=False, indent=2) + "\n")


def write_history(folder: Path, history: tuple[Epoch, ...]) -> None:
    """Write `history` to the folder's history.csv: one line per epoch, numbers in full precision."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(epoch, column) for column in COLUMNS] for epoch in history)
    write_text(folder / HISTORY, text.getvalue())


def set_latest(folder: Path) -> None:
    """Write to the parent folder's `latest` that this run is the latest one."""
    write_text(folder.parent / LATEST, folder.name + "\n")


def read_record(folder: Path) -> dict[str, Any]:
    """Return the content of the folder's run.json.

    Raises: ModelFileError if it is missing or damaged.
    """
    path = folder / RECORD
    try:
        record = parse_json(read_regular(path, limit=LARGEST_RECORD))
    except (OSError, ValueError) as error:
        raise ModelFileError(
            _("{path} cannot be read: {error}", path=path, error=error), expected=_("the run.json of a run")
        ) from None
    if not isinstance(record, dict) or "status" not in record:
        raise ModelFileError(
            _("{path} is not the record of a run", path=path), expected=_("a JSON object with a status")
        )
    return record
