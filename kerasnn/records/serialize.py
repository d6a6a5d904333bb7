"""What records are made of, and how they become JSON."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from os import PathLike, fspath
from typing import Any, Final

Pixels = tuple[tuple[int, ...], ...]

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

LEFT_OUT: Final = {"json": False}  # marks a field that is there to be drawn, and left out of JSON


def plain(value: Any) -> Json:
    """`value` as JSON can hold it: records become objects, paths strings; not-a-number and infinity null."""
    if is_dataclass(value):
        shown = (each.name for each in fields(value) if each.metadata.get("json", True))
        return {name: plain(getattr(value, name)) for name in shown}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, PathLike):
        return str(fspath(value))
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"a record holds a {type(value).__name__}, which is no plain value")


def plain_object(record: Any) -> dict[str, Json]:
    """`record`, which is a dataclass or a mapping, as a JSON object."""
    value = plain(record)
    if not isinstance(value, dict):
        raise TypeError(f"a {type(record).__name__} is no record")
    return value
