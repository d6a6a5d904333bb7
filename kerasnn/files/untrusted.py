"""JSON from files that anybody may have written: no more than it needs to be, and nothing that could surprise.

Standard library only.
"""

import json
import math
import re
from pathlib import Path
from typing import Any, Final

from kerasnn.language import _

DEEPEST: Final = 64
LONGEST_NUMBER: Final = 40
LARGEST_NUMBER: Final = 2**63

# C0 but for line ends and tabs, DEL and C1, and what turns the direction of writing or begins a line
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_STRINGS: Final = re.compile(rb'"[^"]*"?')  # finds the end or goes to the last byte, and never looks twice
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))


def read_regular(path: Path, *, limit: int) -> bytes:
    """The content of a regular file of at most `limit` bytes.

    Raises: OSError; ValueError where it is a pipe or a device, or larger.
    """
    if not path.is_file():
        raise ValueError(_("it is not a file") if path.exists() else _("it is not there"))
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise ValueError(_("it is larger than {limit:,} bytes", limit=limit))
    return content


def visible(text: str) -> str:
    """`text`, each character that a terminal would obey rather than show replaced by one that it shows."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def escaped_json(text: str) -> str:
    """The JSON `text` with such characters escaped, which is the same JSON."""
    return _CONTROLS.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def parse_json(content: bytes) -> Any:
    """`content`, UTF-8, as plain values.

    Raises: ValueError where it is no JSON, nested deeper than 64 levels, names a key twice, or holds a number that
    is not finite or has more than 63 bits.
    """
    if _depth(content) > DEEPEST:
        raise ValueError(_("it is nested more than {DEEPEST} levels deep", DEEPEST=DEEPEST))
    return json.loads(
        content.decode("utf-8"),
        object_pairs_hook=_once,
        parse_int=_whole,
        parse_float=_finite,
        parse_constant=_no_constant,
    )


def _depth(content: bytes) -> int:
    """How deep the brackets of `content` are nested, as far as that is at most one level too deep."""
    deepest = depth = 0
    unescaped = content.replace(rb"\\", b"").replace(rb"\"", b"")
    for bracket in _STRINGS.sub(b"", unescaped).translate(None, _NO_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > deepest:
            deepest = depth
            if deepest > DEEPEST:
                break
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(_("it names a key twice"))
    return found


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER or abs(int(digits)) >= LARGEST_NUMBER:
        raise ValueError(_("it holds the number {digits}...", digits=digits[:20]))
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(_("it holds the number {digits}", digits=digits[:20]))
    return number


def _no_constant(name: str) -> float:
    raise ValueError(_("it holds {name}", name=name))
