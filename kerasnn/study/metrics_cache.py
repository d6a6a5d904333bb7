"""A content-addressed cache of metrics with checksums; a corrupt entry counts as missing."""

import json
from collections.abc import Mapping
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np

from kerasnn.data.dataset import Dataset
from kerasnn.files.atomic import write_text
from kerasnn.files.untrusted import read_regular
from kerasnn.networks.backend import DEFAULT, backend
from kerasnn.runs.environment import OF_BACKEND, release, versions

LARGEST: Final = 1 << 24  # bytes
RELEVANT_PACKAGES: Final = ("kerasnn", "tensorflow", "keras", "numpy", "scikit-learn")


def origin(dataset: Dataset) -> dict[str, Any]:
    """Return what the metrics of every training on `dataset` depend on: its images, library versions, the backend."""
    computing = backend()
    found = versions(computing)
    found["kerasnn"] = release(found["kerasnn"])
    relevant = {name: found[name] for name in (*RELEVANT_PACKAGES, *OF_BACKEND[computing])}
    # the default is left out, so that entries from before there was a choice stay valid
    chosen = {} if computing == DEFAULT else {"backend": computing}
    return {"data": fingerprint(dataset), "versions": relevant, **chosen}


def changed(record: Any) -> dict[str, Any]:
    """Return the fields of a dataclass that differ from their defaults.

    An identity made of these stays the same when a field with a default is added.
    """
    values = ((each, getattr(record, each.name)) for each in fields(record))
    return {each.name: value for each, value in values if value != each.default}


def fingerprint(dataset: Dataset) -> str:
    """Return the sha256 of the arrays of all three parts: values, types and shapes."""
    state = sha256()
    for part in (dataset.train, dataset.validation, dataset.test):
        for array in (part.images, part.labels):
            state.update(f"{array.dtype} {array.shape}".encode())
            state.update(np.ascontiguousarray(array).data)
    return state.hexdigest()


def file_name(title: str, identity: Mapping[str, Any]) -> str:
    """Return a file name that begins with `title` and ends with a digest of `identity`."""
    return f"{title}-{_digest(identity)[:20]}.json"


def write(path: Path, name: str, content: Any) -> None:
    """Write `content` to `path` under the key `name`, with a checksum."""
    text = json.dumps({"sha256": _digest(content), name: content}, ensure_ascii=False, indent=1)
    write_text(path, text + "\n")


def read(path: Path, name: str) -> Any:
    """Return what `write` stored in `path` under `name`, or None if the entry is missing or corrupt."""
    try:
        file = json.loads(read_regular(path, limit=LARGEST))
        return file[name] if file["sha256"] == _digest(file[name]) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _digest(content: Any) -> str:
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
