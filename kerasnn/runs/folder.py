"""The folder of one run: its name, its files, and the file that says which run is the latest."""

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
LARGEST_RECORD: Final = 1 << 24
LOCK: Final = ".lock"
COLUMNS: Final = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy")


def create(out: Path, stage: str, seed: int, moment: datetime) -> Path:
    """A new folder in `out`, named by date, time, stage and seed, and numbered where that name is taken.

    Raises: EnvironmentFault where it cannot be made.
    """
    name = f"{moment:%Y%m%d-%H%M%S}-{stage}-s{seed}"
    try:
        return new_folder(out, name)
    except OSError as error:
        raise EnvironmentFault(
            _("no run folder can be made in {out}: {strerror}", out=out, strerror=error.strerror or error),
            expected=_("a folder you may write to"),
            hint=_("name another one with --out"),
        ) from None


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep every other process from training in the run's `folder` while the block runs, and tidy it first.

    Raises: EnvironmentFault where another process trains in it.
    """
    with file_lock(folder / LOCK, f"run {folder.name}"):
        for place in _places(folder):
            sweep(place)
        yield


def sweep_runs(out: Path) -> None:
    """Remove what killed processes left half written in the runs of `out`; nothing else in it is looked at."""
    for place in (out, *(each for folder in all_runs(out) for each in _places(folder))):
        sweep(place)


def all_runs(out: Path) -> list[Path]:
    """The folders in `out` that are named as runs are, oldest name first."""
    try:
        return sorted((path for path in out.glob("[0-9]*-[0-9]*-*-s[0-9]*") if path.is_dir()), key=in_order)
    except OSError:
        return []


def in_order(run: Path | str) -> list[Any]:
    """What sorts runs by name with the numbers in it as numbers: the tenth of a second comes after its second."""
    return [int(part) if place % 2 else part for place, part in enumerate(re.split(r"([0-9]+)", Path(run).name))]


def _places(folder: Path) -> tuple[Path, Path, Path]:
    """Where a run writes."""
    return (folder, folder / CHECKPOINT, folder / PLOTS)


def write_record(folder: Path, run: Run) -> None:
    """Put `run` into the folder's run.json."""
    write_text(folder / RECORD, json.dumps(plain(run), ensure_ascii=False, indent=2) + "\n")


def write_history(folder: Path, history: tuple[Epoch, ...]) -> None:
    """Put `history` into the folder's history.csv, one line an epoch, numbers in full precision."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(epoch, column) for column in COLUMNS] for epoch in history)
    write_text(folder / HISTORY, text.getvalue())


def set_latest(folder: Path) -> None:
    """Note in the folder above that this run is the latest."""
    write_text(folder.parent / LATEST, folder.name + "\n")


def read_record(folder: Path) -> dict[str, Any]:
    """The content of the folder's run.json.

    Raises: ModelFileError where it is missing or damaged.
    """
    path = folder / RECORD
    try:
        record = parse_json(read_regular(path, limit=LARGEST_RECORD))
    except (OSError, ValueError) as error:
        raise ModelFileError(
            _("{path} cannot be read: {error}", path=path, error=error), expected=_("the run.json of a run")
        ) from None
    if not isinstance(record, dict) or "status" not in record:
        raise ModelFileError(_("{path} is no record of a run", path=path), expected=_("an object with a status"))
    return record
