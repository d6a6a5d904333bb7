"""The file `latest` beside the folders of the runs: the name of the run that saved its results last."""

import os
import re
from pathlib import Path
from typing import Final

from kerasnn.files.atomic import write_text
from kerasnn.files.untrusted import read_regular

LATEST: Final = "latest"
LONGEST_NAME: Final = 200  # characters
_ID: Final = re.compile(r"[0-9]{8}-[0-9]{6}-.+-s[0-9]+(-[0-9]+)?")


def set_latest(folder: Path) -> None:
    """Write to the parent folder's `latest` that this run is the latest one, unless that file is the user's own."""
    if not is_users(folder.parent / LATEST):
        write_text(folder.parent / LATEST, folder.name + "\n")


def is_users(latest: Path) -> bool:
    """Return True if `latest` is there and does not hold the name of a run."""
    if not os.path.lexists(latest):
        return False
    try:
        name = read_regular(latest, limit=LONGEST_NAME).decode("utf-8").strip()
    except (OSError, ValueError):
        return True
    return latest.is_symlink() or not (
        _ID.fullmatch(name) or (name == Path(name).name != "" and (latest.parent / name).is_dir())
    )
