"""What requests bring, checked, and what answers are made of."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from kerasnn.errors import UsageError
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Limits
from kerasnn.lecture.settings import find_setting
from kerasnn.records import plain

LARGEST_JSON: Final = 200_000  # bytes
LONGEST_TEXT: Final = 1000  # characters
Result = TypeVar("Result")


async def json_object(request: Request) -> dict[str, Any]:
    """Return the JSON object in the body of `request`. Raises: UsageError if there is none, or it is too long."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_JSON:
            raise UsageError(_("the request is too long"), expected=_("at most {count:,} bytes", count=LARGEST_JSON))
    try:
        value = json.loads(body, parse_constant=_refuse)
        if b"\\ud" in body.lower():  # half a surrogate pair is no text that could be answered
            json.dumps(value, ensure_ascii=False).encode()
        if _has_long_text(value):  # which an error would repeat, in every language
            raise ValueError
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise UsageError(_("the request is not JSON, or has a text that is too long"), expected=_("a JSON object"))
    return value


def _has_long_text(value: Any) -> bool:
    match value:
        case str():
            return len(value) > LONGEST_TEXT
        case int():
            return value.bit_length() > LONGEST_TEXT
        case list():
            return any(map(_has_long_text, value))
        case dict():
            return any(_has_long_text(each) for row in value.items() for each in row)
    return False


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are not JSON


def overrides_in(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the hyperparameters that a request changes, by name. Raises: UsageError if one is unknown."""
    given = body.get("overrides", {})
    if not isinstance(given, dict):
        raise UsageError(_("the overrides are not a JSON object"), expected=_("settings by name"))
    if "seed" in body and body["seed"] is not None:
        given = {**given, "seed": body["seed"]}
    return {find_setting(name).name: value for name, value in given.items() if value is not None}


def text_in(body: Mapping[str, Any], name: str) -> str:
    """Return the text `name` of a request. Raises: UsageError if it is missing or no text."""
    value = body.get(name)
    if not isinstance(value, str):
        raise UsageError(_("'{name}' is missing, or no text", name=name), expected=_("a text"))
    return value


def flag_in(body: Mapping[str, Any], name: str) -> bool:
    """Return the truth value `name` of a request, False if it is missing. Raises: UsageError if it is none."""
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise UsageError(
            _("'{name}' is neither true nor false", name=name), expected=_("one of {names}", names="true, false")
        )
    return value


def whole_in(body: Mapping[str, Any], name: str, most: int) -> int:
    """Return the whole number `name` of a request, at most `most`; 0 if it is missing. Raises: UsageError."""
    value, limits = body.get(name, 0), Limits(0, most, whole=True)
    if not limits.hold(value):
        raise UsageError(_("'{name}' is not such a number", name=name), expected=str(limits))
    return int(value)


async def as_json(make: Callable[[], object], status: int = 200) -> JSONResponse:
    """Return the record that `make` returns as JSON; all of it is made beside the event loop."""
    return await run_in_threadpool(lambda: JSONResponse(plain(make()), status))
