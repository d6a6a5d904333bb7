"""Files that say which run or model they were written for: nobody else's file is replaced.

A page and a script each contain, near their beginning, the command that wrote them, such as `kerasnn code RUN`.
"""

import os
import re
import shlex
from collections.abc import Iterable
from contextvars import ContextVar
from html import unescape
from pathlib import Path, PurePath
from typing import Final

from kerasnn.errors import UsageError
from kerasnn.files.atomic import is_replaceable, write_text
from kerasnn.language import _

BEGINNING: Final = 1 << 16  # bytes
DRAWN_BY: Final = "kerasnn"
PNG_MARK: Final = f"Software\0{DRAWN_BY}"  # as PNG stores it; an editor puts its own name there
SVG_MARK: Final = f"drawn by {DRAWN_BY}"
# the command that pictures are drawn for, such as `kerasnn evaluate RUN`; "" where they are of no single model
drawn_for: Final = ContextVar("drawn_for", default="")
_DRAWN_FOR: Final = re.compile(r"`(kerasnn (?:evaluate|predict|explain) [^`]+)`")
_COMMAND: Final = re.compile(r"kerasnn (?:report|code|export)\s+(?!--out)[^`\"]+")


def command_for(command: str, names: Iterable[str]) -> str:
    """Return the command that a file names as its own; of a model's path it keeps what is no secret of the machine."""
    return shlex.join(["kerasnn", command, *("/".join(PurePath(name).parts[-2:]) for name in names)])


def write_owned(path: Path, text: str, *, owner: str, force: bool = False) -> None:
    """Write `text` to `path` as `write_text` does, unless a file of another run or model, or of the user's, is there.

    `owner`: a short name for the run or model. `force`: replace any file, but never a link, a folder or a device.

    Raises: UsageError, EnvironmentFault.
    """
    check_owned(path, _command_in(text), owner=owner, force=force)
    write_text(path, text)


def check_owned(path: Path, command: str | None, *, owner: str, force: bool = False) -> None:
    """Raise UsageError unless a file that names `command` as its own may be written to `path`, as in `write_owned`."""
    other = path.with_name(f"{path.stem}-{PurePath(owner).stem}{path.suffix}") if path.name else path / owner
    hint = _("--out {file}, or --force to replace it", file=shlex.quote(str(other)))
    own = command is not None and _command_in(_beginning(path)) == _command_in(command)
    check_replaceable(path, force=force or own, hint=hint)


def check_replaceable(path: Path, *, force: bool, hint: str) -> None:
    """Raise UsageError with `hint` if something is at `path`; with `force`, only if it is no ordinary file."""
    if not os.path.lexists(path):
        return
    if not is_replaceable(path):
        raise UsageError(
            _("{path} is a folder, a link or a device, which kerasnn does not replace", path=path),
            hint=_("name another file with --out"),
        )
    if not force:
        content = _beginning(path)
        drawn = _DRAWN_FOR.search(content)
        whose = unescape(drawn[1]) if drawn else _command_in(content)
        raise UsageError(
            _("{path} was written by `{command}`, and is not overwritten", path=path, command=whose)
            if whose
            else _("{path} is there already, and is not overwritten", path=path),
            hint=hint,
        )


def check_picture(path: Path, *, force: bool = False) -> None:
    """As `check_replaceable`, but a picture that kerasnn drew may be replaced, if not for another than `drawn_for`."""
    content = _beginning(path)
    drawn = any(mark in content for mark in (PNG_MARK, SVG_MARK))
    other = _DRAWN_FOR.search(content)
    own = drawn and (not other or unescape(other[1]) == drawn_for.get())
    check_replaceable(
        path, force=force or own, hint=_("name another folder with --plots, or add --force to replace it")
    )


def _beginning(path: Path) -> str:
    return _beginning_of(path).decode("utf-8", errors="replace")


def _beginning_of(path: Path) -> bytes:
    if path.is_symlink() or not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(BEGINNING)


def _command_in(text: str) -> str | None:
    found = _COMMAND.search(text[:BEGINNING])
    return " ".join(found[0].split()) if found else None
