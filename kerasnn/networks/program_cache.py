"""XLA programs, kept from one process to the next: taking one up again costs a third of compiling it.

The cache has a file for the programs of each training. Before they are compiled, their file is checked and unpacked to
XLA's folder; what XLA has added afterwards becomes that file. Every failure means compiling, and nothing else.
"""

import errno
import io
import os
import platform
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from kerasnn.data.fashion_mnist import keras_cache
from kerasnn.errors import EnvironmentFault
from kerasnn.files.atomic import replacing
from kerasnn.networks.runtime import keras, tf, threads
from kerasnn.networks.xla_folder import FLAGS, FOLDERS
from kerasnn.platforms import only_we_can_write, processor_lines

MOST_BYTES: Final = 32_000_000  # of the whole cache, the programs of some sixty trainings
SUFFIX: Final = ".xla"
_DIGEST: Final = sha256().digest_size


@contextmanager
def programs_kept(*known: object) -> Iterator[None]:
    """Compile programs in the block. `known`: all that they depend on, except the machine and its versions.

    Raises: OSError if the temporary folder has become full since the process began.
    """
    if not FOLDERS:
        yield
        return
    xla, folder = FOLDERS[0], _trusted_folder()
    _empty(xla)
    key = sha256(repr((*known, *_machine())).encode()).digest()
    file = folder / f"{key.hex()[:32]}{SUFFIX}" if folder else None
    found = _unpack(file, key, xla) if file else 0
    with _disk_watched(xla):
        yield
    programs = sorted(xla.glob("*.pb"))
    if file and len(programs) > found:
        with suppress(OSError, EnvironmentFault):
            _pack(file, key, programs)
            _forget_oldest(file.parent)
    _empty(xla)  # a process that is killed later leaves nothing there


@contextmanager
def _disk_watched(xla: Path) -> Iterator[None]:
    try:
        yield
    except tf.errors.OpError as error:
        if str(xla) in str(error):  # XLA cannot be told to go on without its folder
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(xla)) from error
        raise


def _empty(xla: Path) -> None:
    with suppress(OSError):
        for program in xla.glob("*.pb*"):  # also drafts of XLA's
            program.unlink()


def _trusted_folder() -> Path | None:
    """Return the cache's folder, beside that of the data, if nobody else can write to it."""
    folder = keras_cache().parents[1] / "kerasnn" / "programs"
    if not folder.is_absolute():  # there is no home folder: it would lie in the working folder
        return None
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(OSError):
        return folder if only_we_can_write(folder) else None
    return None


def _machine() -> tuple[str, ...]:
    """Return what a compiled program depends on: TensorFlow's build, the processor, threads and switches."""
    switches = (f"{name}={os.environ.get(name)}" for name in (FLAGS, "XLA_FLAGS", "TF_ENABLE_ONEDNN_OPTS"))
    build = (tf.version.VERSION, tf.version.GIT_VERSION, tf.version.COMPILER_VERSION, keras.__version__)
    return (*build, str(threads()), *switches, *_processor())


def _processor() -> list[str]:
    """Return the model and the instruction sets of the processor; elsewhere than on Linux, the name of the machine."""
    found = processor_lines("model name", "flags", "Features", "CPU part")
    return sorted(set(found)) or [platform.machine(), platform.processor(), platform.node()]


def _unpack(file: Path, key: bytes, xla: Path) -> int:
    """Unpack the programs in `file` to `xla`, and return how many; none if the file is not as it was written."""
    with suppress(OSError):
        if file.stat().st_size > MOST_BYTES:
            return 0
        content = file.read_bytes()
        packed = content[_DIGEST:]
        if sha256(key + packed).digest() != content[:_DIGEST]:  # damaged, or the file of other programs
            return 0
        try:
            with zipfile.ZipFile(io.BytesIO(packed)) as archive:
                archive.extractall(xla)
        except OSError:  # the disk is full: no part of a program must be left
            _empty(xla)
            return 0
        with suppress(OSError):
            os.utime(file)  # the cache forgets first what was not used for longest
        return len(archive.namelist())
    return 0


def _pack(file: Path, key: bytes, programs: list[Path]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for program in programs:
            archive.write(program, program.name)
    packed = buffer.getvalue()
    with replacing(file) as draft:
        draft.write_bytes(sha256(key + packed).digest() + packed)


def _forget_oldest(folder: Path) -> None:
    """Remove the files that were not used for longest, until the rest keeps within MOST_BYTES."""
    files = sorted(folder.glob(f"*{SUFFIX}"), key=lambda file: file.stat().st_mtime, reverse=True)
    total = 0
    for file in files:
        total += file.stat().st_size
        if total > MOST_BYTES:
            file.unlink(missing_ok=True)
