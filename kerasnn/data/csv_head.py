"""The first lines of a table: what separates its cells, and where it begins."""

import csv
import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

SEPARATORS: Final = (";", "\t", "|", ",")  # a space only where there is none of these
ENCODINGS: Final = ("utf-8", "cp949")  # what Excel writes in Korea, if not UTF-8
ABOVE: Final = ("#", "sep=")  # how lines begin that are none of the table; the other is Excel's
MOST_ABOVE: Final = 100  # lines
DECIMAL_COMMA: Final = re.compile(r"([+-]?\d*),(\d+)")


@dataclass(frozen=True)
class Head:
    """`above`: the number of lines above `first`, the table's first line. `second`: its next; that again if none is."""

    separator: str
    above: int
    first: list[str]
    second: list[str]


def head_of(block: bytes) -> Head | None:
    """Return how a table begins, of which `block` has the first lines; None if all are empty. Raises: csv.Error."""
    lines = [decoded(line).strip() for line in islice(block.splitlines(), MOST_ABOVE)]
    usual = next((line for line in lines if line and not line.startswith(ABOVE)), None) or next(filter(None, lines), "")
    separator = _separator(usual)
    count = len(cells(usual, separator))
    for number, line in enumerate(lines):  # NumPy writes the names of the columns behind a #
        if line and (not line.startswith(ABOVE) or len(cells(line, separator)) == count):
            first = cells(line.removeprefix("#"), separator)
            second = next((cells(each, separator) for each in lines[number + 1 :] if each), first)
            return Head(separator, number, first, second)
    return None


def decoded(text: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return text.decode(encoding)
        except UnicodeDecodeError:
            continue
    return text.decode("latin-1")


def cells(line: str, separator: str) -> list[str]:
    """Return the cells of a line, without spaces around them. Raises: csv.Error."""
    return [cell.strip() for cell in next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])]


def with_points(row: list[str]) -> list[str]:
    """Return the cells with points for decimal commas."""
    return [DECIMAL_COMMA.sub(r"\1.\2", cell) if DECIMAL_COMMA.fullmatch(cell) else cell for cell in row]


def _separator(line: str) -> str:
    bare = re.sub(r'"[^"]*"', "", line)
    found = [each for each in SEPARATORS if each in bare]
    # decimal commas are at most one more than the separators
    return max(found, key=lambda each: bare.count(each) + (each != ","), default=" ")
