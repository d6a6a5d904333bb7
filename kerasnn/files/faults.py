"""Why something cannot be written, and what to do about it, where the system's own words would mislead."""

import errno
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kerasnn.errors import EnvironmentFault
from kerasnn.language import N_, _

TEMPORARY: Final = re.compile(r"kerasnn-(?P<name>[a-z]+)-[0-9a-f]{12}")  # the name of a temporary folder
OTHER_TEMPORARY: Final = N_("set TMPDIR to a folder on a disk with free space")
TOO_MANY: Final = (N_("fewer open files"), N_("close other programs, or raise the limit: ulimit -n 4096"))
TOO_LARGE: Final = (N_("files as large as the result"), N_("raise the limit: ulimit -f unlimited"))
# by the number of an OSError: what was expected, and what to do; another folder would not help
_LIMITS: Final[Mapping[int, tuple[str, str]]] = {
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), TOO_MANY),
    errno.EFBIG: TOO_LARGE,
    errno.ENAMETOOLONG: (N_("a name that the disk can hold, mostly up to 255 bytes"), N_("choose a shorter name")),
}
_REASONS: Final[Mapping[int, str]] = {
    errno.EBUSY: N_("a disk is mounted there, or another program uses it"),
    errno.ENOENT: N_("its folder is not there, and cannot be made"),
}


def obstacle(folder: Path) -> str | None:
    """Return what keeps `folder` from being one: a file, say, in its place or above it; None if nothing does."""
    there = next((each for each in (folder, *folder.parents) if os.path.lexists(each)), None)
    if there is None or there.is_dir():
        return None
    if there.is_file():
        return _("{path} is a file, not a folder", path=there)
    if there.is_symlink() and not there.exists():
        return _("{path} is a link that leads nowhere, not a folder", path=there)
    return _("{path} is not a folder", path=there)


def write_fault(error: OSError, path: Path, folder: Path, *, says: str, hint: str) -> EnvironmentFault:
    """Return the fault that `path`, which is `folder` or lies in it, cannot be written.

    `says`: with {path} and {strerror}. `hint`: what to do if another place would help.
    """
    number = error.errno or 0
    reason = _(_REASONS[number]) if number in _REASONS else error.strerror or error
    message = _(says, path=path, strerror=obstacle(folder) or reason)
    if number == errno.ENAMETOOLONG:
        message = _("the name is too long for a file: {name}", name=str(path)[:60])
    if any(map(TEMPORARY.fullmatch, path.parts)):
        hint = _(OTHER_TEMPORARY)
    expected = _("a folder you may write to, on a disk with free space")
    if number in _LIMITS:
        expected, hint = map(_, _LIMITS[number])
    return EnvironmentFault(message, expected=expected, hint=hint)
