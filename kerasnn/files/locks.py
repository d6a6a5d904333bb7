"""Work that only one process may do at a time: a file that is locked while it is done."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kerasnn.errors import EnvironmentFault
from kerasnn.language import _


@contextmanager
def held(path: Path, subject: str, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock file `path`, which is made and removed, while the block runs; the system frees it for the killed.

    `subject`: what it guards, for the message. `wait`: seconds to wait for another process to be done with it.

    Raises: EnvironmentFault where another process still holds it, or the file cannot be made.
    """
    from filelock import FileLock, Timeout  # it brings asyncio, for which commands that only read need not wait

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
        with suppress(OSError):  # Windows keeps an open file
            path.unlink(missing_ok=True)
        lock.release()
