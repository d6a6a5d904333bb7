"""Work that only one process may do at a time: a file that is locked while it is done."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from kerasnn.errors import EnvironmentFault


@contextmanager
def held(path: Path, subject: str, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock file `path`, which is made and removed, while the block runs; the system frees it for the killed.

    `subject`: what it guards, for the message. `wait`: seconds to wait for another process to be done with it.

    Raises: EnvironmentFault where another process still holds it, or the file cannot be made.
    """
    lock = FileLock(path, timeout=wait)
    try:
        lock.acquire()
    except Timeout:
        raise EnvironmentFault(
            f"{subject} is in use by another process",
            expected="one process at a time",
            hint="wait until it is done, or stop it first",
        ) from None
    except OSError as error:
        raise EnvironmentFault(
            f"{path} cannot be locked: {error.strerror or error}", expected="a folder you may write to"
        ) from None
    try:
        yield
    finally:
        with suppress(OSError):  # Windows keeps an open file
            path.unlink(missing_ok=True)
        lock.release()
