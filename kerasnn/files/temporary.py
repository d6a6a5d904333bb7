"""Temporary folders that are removed even if the process that made them was killed."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir

from kerasnn.errors import EnvironmentFault
from kerasnn.files.locks import file_lock
from kerasnn.language import _

LOCK = ".lock"


@contextmanager
def temporary_folder(name: str) -> Iterator[Path]:
    """Yield a temporary folder for the block, and remove those that killed processes left behind.

    A lock beside each folder tells whether its process is alive, since the system releases the locks of a killed
    process. Process numbers could not: containers that share the place do not share them.

    Raises: EnvironmentFault if no folder can be made.
    """
    with ExitStack() as stack:
        try:
            place = Path(gettempdir())
            _sweep(place, f"kerasnn-{name}-")
            folder = place / f"kerasnn-{name}-{secrets.token_hex(6)}"
            stack.enter_context(file_lock(folder.with_suffix(LOCK), str(folder)))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
        except (OSError, EnvironmentFault) as error:
            reason = error.message if isinstance(error, EnvironmentFault) else error.strerror or error
            raise EnvironmentFault(
                _("no temporary folder can be made: {reason}", reason=reason),
                expected=_("a disk with space for temporary files"),
                hint=_("set TMPDIR to a folder on a disk with free space"),
            ) from None
        yield folder


def _sweep(place: Path, prefix: str) -> None:
    for lock in place.glob(f"{prefix}*{LOCK}"):
        with (
            suppress(EnvironmentFault),
            file_lock(lock, str(lock)),
        ):  # its process has ended, else the lock could not be acquired
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
