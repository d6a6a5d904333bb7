"""Lock files, and temporary folders that are removed even if the process that made them was killed."""

import errno
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir

from kerasnn.errors import EnvironmentFault
from kerasnn.files.faults import OTHER_TEMPORARY, TEMPORARY, obstacle
from kerasnn.language import _


def refuse_irregular(path: Path) -> None:
    """Raise FileExistsError if `path` is a link, a pipe or a folder: as a lock, it could lead elsewhere or block."""
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(path.lstat().st_mode):
            raise FileExistsError(errno.EEXIST, _("it is not a file"), str(path))


@contextmanager
def file_lock(path: Path, subject: str, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock file `path` while the block runs; if the process is killed, the system releases the lock.

    `subject`: what it guards, for the error message. `wait`: seconds to wait for another process that holds it.

    Raises: EnvironmentFault if another process still holds the lock, or the file cannot be created.
    """
    from filelock import FileLock, Timeout  # imports asyncio, which commands that only read do not need

    lock = FileLock(path, timeout=wait)
    try:
        refuse_irregular(path)
        lock.acquire()
    except FileExistsError as error:
        raise EnvironmentFault(
            _("{path} cannot be locked: {strerror}", path=path, strerror=error.strerror),
            expected=_("an ordinary file, or none"),
            hint=_("remove that link, folder or device: kerasnn makes the file itself"),
        ) from None
    except Timeout:
        raise EnvironmentFault(
            _("{subject} is in use by another process", subject=subject),
            expected=_("one process at a time"),
            hint=_("wait until it is done, or stop it first"),
        ) from None
    except OSError as error:
        raise EnvironmentFault(
            _(
                "{path} cannot be locked: {strerror}",
                path=path,
                strerror=obstacle(path.parent) or error.strerror or error,
            ),
            expected=_("a folder you may write to"),
            hint=_("copy it to a folder of your own, or ask its owner"),
        ) from None
    try:
        yield
    finally:
        with suppress(OSError):  # Windows cannot remove an open file
            path.unlink(missing_ok=True)
        lock.release()


LOCK = ".lock"


@contextmanager
def temporary_folder(name: str) -> Iterator[Path]:
    """Yield a temporary folder for the block, and remove those that killed processes left behind.

    A lock beside each folder tells whether its process is alive, since the system releases the locks of a killed
    process. Process numbers could not: containers that share the place do not share them. A folder that its process
    could not remove, as one without file handles left, has no lock any more, and goes as those of the killed do.

    Raises: EnvironmentFault if no folder can be made.
    """
    with ExitStack() as stack:
        try:
            place = Path(gettempdir())
            _sweep_temporary(place, name)
            folder = place / f"kerasnn-{name}-{secrets.token_hex(6)}"
            stack.enter_context(file_lock(folder.with_suffix(LOCK), str(folder)))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)  # runs first, while the lock is still held
            folder.mkdir(mode=0o700)  # other users of the machine must not put files there
        except (OSError, EnvironmentFault) as error:
            reason = error.message if isinstance(error, EnvironmentFault) else error.strerror or error
            raise EnvironmentFault(
                _("no temporary folder can be made: {reason}", reason=reason),
                expected=_("a disk with space for temporary files"),
                hint=_(OTHER_TEMPORARY),
            ) from None
        yield folder


def _sweep_temporary(place: Path, name: str) -> None:
    """Remove the temporary folders called `name` whose process has died, and their locks."""
    stems = {path.name.removesuffix(LOCK) for path in place.glob(f"kerasnn-{name}-*")}
    for folder in (place / stem for stem in stems if TEMPORARY.fullmatch(stem)):
        # if its process lives, the lock cannot be acquired
        with suppress(EnvironmentFault), file_lock(folder.with_suffix(LOCK), str(folder)):
            shutil.rmtree(folder, ignore_errors=True)
