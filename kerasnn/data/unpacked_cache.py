"""A cache of unpacked gzip files: each is unpacked once; its copy is memory-mapped, and checked at every use."""

from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.idx import parse_idx, read_bytes
from kerasnn.errors import EnvironmentFault
from kerasnn.files.atomic import replacing


def read_idx_once(packed: Path, *, dimensions: int, folder: Path, digest: str) -> NDArray[np.uint8]:
    """Return the array in the gzip IDX file `packed`, from its copy in `folder` if that has the sha256 `digest`.

    Otherwise unpack `packed` and write the copy, if `folder` can be written.

    Raises: DataError if `packed` cannot be read or is not what its header says.
    """
    copy = folder / packed.stem
    content = _mapped(copy)
    if content is None or sha256(content).hexdigest() != digest:
        content = memoryview(read_bytes(packed, dimensions=dimensions))
        if sha256(content).hexdigest() == digest:
            _save(content, copy)
    return parse_idx(content, dimensions=dimensions, where=str(packed))


def _mapped(path: Path) -> memoryview | None:
    try:
        return np.memmap(path, np.uint8, mode="r").data
    except (OSError, ValueError):  # missing, unreadable, or empty
        return None


def _save(content: memoryview, path: Path) -> None:
    try:
        with replacing(path) as draft:
            draft.write_bytes(content)
    except EnvironmentFault:  # the cache only saves time
        return
