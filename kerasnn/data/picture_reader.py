"""Read image files in a process apart (`picture_process`), as many at a time as there are."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.errors import DataError, EnvironmentFault, KerasnnError
from kerasnn.files.apart import LONGEST_WAIT, PICTURE_READER, Apart, ready
from kerasnn.files.limits import MOST_SECONDS
from kerasnn.files.untrusted import parse_json, visible
from kerasnn.language import _, language
from kerasnn.records import Note
from kerasnn.records.picture_codes import PictureCode

SHOWN_SIDE: Final = 112  # pixels
MEMORY: Final = 480 << 20  # bytes that the process may take in addition to what the libraries take


@dataclass(frozen=True)
class Picture:
    """An image for a model. `pixels`: uint8 of shape (rows, columns). `notes`: what was done to it, and warnings.

    `original`: the picture before, in grey and at most `SHOWN_SIDE` wide and high; None if it was not prepared.
    """

    pixels: NDArray[np.uint8]
    notes: tuple[Note, ...]
    original: NDArray[np.uint8] | None = None


@dataclass(frozen=True)
class PictureForm:
    """What to make of pictures: `as_is` what `read_picture` does, else `prepare_picture`, with these arguments."""

    shape: tuple[int, int]
    background: int | None
    invert: bool = False
    as_is: bool = False


def picture_reader() -> Apart:
    """Start the process for `read_pictures`, before it is known what to ask. Raises: EnvironmentFault."""
    return ready(PICTURE_READER)


def read_pictures(
    paths: Sequence[Path], form: PictureForm, reader: Apart | None = None
) -> list[Picture | KerasnnError]:
    """Read image files; return each picture, or why there is none. `reader`: a process that has not been asked yet.

    Raises: EnvironmentFault if no process can be started.
    """
    found: list[Picture | KerasnnError] = []
    while len(found) < len(paths):
        with reader or picture_reader() as process:
            found += _asked(paths[len(found) :], form, process)
        if len(found) < len(paths):  # the next one has ended the process
            found.append(too_much(paths[len(found)]))
        reader = None
    return found


def too_much(path: Path) -> DataError:
    """Return the error for an image that would exceed the limits."""
    return DataError(
        _("{path} takes too much time or memory to read", path=path),
        expected=_("an image as a camera or a browser saves it"),
        hint=_("open it in an image viewer, make it smaller, and save it as PNG"),
    )


def too_large(path: Path) -> DataError:
    """Return the error for an image that needs more than MEMORY."""
    return DataError(
        _("{path} is too large: reading it takes more than {most} MB of memory", path=path, most=MEMORY >> 20),
        expected=_("a smaller image; of a JPEG, up to 50 million pixels are read"),
        hint=_("open it in an image viewer, make it smaller, and save it as PNG"),
    )


def _asked(paths: Sequence[Path], form: PictureForm, reader: Apart) -> list[Picture | KerasnnError]:
    requests = [{"path": str(path), "language": language(), **asdict(form)} for path in paths]
    lines = "".join(json.dumps(request) + "\n" for request in requests).encode("ascii")
    said, _ended = reader.answer(lines, seconds=LONGEST_WAIT + MOST_SECONDS * len(paths))
    answers = said.split(b"\n")[:-1]  # the last one may be cut off
    return [_read(path, answer, form.shape) for path, answer in zip(paths, answers, strict=False)]


def _read(path: Path, answer: bytes, shape: tuple[int, int]) -> Picture | KerasnnError:
    """Return what one line of the process means, checked: a hijacked process could have written anything."""
    try:
        found = parse_json(answer)
        if "error" in found:
            code, *texts = found["error"]
            message, expected, hint = (None if text is None else visible(str(text)) for text in texts)
            fault = EnvironmentFault if code == EnvironmentFault.code else DataError
            return fault(message or "", expected=expected, hint=hint)
        original = found["original"] and _pixels(found["original"], most=SHOWN_SIDE)
        pixels = _pixels(found["pixels"])
        if pixels.shape != shape:
            return too_much(path)
        return Picture(pixels, tuple(map(_note, found["notes"])), original)
    except (ValueError, KeyError, TypeError, AttributeError):
        return too_much(path)


def _pixels(found: Any, most: int | None = None) -> NDArray[np.uint8]:
    rows, columns, values = found
    if most is not None and max(rows, columns) > most:
        raise ValueError
    return np.frombuffer(bytes.fromhex(values), np.uint8).reshape(rows, columns)


def _note(found: Any) -> Note:
    return Note(PictureCode(found["code"]), {name: _value(value) for name, value in found["values"].items()})


def _value(found: Any) -> Any:
    if isinstance(found, dict):
        return _note(found)
    return tuple(map(_value, found)) if isinstance(found, list) else found
