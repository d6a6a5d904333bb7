"""The folder in which XLA keeps the programs that it compiles.

XLA runs what lies there unchecked, and gives up if it cannot write. So it is a temporary folder of this process, and
`program_cache` carries checked programs in and new ones out.
"""

import atexit
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from kerasnn.errors import EnvironmentFault
from kerasnn.files.locks import temporary_folder

FLAGS: Final = "TF_XLA_FLAGS"
ROOM: Final = 4_000_000  # bytes; the programs of a training take a tenth
FOLDERS: Final[list[Path]] = []  # XLA's folder; empty if it has none


@contextmanager
def offered_to_xla() -> Iterator[None]:
    """Let XLA keep programs in a folder of this process: it reads its flags once, while it is imported."""
    before = os.environ.get(FLAGS)
    with suppress(OSError, EnvironmentFault):
        made = ExitStack()
        atexit.register(made.close)
        folder = made.enter_context(temporary_folder("xla"))
        _require_room(folder)
        if " " not in str(folder):
            FOLDERS.append(folder)
            # of the CPU alone: programs for a GPU depend on its driver too
            flags = f"--tf_xla_persistent_cache_directory={folder} --tf_xla_persistent_cache_device_types=CPU"
            os.environ[FLAGS] = f"{before or ''} {flags}"
    try:
        yield
    finally:  # processes that this one starts have folders of their own
        os.environ.pop(FLAGS, None)
        if before is not None:
            os.environ[FLAGS] = before


def _require_room(folder: Path) -> None:
    """Raise OSError if ROOM bytes cannot be written in `folder`: a quota shows only when one tries."""
    room = folder / "room"
    try:
        room.write_bytes(bytes(ROOM))
    finally:
        room.unlink(missing_ok=True)
