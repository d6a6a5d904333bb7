"""Convert records to JSON values."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from os import PathLike, fspath
from typing import Any, Final

Pixels = tuple[tuple[int, ...], ...]

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

LEFT_OUT: Final = {"json": False}  # metadata of fields that are drawn but not written to JSON


def plain(value: Any) -> Json:
    """Convert `value` to JSON values: records become objects, paths strings, not-a-number and infinity null.

    Raises: TypeError if `value` contains anything else.
    """
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
    raise TypeError(f"cannot convert {type(value).__name__} to JSON")


def plain_object(record: Any) -> dict[str, Json]:
    """Convert `record`, a dataclass or a mapping, to a JSON object."""
    value = plain(record)
    if not isinstance(value, dict):
        raise TypeError(f"expected a record or a mapping, not {type(record).__name__}")
    return value
