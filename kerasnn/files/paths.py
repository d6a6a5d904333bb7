"""Paths as users write them, the default folders, and new folders with unique names."""

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
    """Return the path `name` with a leading ~ expanded, unless no such home exists.

    What a user names goes through here, also where a shell has seen it: in `--out=~/x` shells leave the ~ alone. Of
    ./~ the result is absolute, since as a Path it would lose its dot, and be taken for the home the next time.
    """
    path = Path(os.path.expanduser(name))  # noqa: PTH111  Path.expanduser raises where there is no such home
    literal = str(path).startswith("~") and not str(name).startswith("~")
    return Path.cwd() / path if literal else path


def runs_flag(out: Path) -> list[str]:
    """Return the words of a command line that name `out` as the folder of runs; none for the usual one."""
    return [] if out == RUNS else ["--runs", str(out)]


def as_argument(path: str | Path) -> str:
    """Return `path` so that no program takes it for a flag."""
    return f"./{path}" if str(path).startswith("-") else str(path)


def is_on_a_server(place: str) -> bool:
    """Return whether `place` is a network share as Windows writes it; opening one sends the user's credentials."""
    return ntpath.splitdrive(place)[0].startswith(("\\\\", "//"))


def new_folder(parent: Path, name: str) -> Path:
    """Make a folder `name` in `parent`, or `name-2`, `name-3`... if the name is taken, and return its path.

    Raises: OSError if it cannot be made.
    """
    parent.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        folder = parent / (name if number == 1 else f"{name}-{number}")
        with suppress(FileExistsError):  # also if another process has just taken the name
            folder.mkdir()
            break
    return folder
