"""A lock file, for work that only one process may do at a time."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kerasnn.errors import EnvironmentFault
from kerasnn.language import _


@contextmanager
def file_lock(path: Path, subject: str, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock file `path` while the block runs; if the process is killed, the system releases the lock.

    `subject`: what it guards, for the error message. `wait`: seconds to wait for another process that holds it.

    Raises: EnvironmentFault if another process still holds the lock, or the file cannot be created.
    """
    from filelock import FileLock, Timeout  # imports asyncio, which commands that only read do not need

    lock = FileLock(path, timeout=wait)
    try:
        lock.acquire()
    except Timeout:
        raise EnvironmentFault(
            _("{subject} is in use by another process", subject=subject),
            expected=_("one process at a time"),
            hint=_("wait until it is done, or stop it first"),
        ) from None
    except OSError as error:
        raise EnvironmentFault(
            _("{path} cannot be locked: {strerror}", path=path, strerror=error.strerror or error),
            expected=_("a folder you may write to"),
            hint=_("copy it to a folder of your own, or ask its owner"),
        ) from None
    try:
        yield
    finally:
        with suppress(OSError):  # Windows cannot remove an open file
            path.unlink(missing_ok=True)
        lock.release()
