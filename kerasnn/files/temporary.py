"""Folders for the time of a piece of work, none of which a killed process leaves behind for good."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir

from kerasnn.errors import EnvironmentFault
from kerasnn.files.locks import held
from kerasnn.language import _

LOCK = ".lock"


@contextmanager
def temporary_folder(name: str) -> Iterator[Path]:
    """A folder for the block alone, among the machine's temporary ones; those of killed processes are removed.

    Whether one is abandoned tells the lock beside it, which the system frees for the killed: process numbers mean
    nothing to a container that shares the place.

    Raises: EnvironmentFault where none can be made.
    """
    with ExitStack() as stack:
        try:
            place = Path(gettempdir())
            _sweep(place, f"kerasnn-{name}-")
            folder = place / f"kerasnn-{name}-{secrets.token_hex(6)}"
            stack.enter_context(held(folder.with_suffix(LOCK), str(folder)))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
        except (OSError, EnvironmentFault) as error:
            reason = error.message if isinstance(error, EnvironmentFault) else error.strerror or error
            raise EnvironmentFault(
                _("no temporary folder can be made: {reason}", reason=reason),
                expected=_("a disk with room for what is temporary"),
                hint=_("set TMPDIR to a folder on a disk with room"),
            ) from None
        yield folder


def _sweep(place: Path, prefix: str) -> None:
    for lock in place.glob(f"{prefix}*{LOCK}"):
        with suppress(EnvironmentFault), held(lock, str(lock)):  # nobody's any more
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
