"""What the columns of a table mean: which are pixels, and which is the label."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Final

from kerasnn.data.csv_tables import Table
from kerasnn.files.untrusted import visible
from kerasnn.language import _

SEPARATORS: Final = (",", ";", "\t", "|", " ")
LABELS: Final = ("label", "labels", "class", "target", "y", "category")
NUMBERS_OF_ROWS: Final = ("", "id", "index", "unnamed: 0", "imageid", "image_id")
NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True)
class Columns:
    """`pixels`: the range of their columns. `label`: its column; None if there is none.

    `unsure`: the label is the first or the last column, and only the whole table tells which: then `pixels` are those
    between. `shape`: rows and columns of an image.
    """

    separator: str
    count: int
    pixels: range
    label: int | None
    shape: tuple[int, int]
    has_header: bool = False
    unsure: bool = False

    @property
    def ends(self) -> list[int]:
        """The columns that are the label, or could be."""
        return [0, self.count - 1] if self.unsure else [] if self.label is None else [self.label]


def columns_of(table: Table, line: str) -> Columns:
    """Return what the columns are, judged by the first line. Raises: DataError."""
    separator = max(SEPARATORS, key=line.count)
    names = cells(line, separator)
    if _is_header(names):
        return _named(table, [name.lower() for name in names], separator)
    count, side = len(names), isqrt(len(names))
    if count > 1 and side * side == count:
        return Columns(separator, count, range(count), None, (side, side))
    side = isqrt(count - 1)
    if count > 2 and side * side == count - 1:
        return Columns(separator, count, range(1, count - 1), None, (side, side), unsure=True)
    raise _no_images(table, count)


def cells(line: str, separator: str) -> list[str]:
    """Return the cells of a line, without spaces around them. Raises: csv.Error."""
    return [cell.strip() for cell in next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])]


def _is_header(names: Sequence[str]) -> bool:
    known = {name.lower() for name in names} & {*LABELS, *NUMBERS_OF_ROWS[1:]}
    numbers = [name for name in names if NUMBER.fullmatch(name)]
    counted = any(numbers == [str(start + number) for number in range(len(numbers))] for start in (0, 1))
    return bool(known) or 2 * len(numbers) < len(names) or (counted and len(numbers) > 2)


def _named(table: Table, names: Sequence[str], separator: str) -> Columns:
    labels = [number for number, name in enumerate(names) if name in LABELS]
    others = [number for number, name in enumerate(names) if name in NUMBERS_OF_ROWS]
    if not labels:  # any word that is no pixel's name: those have numbers
        labels = [number for number, name in enumerate(names) if number not in others and not re.search(r"\d", name)]
    if len(labels) > 1:
        raise table.fault(_("several columns could be the label: {names}", names=_listed(names, labels)))
    pixels = [number for number in range(len(names)) if number not in (*labels, *others)]
    count, side = len(pixels), isqrt(len(pixels))
    if not labels and not others and count > 2 and isqrt(count - 1) ** 2 == count - 1:  # pandas numbers all columns
        side = isqrt(count - 1)
        return Columns(separator, count, range(1, count - 1), None, (side, side), has_header=True, unsure=True)
    shape = (side, side)
    if pixels and (found := re.fullmatch(r"(\d{1,4})x(\d{1,4})", names[pixels[-1]])):
        shape = (int(found[1]), int(found[2]))  # from 1x1 on
        shape = shape if shape[0] * shape[1] == count else (shape[0] + 1, shape[1] + 1)  # from 0x0 on
    if count < 2 or shape[0] * shape[1] != count or pixels[-1] - pixels[0] + 1 != count:
        raise _no_images(table, count)
    place = range(pixels[0], pixels[-1] + 1)
    return Columns(separator, len(names), place, labels[0] if labels else None, shape, has_header=True)


def _listed(names: Sequence[str], numbers: Sequence[int]) -> str:
    return visible(", ".join(names[number][:40] for number in numbers[:5]))


def _no_images(table: Table, count: int) -> Exception:
    return table.fault(
        _("{count} columns cannot be a square image, with or without a label", count=count),
        expected=_("a square number of pixels, such as 784, and perhaps a label"),
    )
