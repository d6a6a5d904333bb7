"""Read the names of files without the marks that browsers and desktops give to a second file of one name."""

import re
from collections.abc import Iterable
from filecmp import cmp
from pathlib import Path
from typing import Final

from kerasnn.errors import composed

_MARK: Final = re.compile(  # before the suffixes, or at the end
    r"( ?\(\d{1,3}\)| (- )?(copy|복사본)( \d{1,3}| \(\d{1,3}\))?)(?=(\.[\w-]+)*$)", re.IGNORECASE
)


def unmarked(name: str) -> str:
    """Return a file's name without such a mark: `train.csv` for `train (1).csv` and `train - Copy.csv`."""
    return _MARK.sub("", composed(name))


def without_copies(files: Iterable[Path]) -> list[Path]:
    """Return `files` without those whose name is marked, and whose content is that of the file without the mark."""
    return [file for file in files if not _is_copy(file, file.with_name(unmarked(file.name)))]


def _is_copy(file: Path, other: Path) -> bool:
    return file.name != other.name and other.is_file() and cmp(file, other, shallow=False)
