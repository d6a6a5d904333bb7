"""Packed files unpacked once: their plain twins stay in a folder, are checked at every use, and mapped into memory."""

from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.idx import parse_idx, read_bytes
from kerasnn.errors import EnvironmentFault
from kerasnn.files.atomic import replacing


def read_idx_once(packed: Path, *, dimensions: int, folder: Path, digest: str) -> NDArray[np.uint8]:
    """The array in the gzip IDX file `packed`, from its twin in `folder` where that has the sha256 `digest`.

    Where it has not, `packed` is unpacked, and the twin written anew; a folder that cannot be written does no harm.

    Raises: DataError where `packed` cannot be read or is not what its header says.
    """
    twin = folder / packed.stem
    content = _mapped(twin)
    if content is None or sha256(content).hexdigest() != digest:
        content = memoryview(read_bytes(packed, dimensions=dimensions))
        if sha256(content).hexdigest() == digest:
            _keep(content, twin)
    return parse_idx(content, dimensions=dimensions, where=str(packed))


def _mapped(path: Path) -> memoryview | None:
    try:
        return np.memmap(path, np.uint8, mode="r").data
    except (OSError, ValueError):  # not there, not readable, or empty
        return None


def _keep(content: memoryview, path: Path) -> None:
    try:
        with replacing(path) as draft:
            draft.write_bytes(content)
    except EnvironmentFault:
        return
