"""The seal of a record and the digest of a model, which show what was changed after kerasnn wrote it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from kerasnn.networks.files.archive import LARGEST_FILE
from kerasnn.records import Note
from kerasnn.records.codes import Code

SEAL: Final = "seal"  # key in run.json


def seal_of(record: Mapping[str, Any]) -> str:
    """Return the sha256 of the content of a run.json without its seal; white space and the order of keys do not count.

    It shows that a record was edited by hand, not that nobody forged it: whoever reads this can compute it as well.
    """
    content = {key: value for key, value in record.items() if key != SEAL}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """Return the sha256 of a file. Raises: OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def record_problems(record: Mapping[str, Any], model: Path | None) -> tuple[Note, ...]:
    """Return what is wrong with a run's record, or a model's card, and its `model`, without opening the model.

    Records of older versions have neither seal nor digest, so nothing is said about them.
    """
    found = []
    seal, digest = record.get(SEAL), record.get("model_sha256", record.get("sha256"))
    if (seal != seal_of(record)) if seal is not None else ("model_sha256" in record):
        found.append(Note(Code.RECORD_EDITED))
    with suppress(OSError):  # whoever opens the model says that it cannot be read
        if model is not None and digest is not None and _differs(model, digest):
            found.append(Note(Code.MODEL_REPLACED))
    return tuple(found)


def _differs(model: Path, digest: object) -> bool:
    # a sparse file of a terabyte, which kerasnn would not open, takes an hour to read
    return model.stat().st_size > LARGEST_FILE or digest != file_digest(model)


def problems_in(notes: Iterable[Note | str]) -> tuple[Note, ...]:
    """Return those among the notes of a run that `record_problems` found."""
    found = (Code.RECORD_EDITED, Code.MODEL_REPLACED)
    return tuple(note for note in notes if isinstance(note, Note) and note.code in found)
