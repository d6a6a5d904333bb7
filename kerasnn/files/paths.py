"""Paths as a user writes them, the default folders, and folders with unique names."""

import ntpath
import os.path
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Final

RUNS: Final = Path("runs")
REPRODUCTION: Final = Path("reproduction")
TUNING: Final = Path("tuning")


def expanded(name: str | Path) -> Path:
    """`name` with a leading ~ resolved; one that stands for nobody's home stays, as a folder of that name."""
    return Path(os.path.expanduser(name))  # noqa: PTH111  Path.expanduser raises where there is no such home


def is_on_a_server(place: str) -> bool:
    """Whether `place` names a share of another machine, as Windows writes it: to open it would be to sign in there."""
    return ntpath.splitdrive(place)[0].startswith(("\\\\", "//"))


def new_folder(parent: Path, name: str) -> Path:
    """Make a folder of that name in `parent`, numbered from 2 on where the name is taken.

    Raises: OSError where it cannot be made.
    """
    parent.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        folder = parent / (name if number == 1 else f"{name}-{number}")
        with suppress(FileExistsError):
            folder.mkdir()
            break
    return folder
