"""Files that are there whole or not at all."""

import os
import platform
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from kerasnn.errors import EnvironmentFault
from kerasnn.language import _

DRAFT: Final = ".draft"
LONG_AGO: Final = 24 * 3600  # seconds; no file takes that long to write


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path`, with the same ending, to write to; it takes the name of `path` once the block is through.

    Where the block fails, or the machine stops, what `path` held before is still there.

    Raises: EnvironmentFault where the folder cannot be written or the disk is full.
    """
    draft = path.with_name(f".{path.stem}.{_writer()}-{secrets.token_hex(3)}{DRAFT}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        _flush(draft)
        draft.replace(path)
        _flush(path.parent)
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


def _writer() -> str:
    """This process on this machine, as a draft's name tells it; a container is a machine of its own."""
    numbers = Path("/proc/self/ns/pid")  # of processes, which mean nothing outside
    place = f"{platform.node()} {numbers.readlink() if numbers.is_symlink() else ''}"
    machine = sha256(place.encode()).hexdigest()[:6]
    return f"{machine}-{os.getpid()}"


def _abandoned(draft: Path) -> bool:
    machine, _, rest = draft.name.split(DRAFT)[0].rpartition(".")[2].partition("-")
    process = rest.partition("-")[0]
    if machine != _writer().partition("-")[0] or not process.isdecimal():
        return time.time() - draft.stat().st_mtime > LONG_AGO
    return not _alive(int(process))


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


def _flush(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows has no handle for a folder to flush
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
