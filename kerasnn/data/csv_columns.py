"""What the columns of a table mean: which are pixels, and which is the label."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isqrt
from typing import Final

from kerasnn.data.class_folders import is_picture
from kerasnn.data.csv_head import Head, head_of, with_points
from kerasnn.data.csv_order import in_order
from kerasnn.data.csv_tables import Table
from kerasnn.files.untrusted import visible
from kerasnn.language import _

LABELS: Final = ("label", "labels", "class", "target", "y", "category")
NUMBERS_OF_ROWS: Final = ("", "id", "index", "unnamed: 0", "imageid", "image_id")
NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
NUMBERS: Final = re.compile(r"\W*\d+(\W+\d+){8,}\W*")  # as many as the pixels of a small image, in one cell
FEW: Final = 16  # columns, too few for an image; and numbers that a line of pixels may have by chance


@dataclass(frozen=True)
class Columns:
    """`pixels`: their columns in the order of an image's pixels, a range if they are side by side in that order.

    `ends`: the column of the label; none if there is none. Two if only the whole table tells which of them it is; the
    other is the first or the last pixel, and `pixels` are those between. `shape`: rows and columns of an image.
    `above`: lines above the first image. `left_out`: the names of the columns that are neither.
    """

    separator: str
    count: int
    pixels: range | tuple[int, ...]
    ends: tuple[int, ...]
    shape: tuple[int, int]
    above: int = 0
    left_out: tuple[str, ...] = field(default=(), compare=False)

    @property
    def unsure(self) -> bool:
        return len(self.ends) > 1

    @property
    def is_reordered(self) -> bool:
        places = [*self.ends[:1], *self.pixels, *self.ends[1:]] if self.unsure else [*self.pixels]
        return places != sorted(places)


def columns_of(table: Table, block: bytes) -> Columns:
    """Return what the columns are, judged by the first lines, which are in `block`. Raises: DataError, csv.Error."""
    head = head_of(block)
    if head is None:
        raise table.fault(_("its first line is empty"))
    names = with_points(head.first)
    if _is_header(names):
        return _named(table, head)
    count, side = len(names), isqrt(len(names))
    if count > 1 and side * side == count:
        return Columns(head.separator, count, range(count), (), (side, side), head.above)
    if _is_one_more(count):
        side, ends = isqrt(count - 1), (0, count - 1)
        return Columns(head.separator, count, range(1, count - 1), ends, (side, side), head.above)
    raise _no_images(table, head, count)


def _is_one_more(count: int) -> bool:
    """Return True for a label and a square of pixels."""
    return count > 2 and isqrt(count - 1) ** 2 == count - 1


def _is_header(names: Sequence[str]) -> bool:
    known = {name.lower() for name in names} & {*LABELS, *NUMBERS_OF_ROWS[1:]}
    numbers = [name for name in names if NUMBER.fullmatch(name)]
    counts = [[str(start + number) for number in range(len(numbers))] for start in (0, 1)]
    counted = numbers in counts or (len(numbers) > FEW and sorted(numbers) in map(sorted, counts))
    return bool(known) or 2 * len(numbers) < len(names) or (counted and len(numbers) > 2)


def _named(table: Table, head: Head) -> Columns:
    names = [name.lower() for name in head.first]
    labels = [number for number, name in enumerate(names) if name in LABELS]
    others = [number for number, name in enumerate(names) if name in NUMBERS_OF_ROWS]
    if not labels:  # any word that is no pixel's name: those have numbers
        labels = [number for number, name in enumerate(names) if number not in others and not re.search(r"\d", name)]
    pixels = [number for number in range(len(names)) if number not in (*labels, *others)]
    if len(labels) > 1:
        raise _texts(table, head) or table.fault(
            _("several columns could be the label: {names}", names=", ".join(_shown(head, labels[:5])))
        )
    places, shape = in_order(table, names, pixels)
    ends, count = tuple(labels), len(places)
    if not labels and not others and _is_one_more(count):  # pandas numbers all columns
        ends, places, count, shape = (places[0], places[-1]), places[1:-1], count - 1, None
    rows, columns = shape or (isqrt(count), isqrt(count))
    if count < 2 or rows * columns != count:
        raise _no_images(table, head, len(pixels))
    span = range(places[0], places[-1] + 1)
    left_out = tuple(f"'{name}'" for name in _shown(head, others))
    order = span if list(span) == list(places) else tuple(places)
    return Columns(head.separator, len(names), order, ends, (rows, columns), head.above + 1, left_out)


def _shown(head: Head, numbers: Sequence[int]) -> list[str]:
    return [visible(head.first[number][:40]) for number in numbers]


def _no_images(table: Table, head: Head, pixels: int) -> Exception:
    count = len(head.first)
    message = _("{count} columns cannot be a square image, with or without a label", count=count)
    if pixels != count:
        message = _(
            "{pixels} of {count} columns are pixels, which cannot be a square image", pixels=pixels, count=count
        )
    expected = _("a square number of pixels, such as 784, and perhaps a label")
    return _texts(table, head) or table.fault(message, expected=expected)


def _texts(table: Table, head: Head) -> Exception | None:
    """Return the error for a table whose columns are few because they are texts; None for another."""
    if len(head.first) < FEW and any(map(NUMBERS.fullmatch, head.second)):
        return table.fault(
            _("all pixels of an image are one text, in one column"),
            expected=_("a column for each pixel"),
            hint=_("with pandas: table['pixels'].str.split(expand=True) gives the columns; write them as CSV"),
        )
    if len(head.first) < FEW and any(map(is_picture, head.second)):
        return table.fault(
            _("it holds the names of files, not their pixels"),
            hint=_("put the pictures of each class into a folder called like the class, and name the folder of these"),
        )
    return None
