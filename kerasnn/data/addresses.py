"""Addresses on the web, which are no paths of files."""

import re
from pathlib import Path
from typing import Final

from kerasnn.errors import DataError
from kerasnn.language import _

ADDRESS: Final = re.compile(r"(https?|ftp|s3|gs|hf):/+(.*)", re.IGNORECASE)


def address_fault(path: Path) -> DataError | None:
    """Return the error for an address that was given for a file; None for any other path, where nothing is."""
    found = ADDRESS.fullmatch(path.as_posix())
    if found is None:
        return None
    return DataError(
        _(
            "{url} is an address on the web; kerasnn reads files", url=f"{found[1]}://{found[2]}"
        ),  # a path has one slash
        expected=_("the path of a file or folder on this machine"),
        hint=_("download it first, then name the file"),
    )
