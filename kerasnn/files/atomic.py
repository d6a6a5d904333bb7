"""Atomic file writes: a file is there whole or not at all.

A file is written as a draft beside its final name and renamed when it is complete and flushed to disk.
"""

import os
import platform
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from kerasnn.errors import EnvironmentFault
from kerasnn.files.faults import write_fault
from kerasnn.language import N_, _
from kerasnn.platforms import flush, lives, process_space, replace

DRAFT: Final = ".draft"
LONG_AGO: Final = 24 * 3600  # seconds; no file takes so long to write

LONGEST_SUFFIX: Final = 20  # characters; what writers look at is shorter

_ELSEWHERE: Final = N_("choose another folder with --runs, --out or --plots; kerasnn doctor shows which can be written")
_FAILED: Final = N_("{path} could not be written: {strerror}")
_IMPOSSIBLE: Final = N_("{path} cannot be written: {strerror}")
_NAME: Final = re.compile(r"\.(.*\.)?(?P<machine>[0-9a-f]{6})-(?P<process>\d+)-[0-9a-f]{6}\.draft(\..*)?", re.DOTALL)
_swept: Final[set[Path]] = set()  # the folders that this process has cleared of abandoned drafts


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a draft path beside `path`, with the same suffix; it replaces `path` when the block ends.

    If the block fails or the machine stops, the former content of `path` is untouched. The first call for a folder
    also removes the drafts that killed processes left there.

    Raises: EnvironmentFault if the folder cannot be written or the disk is full.
    """
    if not is_replaceable(path):
        raise EnvironmentFault(
            _("{path} is a folder, a link or a device, which kerasnn does not replace", path=path),
            hint=_(_ELSEWHERE),
        )
    draft = path.with_name(_draft_name() + (path.suffix if len(path.suffix) <= LONGEST_SUFFIX else ""))
    try:
        with _faults_of(path, path.parent):
            _refuse_long_name(path)
            _prepare(path.parent)
            yield draft
            flush(draft)  # or a power cut could leave the final name on an empty file
            replace(draft, path)
            flush(path.parent)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


@contextmanager
def replacing_all(path: Path) -> Iterator[Path]:
    """As `replacing`, but what is yielded lies in a draft folder, and may be a folder or have other files beside it.

    When the block ends all of it moves beside `path`, and `path` itself comes last. A folder may take the place of a
    folder: whoever calls has made sure that it may go.

    Raises: EnvironmentFault.
    """
    with _faults_of(path, path.parent), _draft_folder(path.parent) as folder:
        _refuse_long_name(path)
        draft = folder / path.name
        yield draft
        for each in folder.rglob("*"):
            flush(each)
        for each in sorted(folder.iterdir(), key=draft.__eq__):
            _move(each, path.with_name(each.name))
        flush(path.parent)


def _move(draft: Path, path: Path) -> None:
    """Move a file or folder to `path`; a folder that is there goes into the draft folder, and with it."""
    if not path.is_dir() or path.is_symlink():
        replace(draft, path)
        return
    former = draft.with_name(_draft_name())
    path.rename(former)
    try:
        draft.rename(path)
    except OSError:
        former.rename(path)
        raise


@contextmanager
def _faults_of(path: Path, folder: Path, *, says: str = _FAILED, hint: str = _ELSEWHERE) -> Iterator[None]:
    """Write `path`, which is `folder` or lies in it, in the block.

    Raises: EnvironmentFault if the folder cannot be written or the disk is full.
    """
    try:
        yield
    except OSError as error:
        raise write_fault(error, path, folder, says=says, hint=_(hint)) from error


@contextmanager
def drafting(parent: Path) -> Iterator[Path]:
    """Yield an empty folder in `parent` for files that only appear together; it is removed when the block ends.

    The block moves what is complete to its place in `parent`. A `parent` that it leaves empty is not kept.

    Raises: EnvironmentFault if it cannot be written, or the disk is full.
    """
    with _faults_of(parent, parent), _draft_folder(parent) as draft:
        yield draft


@contextmanager
def _draft_folder(parent: Path) -> Iterator[Path]:
    draft, found = parent / _draft_name(), parent.exists()
    try:
        parent.mkdir(parents=True, exist_ok=True)
        sweep(parent)  # each time: a folder takes long to write, so it is more often killed, and is larger
        draft.mkdir()
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if not found:
            with suppress(OSError):  # the block has put something there
                parent.rmdir()


def _draft_name() -> str:
    """Return a name that is short, so that the longest that a file may have can be written."""
    return f".{_machine()}-{os.getpid()}-{secrets.token_hex(3)}{DRAFT}"


def _prepare(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if (place := folder.absolute()) not in _swept:  # once per folder: looking costs time on a network share
        _swept.add(place)
        sweep(place)


def is_replaceable(path: Path) -> bool:
    """Return True if nothing is at `path`, or an ordinary file: never a folder, a link, a pipe or a device."""
    return not os.path.lexists(path) or (path.is_file() and not path.is_symlink())


def write_text(path: Path, text: str) -> None:
    """Write `text` to the file `path` in UTF-8, atomically, line ends as they are. Raises: EnvironmentFault."""
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")


def check_writable(folder: Path, *, hint: str) -> None:
    """Make `folder` if needed and try to write there, so that a failure is reported before any work is done.

    `hint`: what the user can do about it. Raises: EnvironmentFault.
    """
    with _faults_of(folder, folder, says=_IMPOSSIBLE, hint=hint):
        folder.mkdir(parents=True, exist_ok=True)
        _try_to_write(folder)


def check_place(path: Path, *, hint: str, is_folder: bool = False) -> None:
    """As `check_writable`, for a file that will be written to `path`, or in `path` if it `is_folder`.

    Nothing is made, so that a command that fails meanwhile leaves nothing behind.
    """
    folder = path if is_folder else path.parent
    with _faults_of(path, folder, says=_IMPOSSIBLE, hint=hint):
        _refuse_long_name(path)
        _try_to_write(folder)


def _try_to_write(folder: Path) -> None:
    """Write a file without a name in `folder`, or where that would be made. Raises: OSError."""
    with TemporaryFile(dir=_nearest(folder)) as file:
        file.write(b"0")


def _refuse_long_name(path: Path) -> None:
    """Raise OSError if a name in `path` is too long, which would show only when its draft is renamed."""
    there = _nearest(path)
    for name in path.parts:  # one by one: below a folder that is not there yet, none would be looked at
        with suppress(FileNotFoundError, NotADirectoryError):
            (there / name).lstat()


def _nearest(path: Path) -> Path:
    """Return `path` or, if nothing is there, the nearest folder above it."""
    return next((each for each in (path, *path.parents) if os.path.lexists(each)), path)


def sweep(folder: Path) -> None:
    """Remove the drafts that killed processes of this machine left in `folder`.

    Whether a process of another machine is alive cannot be seen, nor on Windows one of this machine: such drafts are
    removed once they are a day old.
    """
    with suppress(OSError):
        for draft in folder.glob(f".*{DRAFT}*"):
            if _abandoned(draft):
                shutil.rmtree(draft) if draft.is_dir() and not draft.is_symlink() else draft.unlink(missing_ok=True)


@cache
def _machine() -> str:
    """Return the six hex digits that stand for this machine in the names of drafts; each container has its own."""
    return sha256(f"{platform.node()} {process_space()}".encode()).hexdigest()[:6]


def _abandoned(draft: Path) -> bool:
    """Return whether `draft` is one of our drafts and the process that wrote it has died."""
    name = _NAME.fullmatch(draft.name)
    if name is None:
        return False
    living = lives(int(name["process"])) if name["machine"] == _machine() else None
    return time.time() - draft.stat().st_mtime > LONG_AGO if living is None else not living
