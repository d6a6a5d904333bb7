"""A run's record without the folders of the machine that it was written on."""

import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, Final

from kerasnn.runs.seal import SEAL, seal_of

_HOME: Final = re.compile(r"(?:/home|/Users|[A-Za-z]:\\Users)[/\\](?:[^/\\'\":\n]+(?=[/\\])|[^/\\'\":\s]+)")


def portable(record: Mapping[str, Any]) -> bytes:
    """Return the content of a run.json that names no folder of this machine; one that was edited still shows it."""
    places = [_parent(record.get("model"), 2), _parent((record.get("dataset") or {}).get("location"), 1)]
    content = {
        # its variables belong to the fingerprint, which has to stay as it is
        name: value if name in (SEAL, "environment") else _without(value, [place for place in places if place])
        for name, value in record.items()
    }
    if record.get(SEAL) == seal_of(record):
        content[SEAL] = seal_of(content)
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _parent(place: Any, steps: int) -> str | None:
    """Return the folder `steps` above an absolute path of any system, with the separator that follows it."""
    for kind, separator in ((PurePosixPath, "/"), (PureWindowsPath, "\\")):
        if isinstance(place, str) and (path := kind(place)).is_absolute() and len(path.parents) > steps:
            return str(path.parents[steps - 1]) + separator
    return None


def _without(value: Any, places: list[str]) -> Any:
    """Return a JSON value with `places` in its texts replaced by `./`, and home folders by `~`."""
    if isinstance(value, str):
        for place in sorted(places, key=len, reverse=True):
            value = value.replace(place, "./")
        return _HOME.sub("~", value)
    if isinstance(value, list):
        return [_without(each, places) for each in value]
    return {name: _without(each, places) for name, each in value.items()} if isinstance(value, dict) else value
