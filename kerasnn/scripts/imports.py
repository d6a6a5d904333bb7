"""Import lines in the order that readers of Python expect: the standard library's first, then by name."""

from collections.abc import Iterable
from typing import Final

STANDARD: Final = ("copy", "gzip", "pathlib")


def in_order(lines: Iterable[str]) -> str:
    """`lines` sorted, an empty line between the standard library's and the others."""
    by_name = sorted(lines, key=lambda line: (line.startswith("from"), line.split()[1]))
    standard = [line for line in by_name if line.split()[1] in STANDARD]
    others = [line for line in by_name if line not in standard]
    return "\n".join([*standard, *([""] if standard else []), *others])
