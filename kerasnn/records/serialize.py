"""Convert records to JSON values, and rebuild them from these."""

import math
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from os import PathLike, fspath
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from kerasnn.language import _

Pixels = tuple[tuple[int, ...], ...]

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

PLAIN: Final = (int, str, bool, type(None))
LEFT_OUT: Final = {"json": False}  # metadata of fields that are drawn but not written to JSON


def plain(value: Any) -> Json:
    """Convert `value` to JSON values: records become objects, paths strings, not-a-number and infinity null.

    Raises: TypeError if `value` contains anything else.
    """
    if type(value) in PLAIN:  # first: a picture has hundreds of numbers
        return cast(Json, value)
    if is_dataclass(value):
        shown = (each.name for each in fields(value) if each.metadata.get("json", True))
        return {name: plain(getattr(value, name)) for name in shown}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, PathLike):
        return str(fspath(value))
    if isinstance(value, (bool, int, float, str)):
        is_number = not isinstance(value, float) or math.isfinite(value)
        return value if is_number else None  # JSON has no others
    raise TypeError(f"cannot convert {type(value).__name__} to JSON")


def plain_object(record: Any) -> dict[str, Json]:
    """Convert `record`, a dataclass or a mapping, to a JSON object."""
    value = plain(record)
    if not isinstance(value, dict):
        raise TypeError(f"expected a record or a mapping, not {type(record).__name__}")
    return value


Record = TypeVar("Record")


def restore(kind: type[Record], value: Any) -> Record:
    """Rebuild a record of type `kind` from `value`, the result of `plain`.

    Missing fields take their defaults and unknown keys are ignored, so files of other versions can be read as long
    as they have all fields without a default.

    Raises: ValueError, naming the field, if a value has the wrong type or a required field is missing.
    """
    return cast(Record, _restored(kind, value, kind.__name__))


def _restored(kind: Any, value: Any, place: str) -> Any:
    origin = get_origin(kind)
    if is_dataclass(kind) and isinstance(kind, type):  # an instance is a dataclass, too
        return _record(kind, value, place)
    if origin in (Union, types.UnionType):
        return _one_of(get_args(kind), value, place)
    if origin is tuple:
        return _sequence(get_args(kind), value, place)
    if origin is Literal:
        return _fitting(value in get_args(kind), value, place)
    return _plain(origin or kind, value, place)


def _plain(kind: Any, value: Any, place: str) -> Any:
    """Return a value that needs no conversion: a number, a string, a mapping, or anything where `kind` is Any."""
    if kind is float:  # a JSON file may hold 1 for 1.0
        return float(_fitting(type(value) in (int, float), value, place))
    if kind is Any or (isinstance(kind, type) and issubclass(kind, Mapping)):
        return _frozen(_fitting(kind is Any or isinstance(value, Mapping), value, place))
    return _fitting(type(value) is kind, value, place)  # not isinstance: True is no int here


def _record(kind: Any, value: Any, place: str) -> Any:
    _fitting(isinstance(value, Mapping), value, place)
    hints, given = _hints(kind), {}
    for each in fields(kind):
        if each.name in value:
            given[each.name] = _restored(hints[each.name], value[each.name], f"{place}.{each.name}")
        elif each.default is MISSING and each.default_factory is MISSING:
            raise ValueError(_("{place} has no {name}", place=place, name=each.name))
    return kind(**given)


_hints = cache(get_type_hints)  # evaluating the annotations takes longer than all the rest


def _one_of(kinds: tuple[Any, ...], value: Any, place: str) -> Any:
    """Return `value` restored as the first type of a union that it fits."""
    for kind in kinds:
        try:
            return _restored(kind, value, place)
        except ValueError as error:
            last = error
    raise last


def _sequence(kinds: tuple[Any, ...], value: Any, place: str) -> tuple[Any, ...]:
    _fitting(isinstance(value, (list, tuple)), value, place)
    each = [kinds[0]] * len(value) if kinds[1:] == (...,) else list(kinds)  # tuple[X, ...] or tuple[X, Y]
    _fitting(len(each) == len(value), value, place)
    return tuple(
        _restored(kind, item, f"{place}[{index}]") for index, (kind, item) in enumerate(zip(each, value, strict=True))
    )


def _frozen(value: Any) -> Any:
    """Return `value` with tuples in place of lists."""
    if isinstance(value, Mapping):
        return {name: _frozen(item) for name, item in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _fitting(fits: bool, value: Any, place: str) -> Any:
    if not fits:
        raise ValueError(_("{place} has the invalid value {value}", place=place, value=repr(str(value)[:40])))
    return value
