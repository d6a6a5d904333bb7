"""Files that say which run or model they were written for: nobody else's file is replaced.

A page and a script each contain, near their beginning, the command that wrote them, such as `kerasnn code RUN`.
"""

import os
import re
import shlex
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Final

from kerasnn.errors import UsageError
from kerasnn.files.atomic import write_text
from kerasnn.language import _

BEGINNING: Final = 1 << 16  # bytes
_COMMAND: Final = re.compile(r"kerasnn (?:report|code)\s+(?!--out)[^`\"]+")


def command_for(command: str, names: Iterable[str]) -> str:
    """Return the command that a file names as its own; of a model's path it keeps what is no secret of the machine."""
    return shlex.join(["kerasnn", command, *("/".join(PurePath(name).parts[-2:]) for name in names)])


def write_owned(path: Path, text: str, *, owner: str, force: bool = False) -> None:
    """Write `text` to `path` as `write_text` does, unless a file of another run or model, or of the user's, is there.

    `owner`: a short name for the run or model. `force`: replace any file, but never a link, a folder or a device.

    Raises: UsageError, EnvironmentFault.
    """
    other = path.with_name(f"{path.stem}-{PurePath(owner).stem}{path.suffix}")
    hint = _("--out {file}, or --force to replace it", file=shlex.quote(str(other)))
    check_replaceable(path, force=force or _same(text, _beginning(path)), hint=hint)
    write_text(path, text)


def check_replaceable(path: Path, *, force: bool, hint: str) -> None:
    """Raise UsageError with `hint` if something is at `path`; with `force`, only if it is no ordinary file."""
    if not os.path.lexists(path):
        return
    if path.is_symlink() or not path.is_file():
        raise UsageError(
            _("{path} is a folder, a link or a device, which kerasnn does not replace", path=path),
            hint=_("name another file with --out"),
        )
    if not force:
        whose = _command_in(_beginning(path))
        raise UsageError(
            _("{path} was written by `{command}`, and is not overwritten", path=path, command=whose)
            if whose
            else _("{path} is there already, and is not overwritten", path=path),
            hint=hint,
        )


def _beginning(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        return file.read(BEGINNING).decode("utf-8", errors="replace")


def _same(text: str, other: str) -> bool:
    return _command_in(other) is not None and _command_in(other) == _command_in(text)


def _command_in(text: str) -> str | None:
    found = _COMMAND.search(text[:BEGINNING])
    return " ".join(found[0].split()) if found else None
