"""The author of a run that came in a file, as its manifest names them."""

from pathlib import Path
from typing import Final

from kerasnn.errors import ModelFileError, UsageError
from kerasnn.language import _
from kerasnn.runs.folder import read_json

MANIFEST: Final = "pack.json"
LONGEST_AUTHOR: Final = 100  # characters


def checked_author(author: str) -> str:
    """Return `author` if it is a name in one line. Raises: UsageError."""
    if not author.isprintable() or not 0 < len(author.strip()) <= LONGEST_AUTHOR:
        raise UsageError(
            _("{flag} is '{value}'", flag="--author", value=author),
            expected=_("a name of 1 to {most} characters", most=LONGEST_AUTHOR),
        )
    return author.strip()


def author_of(folder: Path) -> str | None:
    """Return the author of an imported run; None if there is none."""
    try:
        manifest = read_json(folder / MANIFEST, expected=MANIFEST)
        return checked_author(manifest["author"])
    except (ModelFileError, UsageError, LookupError, TypeError, AttributeError):
        return None
