"""Files that are there whole or not at all."""

import errno
import os
import platform
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from kerasnn.errors import EnvironmentFault
from kerasnn.language import _

DRAFT: Final = ".draft"
LONG_AGO: Final = 24 * 3600  # seconds; no file takes that long to write
NO_FLUSHING: Final = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EBADF)

_NAME: Final = re.compile(r"\..*\.(?P<machine>[0-9a-f]{6})-(?P<process>\d+)-[0-9a-f]{6}\.draft(\..*)?", re.DOTALL)
_swept: Final[set[Path]] = set()


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path`, with the same ending, to write to; it takes the name of `path` once the block is through.

    Where the block fails, or the machine stops, what `path` held before is still there. What killed processes left
    of earlier ones in the folder goes, once a process.

    Raises: EnvironmentFault where the folder cannot be written or the disk is full.
    """
    draft = path.with_name(f".{path.stem}.{_machine()}-{os.getpid()}-{secrets.token_hex(3)}{DRAFT}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep_once(path.parent)
        yield draft
        flush_file(draft)
        draft.replace(path)
        flush_folder(path.parent)
    except OSError as error:
        raise EnvironmentFault(
            _("{path} could not be written: {strerror}", path=path, strerror=error.strerror or error),
            expected=_("a folder you may write to, on a disk with room"),
            hint=_("name another folder, with --out or --plots; kerasnn doctor shows which can be written"),
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Put `text` in the file `path`, in UTF-8, whole or not at all."""
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8")


def check_writable(folder: Path, *, hint: str) -> None:
    """Write into `folder`, which is made where it is not there, what vanishes again.

    So that what cannot be written is told before any work is done. `hint`: what to do about it.

    Raises: EnvironmentFault.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            file.write(b"0")
    except OSError as error:
        raise EnvironmentFault(
            _("{path} cannot be written: {strerror}", path=folder, strerror=error.strerror or error),
            expected=_("a place you may write to, on a disk with room"),
            hint=hint,
        ) from None


def sweep(folder: Path) -> None:
    """Remove the drafts that killed processes left in `folder`; those of a living one, or of another machine, stay.

    A draft of another machine, as on a disk that a laboratory shares, goes a day later.
    """
    with suppress(OSError):
        for draft in folder.glob(f".*{DRAFT}*"):
            if _abandoned(draft):
                draft.unlink(missing_ok=True)


def _sweep_once(folder: Path) -> None:
    place = folder.absolute()
    if place not in _swept:
        _swept.add(place)
        sweep(place)


@cache
def _machine() -> str:
    """This machine, as a draft's name tells it; a container is one of its own."""
    numbers = Path("/proc/self/ns/pid")  # of processes, which mean nothing outside
    known = [platform.node(), str(numbers.readlink()) if numbers.is_symlink() else ""]
    with suppress(OSError):
        known.append(Path("/etc/machine-id").read_text(encoding="ascii").strip())
    return sha256(" ".join(known).encode()).hexdigest()[:6]


def _abandoned(draft: Path) -> bool:
    """Whether `draft` is one, and its writer is no more; a user's own file of a similar name is none."""
    name = _NAME.fullmatch(draft.name)
    if name is None:
        return False
    if name["machine"] != _machine():
        return time.time() - draft.stat().st_mtime > LONG_AGO
    return not _alive(int(name["process"]))


def _alive(process: int) -> bool:
    if os.name == "nt":
        return True  # no way to ask without ending it
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def flush_file(path: Path) -> None:
    """Have the content of the file last through a power cut.

    Raises: OSError where the disk fails.
    """
    _flush(path, os.O_RDWR)


def flush_folder(folder: Path) -> None:
    """Have the names in `folder` last through a power cut, where its file system can be asked for that.

    Raises: OSError where the disk fails.
    """
    if os.name == "nt":
        return  # Windows has no handle for a folder to flush
    try:
        _flush(folder, os.O_RDONLY)
    except OSError as error:
        if error.errno not in NO_FLUSHING:
            raise


def _flush(path: Path, access: int) -> None:
    handle = os.open(path, access)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
