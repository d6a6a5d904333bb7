"""Paths as a user writes them."""

import os.path
from pathlib import Path


def expanded(name: str | Path) -> Path:
    """`name` with a leading ~ resolved; one that stands for nobody's home stays, as a folder of that name."""
    return Path(os.path.expanduser(name))  # noqa: PTH111  Path.expanduser raises where there is no such home
