"""Files that are there whole or not at all, and nothing that a killed process leaves behind for good."""

import os
import platform
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
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


def sweep(folder: Path) -> None:
    """Remove the drafts that killed processes left in `folder`; those of a living one, or of another machine, stay.

    A draft of another machine, as on a disk that a laboratory shares, goes a day later.
    """
    with suppress(OSError):
        for draft in folder.glob(f".*{DRAFT}*"):
            if _is_abandoned(draft, draft.name.split(DRAFT)[0].rpartition(".")[2]):
                draft.unlink(missing_ok=True)


@contextmanager
def temporary_folder(name: str) -> Iterator[Path]:
    """A folder for the block alone, among the machine's temporary ones; those of killed processes are removed.

    Raises: OSError where none can be made.
    """
    prefix = f"kerasnn-{name}-"
    machine = _writer().partition("-")[0]
    with suppress(OSError):
        for left in Path(gettempdir()).glob(f"{prefix}{machine}-*-*"):
            if _is_abandoned(left, left.name.removeprefix(prefix)):
                shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix=f"{prefix}{_writer()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _writer() -> str:
    """This process on this machine, as the name of what it writes tells it."""
    machine = sha256(platform.node().encode()).hexdigest()[:6]
    return f"{machine}-{os.getpid()}"


def _is_abandoned(path: Path, writer: str) -> bool:
    """Whether nobody writes `path` any more; `writer`: who does, as `_writer` tells it, and what follows that."""
    machine, _, rest = writer.partition("-")
    process = rest.partition("-")[0]
    if machine != _writer().partition("-")[0] or not process.isdecimal():
        return time.time() - path.stat().st_mtime > LONG_AGO
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
