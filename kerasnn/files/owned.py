"""Files that kerasnn may write again: those with the seal of the same command, unchanged. Nobody else's is replaced."""

import os
import shlex
from collections.abc import Iterable
from contextvars import ContextVar
from pathlib import Path, PurePath
from typing import Final

from kerasnn.errors import UsageError
from kerasnn.files.atomic import is_replaceable, write_text
from kerasnn.files.seal import seal_of, sealed
from kerasnn.language import _

DRAWN_BY: Final = "kerasnn"  # in place of a command, for pictures of no single model
# the command that pictures are drawn for, such as `kerasnn evaluate RUN`
drawn_for: Final = ContextVar("drawn_for", default=DRAWN_BY)


def command_for(command: str, names: Iterable[str]) -> str:
    """Return the command that a file names as its own; of a model's path it keeps what is no secret of the machine."""
    return shlex.join(["kerasnn", command, *("/".join(PurePath(name).parts[-2:]) for name in names)])


def write_owned(path: Path, text: str, *, command: str, owner: str, force: bool = False) -> None:
    """Write `text` and the seal of `command` to `path`, unless a file of another command or the user's is there.

    `text`: with a blank for the seal. `owner`: a short name for the run or model. `force`: replace any file, but never
    a link, a folder or a device.

    Raises: UsageError, EnvironmentFault.
    """
    check_owned(path, command, owner=owner, force=force)
    write_text(path, sealed(text.encode(), command).decode())


def check_owned(path: Path, command: str, *, owner: str, force: bool = False) -> None:
    """Raise UsageError unless a file of `command` may be written to `path`, as in `write_owned`."""
    other = path.with_name(f"{path.stem}-{PurePath(owner).stem}{path.suffix}") if path.name else path / owner
    hint = _("--out {file}, or --force to replace it", file=shlex.quote(str(other)))
    check_replaceable(path, force=force or is_own(path, command), hint=hint)


def is_own(path: Path, *commands: str, beside: bytes = b"") -> bool:
    """Return whether one of `commands` wrote the file or folder at `path`, and nobody changed it since.

    `beside`: as in `sealed`.
    """
    found = seal_of(path, beside)
    return found is not None and found.is_of(*commands)


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
        raise UsageError(whose(path), hint=hint)


def whose(path: Path) -> str:
    """Return why the file or folder at `path` is not overwritten."""
    found = seal_of(path)
    if found and not found.holds:
        return _("{path} was changed after kerasnn wrote it, and is not overwritten", path=path)
    if found and found.command:
        return _("{path} was written by `{command}`, and is not overwritten", path=path, command=found.command)
    return _("{path} is there already, and is not overwritten", path=path)


def check_picture(path: Path, *, force: bool = False) -> None:
    """As `check_replaceable`, but a picture that kerasnn drew may be replaced, if not for another than `drawn_for`."""
    own = is_own(path, DRAWN_BY, drawn_for.get())
    hint = _("name another folder with --plots, or add --force to replace it")
    check_replaceable(path, force=force or own, hint=hint)
