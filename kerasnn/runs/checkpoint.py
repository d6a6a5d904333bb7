"""The checkpoint: a training's state in a file that is replaced after every epoch, an .npz of plain arrays, no pickle.

While a run trains, the file is in its folder checkpoint/; once the run is done, beside the model, for --more-epochs.

A run's folder may come from a stranger, so sizes are checked before anything is read into memory.
"""

import io
import json
import shutil
import tokenize
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from kerasnn.errors import ModelFileError
from kerasnn.files.atomic import replacing
from kerasnn.files.packed import open_zip
from kerasnn.files.untrusted import parse_json
from kerasnn.language import _
from kerasnn.platforms import replace
from kerasnn.records import Epoch, Json, counts_from_1, plain
from kerasnn.runs.folder import CHECKPOINT
from kerasnn.training.state import Arrays, State

STATE: Final = "state.npz"
FORMAT: Final = 1
HEADER: Final = "header"
GROUPS: Final = ("weights", "best_weights", "optimizer", "generators")
LARGEST_FILE: Final = 4 << 30  # bytes
MOST_BYTES: Final = 32  # per parameter: its value, its best value, and up to six variables of the optimizer
LARGEST_HEADER: Final = 16 << 20  # bytes
# exceptions that reading a damaged file may raise
UNREADABLE: Final = (
    OSError,
    EOFError,  # zipfile, if the file is shorter than one of its members
    ValueError,
    LookupError,
    TypeError,
    RecursionError,
    NotImplementedError,
    zipfile.BadZipFile,
    tokenize.TokenError,  # numpy, if the header of an array is not closed
)


class Checkpoint(NamedTuple):
    """A saved state, and the fingerprint of its run."""

    state: State
    fingerprint: Mapping[str, Json]


def write(folder: Path, fingerprint: Mapping[str, Json], state: State) -> None:
    """Save `state` in checkpoint/ of the run's `folder`, replacing the previous one atomically.

    Raises: EnvironmentFault if it cannot be written; the previous one then stays.
    """
    header = {
        "format": FORMAT,
        "fingerprint": fingerprint,
        "history": plain(state.history),
        "seconds": {"compile": state.compile_seconds, "train": state.train_seconds},
        "arrays": {group: len(getattr(state, group)) for group in GROUPS},
    }
    arrays = {f"{group}_{number}": each for group in GROUPS for number, each in enumerate(getattr(state, group))}
    arrays[HEADER] = np.frombuffer(json.dumps(header).encode(), np.uint8)  # text would take 4 bytes a character
    with replacing(folder / CHECKPOINT / STATE) as draft:
        np.savez(draft, allow_pickle=False, **arrays)


def move_beside_model(folder: Path) -> None:
    """Move the last state of a finished run beside its model, and remove checkpoint/."""
    last = folder / CHECKPOINT / STATE
    if last.is_file():  # scikit-learn saves no state
        replace(last, folder / STATE)
    shutil.rmtree(folder / CHECKPOINT, ignore_errors=True)


def read(folder: Path, parameters: int | None = None) -> Checkpoint | None:
    """Return the last state saved in the run's `folder`, or None if there is none yet.

    `parameters`: number of the network's parameters, if known; it limits the size of the file that is read.

    Raises: ModelFileError if it is damaged.
    """
    largest = LARGEST_FILE if parameters is None else 2 * LARGEST_HEADER + MOST_BYTES * parameters
    path = next((each for each in (folder / CHECKPOINT / STATE, folder / STATE) if each.exists()), None)
    if path is None:
        return None
    try:
        if not path.is_file():  # opening a pipe would block
            raise ValueError(_("it is not a file"))
        if path.stat().st_size > largest:
            raise ValueError(_("it is {size:,} bytes", size=path.stat().st_size))
        with open_zip(path) as archive:
            return _parse(archive)
    except UNREADABLE as error:
        raise ModelFileError(
            _("{path} is damaged: {error}", path=path, error=str(error).strip() or type(error).__name__),
            expected=_("the state of a training, as kerasnn saves it"),
            hint=_("train again; the run's run.json holds the command"),
        ) from None


def _parse(archive: zipfile.ZipFile) -> Checkpoint:
    # an uncompressed member is no larger than the file; a compressed one could unpack to any size
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):
        raise ValueError(_("its members are compressed"))
    if archive.getinfo(f"{HEADER}.npy").file_size > LARGEST_HEADER:
        raise ValueError(_("its header is too long"))
    header = parse_json(_array(archive, HEADER).tobytes())
    if (found := header["format"]) != FORMAT:
        raise ValueError(
            _(
                "its format is {format}, but this version of kerasnn reads format {expected}",
                format=found,
                expected=FORMAT,
            )
        )
    counts = {group: _number(header["arrays"][group], int) for group in GROUPS}
    groups: dict[str, Arrays] = {
        group: tuple(_array(archive, f"{group}_{number}") for number in range(count)) for group, count in counts.items()
    }
    seconds, history, fingerprint = header["seconds"], _history(header["history"]), dict(header["fingerprint"])
    best = min(history, key=lambda epoch: epoch.val_loss)
    # with a patience, the run would go back to these weights in the end
    if fingerprint.get("patience") is not None and best is not history[-1] and not groups["best_weights"]:
        raise ValueError(_("it lacks the weights of its best epoch"))
    compiling, training = (_number(seconds[part], int, float) for part in ("compile", "train"))
    return Checkpoint(State(history, **groups, compile_seconds=compiling, train_seconds=training), fingerprint)


def _number(value: Any, *kinds: type) -> Any:
    # not isinstance: True is an int
    if type(value) not in kinds or value < 0:
        raise ValueError(_("its header has {value} where a number should be", value=repr(value)[:40]))
    return value


def _array(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    content = archive.read(f"{name}.npy")  # zipfile checks the CRC
    stream = io.BytesIO(content)
    npy.read_magic(stream)
    shape, by_columns, kind = npy.read_array_header_1_0(stream)
    if kind.hasobject or (by_columns and len(shape) > 1):
        raise ValueError(_("{name} is an array of {kind}", name=name, kind=kind))
    # refuses a shape that asks for more bytes than there are
    return np.frombuffer(content, kind, offset=stream.tell()).reshape(shape)


def _history(rows: list[dict[str, Any]]) -> tuple[Epoch, ...]:
    history = tuple(Epoch(**row) for row in rows)
    metrics = [getattr(epoch, name) for epoch in history for name in ("loss", "accuracy", "val_loss", "val_accuracy")]
    if not history or not counts_from_1(history):
        raise ValueError(_("its epochs are not numbered from 1"))
    if not all(isinstance(metric, float) for metric in metrics):
        raise ValueError(_("its history has a value that is not a number"))
    return history
