"""Files that are there whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kerasnn.errors import EnvironmentFault


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path`, with the same ending, to write to; it takes the name of `path` once the block is through.

    Where the block fails, or the machine stops, what `path` held before is still there.

    Raises: EnvironmentFault where the folder cannot be written or the disk is full.
    """
    draft = path.with_name(f".{path.stem}.{os.getpid()}-{secrets.token_hex(3)}.draft{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        _flush(draft)
        draft.replace(path)
        _flush(path.parent)
    except OSError as error:
        raise EnvironmentFault(
            f"{path} could not be written: {error.strerror or error}",
            expected="a folder you may write to, on a disk with room",
            hint="name another folder with --out; kerasnn doctor shows which can be written",
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Put `text` in the file `path`, in UTF-8, whole or not at all."""
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8")


def _flush(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows has no handle for a folder to flush
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
