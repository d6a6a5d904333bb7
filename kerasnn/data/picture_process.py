"""The process in which Pillow sees image files: a line of JSON asks for one, a line answers."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kerasnn.data.picture_reader import MEMORY, Picture, too_large
from kerasnn.data.pictures import prepare_picture, read_picture
from kerasnn.errors import EnvironmentFault, KerasnnError
from kerasnn.files.limits import allow, limit
from kerasnn.language import _, speaking
from kerasnn.records.serialize import plain

Found = TypeVar("Found")

SECONDS: Final = 4.0  # of CPU time for an image: twice what a progressive JPEG of 50 million pixels takes


def main() -> None:
    """Answer each line of standard input on standard output."""
    Image.init()  # loads Pillow's plugins
    limit(MEMORY)
    for line in sys.stdin.buffer:
        allow(SECONDS)
        print(json.dumps(_answer(json.loads(line))), flush=True)  # noqa: T201  # this is its answer


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    """Return a picture, or the code and texts of an error."""
    path, shape = Path(request["path"]), tuple(request["shape"])
    read = read_picture if request["as_is"] else prepare_picture
    arguments = {"shape": shape, "background": request["background"], "invert": request["invert"]}
    with speaking(request["language"]):
        found = attempt(path, lambda: read(path, **arguments))
    return _as_json(found) if isinstance(found, Picture) else {"error": found}


def attempt(path: Path, read: Callable[[], Found]) -> Found | list[Any]:
    """Return what `read` makes of the image file `path`, or the code and texts of an error."""
    try:
        return read()
    except MemoryError:
        error: KerasnnError = too_large(path)
    except KerasnnError as known:
        error = known
    except OSError as failed:
        message = _("{name}: {reason}", name=path, reason=failed.strerror)
        error = EnvironmentFault(message, expected=_("a file that you may read"))
    return [error.code, error.message, error.expected, error.hint]


def _as_json(picture: Picture) -> dict[str, Any]:
    original = picture.original
    return {
        "pixels": _pixels(picture.pixels),
        "notes": plain(picture.notes),
        "original": None if original is None else _pixels(original),
    }


def _pixels(values: NDArray[np.uint8]) -> tuple[int, int, str]:
    return values.shape[0], values.shape[1], values.tobytes().hex()
