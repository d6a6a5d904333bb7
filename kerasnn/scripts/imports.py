"""Import lines in the usual order of Python: the standard library first, then by name."""

from collections.abc import Iterable
from typing import Final

STANDARD: Final = ("copy", "gzip", "pathlib")


def in_order(lines: Iterable[str]) -> str:
    """Sort import lines, with an empty line between the standard library's and the others."""
    by_name = sorted(lines, key=lambda line: (line.startswith("from"), line.split()[1]))
    standard = [line for line in by_name if line.split()[1] in STANDARD]
    others = [line for line in by_name if line not in standard]
    return "\n".join([*standard, *([""] if standard else []), *others])
