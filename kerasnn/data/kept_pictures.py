"""Pictures that were read before, kept beside Keras' data: reading 60,000 of them takes seconds, their arrays none.

A file is found by the names, sizes and times of all pictures, and taken only as it was written. Every failure means
reading the pictures again, and nothing else.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from struct import Struct
from typing import Final

import numpy as np

from kerasnn.data.blocks import read_up_to
from kerasnn.data.class_folders import File
from kerasnn.data.fashion_mnist import keras_cache
from kerasnn.data.picture_stack import Many
from kerasnn.errors import EnvironmentFault
from kerasnn.files.atomic import replacing
from kerasnn.platforms import only_we_can_write

VERSION: Final = 3  # of what is made of a picture: another one forgets all that is kept
MOST_BYTES: Final = 1 << 30  # of all files together
SUFFIX: Final = ".pictures"
AT_REST: Final = 2 * 10**9  # nanoseconds: what was written just now may change again within the same tick of its clock
HEAD: Final = Struct("<32sIIQ")  # digest, rows, columns, pictures


def key_of(files: Sequence[File], shape: tuple[int, int] | None) -> bytes:
    """Return the digest of all that the arrays depend on: the files, by name and state, and the shape asked for."""
    state = sha256(repr((VERSION, shape)).encode())
    for file in files:
        state.update(repr((file.path, file.state)).encode("utf-8", "surrogatepass"))
    return state.digest()


def is_at_rest(files: Sequence[File]) -> bool:
    """Return True if none of the files was written, or became what it is, within the last seconds."""
    return max((max(file.state[1:3]) for file in files), default=0) < time.time_ns() - AT_REST


def find(key: bytes) -> Many | None:
    """Return the pictures kept as `key`, if there are any and they are as they were written."""
    file = _file(key)
    if file is None:
        return None
    with suppress(OSError, ValueError):
        if file.stat().st_size > MOST_BYTES:
            return None
        with file.open("rb") as stream:
            head = stream.read(HEAD.size)
            content = read_up_to(stream, file.stat().st_size - len(head))
        digest, rows, columns, count = HEAD.unpack(head) if len(head) == HEAD.size else (b"", 0, 0, 0)
        if digest != _digest(key, head[len(digest) :], content) or len(content) != count * (rows * columns + 9):
            return None
        file.touch()  # what was not used for longest is forgotten first
        values = np.frombuffer(content, np.uint8)
        pixels, rest = values[: count * rows * columns], values[count * rows * columns :]
        sizes = rest[: 8 * count].copy().view("<u4").reshape(count, 2)
        return Many(pixels.reshape(count, rows, columns), sizes, rest[8 * count :])
    return None


def keep(key: bytes, found: Many) -> None:
    """Keep pictures as `key`, if the cache has room for them."""
    file, (rows, columns) = _file(key), found.shape
    if file is None or found.images.nbytes > MOST_BYTES // 2:
        return
    content = (found.images.reshape(-1), found.sizes.astype("<u4").view(np.uint8).reshape(-1), found.flags)
    head = HEAD.pack(bytes(32), rows, columns, len(found.images))[32:]
    with suppress(OSError, EnvironmentFault), replacing(file) as draft, draft.open("wb") as stream:
        stream.write(_digest(key, head, *(each.data for each in content)) + head)
        for each in content:
            stream.write(each.data)
    with suppress(OSError):
        _forget_oldest(file.parent)


def _digest(*contents: bytes | bytearray | memoryview) -> bytes:
    state = sha256()
    for content in contents:
        state.update(content)
    return state.digest()


def _file(key: bytes) -> Path | None:
    folder = keras_cache().parents[1] / "kerasnn" / "pictures"
    if not folder.is_absolute():  # there is no home folder: it would lie in the working folder
        return None
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder / f"{key.hex()[:32]}{SUFFIX}" if only_we_can_write(folder) else None
    return None


def _forget_oldest(folder: Path) -> None:
    total = 0
    for file in sorted(folder.glob(f"*{SUFFIX}"), key=lambda file: file.stat().st_mtime, reverse=True):
        total += file.stat().st_size
        if total > MOST_BYTES:
            file.unlink(missing_ok=True)
