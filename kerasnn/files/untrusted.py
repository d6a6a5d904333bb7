"""Untrusted files: JSON within limits, and text that cannot control a terminal.

Anybody may have written a run or model that kerasnn opens. Only the standard library is used here.
"""

import json
import math
import re
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from kerasnn.language import _

DEEPEST: Final = 64
LONGEST_NUMBER: Final = 40
LARGEST_NUMBER: Final = 2**63  # the first integer that int64 cannot hold

# C0 except newline and tab, DEL and C1, and the characters that change the direction of writing or break a line
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_STRINGS: Final = re.compile(rb'"[^"]*"?')  # an unclosed string runs to the last byte; no backtracking
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))


def read_regular(path: Path, *, limit: int) -> bytes:
    """Read a regular file of at most `limit` bytes.

    Raises: OSError; ValueError if it is a pipe, a device or larger.
    """
    if not path.is_file():
        raise ValueError(_("it is not a file") if path.exists() else _("it is not there"))
    with path.open("rb") as file:
        content = file.read(limit + 1)  # not by its size: the file may be growing
    if len(content) > limit:
        raise ValueError(_("it is larger than {limit:,} bytes", limit=limit))
    return content


def visible(text: str) -> str:
    """Replace the characters of `text` that a terminal would obey instead of showing."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def escaped_json(text: str) -> str:
    """Escape the characters of the JSON `text` that a terminal would obey; its value stays the same."""
    return _CONTROLS.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def parse_json(content: bytes) -> Any:
    """Parse JSON in UTF-8 into plain values.

    Raises: ValueError if `content` is not JSON, is nested deeper than 64 levels, repeats a key, or has a number that
    is not finite or needs more than 63 bits.
    """
    # without escapes, every quote begins or ends a string, and brackets in strings do not count
    unescaped = content.replace(rb"\\", b"").replace(rb"\"", b"")
    brackets = _STRINGS.sub(b"", unescaped).translate(None, _NO_BRACKETS)
    # json.loads recurses, and would end in a RecursionError
    if any(depth > DEEPEST for depth in accumulate(1 if bracket in b"[{" else -1 for bracket in brackets)):
        raise ValueError(_("it is nested more than {DEEPEST} levels deep", DEEPEST=DEEPEST))
    return json.loads(
        content.decode("utf-8"),
        object_pairs_hook=_once,
        parse_int=_whole,
        parse_float=_finite,
        parse_constant=_no_constant,
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)  # keeps only the last of two equal keys
    if len(found) != len(pairs):
        raise ValueError(_("it repeats a key"))
    return found


def _whole(digits: str) -> int:
    # the length first: int() takes quadratic time
    if len(digits) > LONGEST_NUMBER or abs(int(digits)) >= LARGEST_NUMBER:
        raise ValueError(_("it contains the number {digits}...", digits=digits[:20]))
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(_("it contains the number {digits}", digits=digits[:20]))
    return number


def _no_constant(name: str) -> float:
    raise ValueError(_("it contains {name}", name=name))
