"""The images and labels of a table, put together from its blocks."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.conversions import images_as_bytes
from kerasnn.data.csv_columns import NUMBER, Columns, columns_of
from kerasnn.data.csv_numbers import Found, take
from kerasnn.data.csv_tables import Table, blocks_of
from kerasnn.data.dataset import CLASS_LIMITS, Bytes
from kerasnn.files.untrusted import visible
from kerasnn.language import _
from kerasnn.records import Note
from kerasnn.records.codes import Code

DOMINANT: Final = 0.95  # of a column
MOST_USUAL: Final = 100  # labels above are rare, and pixels are not


@dataclass
class Rows:
    """The images of a table, of shape (n, rows, columns): uint8, or float32 if they may be fractions.

    `labels`: texts; None if the table has none. `label_is_last`: where it was found in a table that does not say so;
    None for others. `notes`: of how the columns were read.
    """

    images: NDArray[Any]
    labels: list[str] | None
    label_is_last: bool | None
    notes: list[Note]


def read_rows(table: Table, label_is_last: bool | None = None) -> Rows:
    """Read a table. `label_is_last`: as in Rows, where it was found in the table of another part.

    Raises: DataError with the number of the line that is wrong.
    """
    blocks = blocks_of(table)
    first = next(blocks, b"")
    try:
        columns = columns_of(table, first)
    except csv.Error as error:
        raise table.fault(str(error)) from None
    found, number = Found(), columns.above + 1
    rest = first.split(b"\n", columns.above)[columns.above]
    for block in chain([rest], blocks):
        take(table, columns, block, number, found)
        number += block.count(b"\n")
    if not found.images:
        raise table.fault(_("it holds no images"))
    return _rows(table, columns, found, label_is_last)


def _rows(table: Table, columns: Columns, found: Found, is_last: bool | None) -> Rows:
    pixels = _joined(found.pixels)
    labels: list[str] | None = found.texts[0]
    if columns.unsure:
        first, last = found.texts
        is_last = _label_is_last(_Column.of(first), _Column.of(last)) if is_last is None else is_last
        labels, others = (last, first) if is_last else (first, last)
        column = _column(table, others)
        pixels = np.column_stack([column, pixels] if is_last else [pixels, column])
        found.points = found.points or "." in "".join(others)
    elif not columns.ends:
        labels = None
    # 0.0 and 1.0 may be black and white, as in an array of floats: `images_as_bytes` decides
    if pixels.dtype != np.uint8 and (pixels == np.rint(pixels)).all() and not (found.points and pixels.max() <= 1):
        pixels = pixels.astype(np.uint8)
    is_last = is_last if columns.unsure else None
    return Rows(pixels.reshape(-1, *columns.shape), labels, is_last, _notes(columns, found, is_last))


def _notes(columns: Columns, found: Found, is_last: bool | None) -> list[Note]:
    count = columns.count
    label = [] if is_last is None else [Note(Code.LABEL_COLUMN, {"column": count if is_last else 1, "count": count})]
    order = [Note(Code.COLUMNS_ORDERED)] if columns.is_reordered else []
    left_out = [Note(Code.COLUMNS_LEFT_OUT, {"names": columns.left_out})] if columns.left_out else []
    return [*label, *order, *left_out, *([Note(Code.DECIMAL_COMMAS)] if found.commas else [])]


def _joined(blocks: list[NDArray[Any]]) -> NDArray[Any]:
    """Return the rows of all blocks, which are given up one by one: all at once would take their memory twice."""
    kind = np.result_type(*{block.dtype for block in blocks})
    rows, first = np.empty((sum(map(len, blocks)), blocks[0].shape[1]), kind), 0
    while blocks:
        block = blocks.pop(0)
        rows[first : first + len(block)] = block
        first += len(block)
    return rows


@dataclass(frozen=True)
class _Column:
    """What tells whether a column holds labels or the pixels of a corner: its different values.

    `numbers`: those that are; `is_dominated`: whether nearly all its cells are the same.
    """

    count: int
    numbers: list[float]
    is_dominated: bool

    @classmethod
    def of(cls, texts: list[str]) -> "_Column":
        values = Counter(texts)
        numbers = [float(value) for value in values if NUMBER.fullmatch(value)]
        return cls(len(values), numbers, max(values.values()) >= DOMINANT * len(texts))

    def may_be_labels(self) -> bool:
        return self.count <= CLASS_LIMITS[1] and all(each >= 0 and each.is_integer() for each in self.numbers)

    def are_labels(self) -> bool:
        """Return True for numbers from 0 or 1 on without a gap, but not for a corner that is nearly always black."""
        low, high = min(self.numbers, default=-1), max(self.numbers, default=0)
        return low in (0, 1) and high - low + 1 == self.count == len(self.numbers) > 1 and not self.is_dominated

    def are_pixels(self, labels: "_Column") -> bool:
        """Return True for what is no label beside `labels`."""
        return self.is_dominated or (self.count > labels.count and max(self.numbers) > MOST_USUAL)


def _label_is_last(first: _Column, last: _Column) -> bool:
    """Return whether the last column is the label: only if it clearly is, because most people write the label first."""
    if not (first.numbers and last.numbers):  # names
        return bool(first.numbers)
    if not first.may_be_labels():
        return last.may_be_labels()
    return last.are_labels() and first.are_pixels(last)


def _column(table: Table, texts: list[str]) -> NDArray[np.float32]:
    """Return the pixels of a column that could have been the label's. Raises: DataError that names the image."""
    for image, text in enumerate(texts, start=1):
        if not NUMBER.fullmatch(text) or not 0 <= float(text) <= 255:
            raise table.fault(
                _("image {image}: a pixel is '{value}'", image=image, value=visible(text[:40])),
                expected=_("numbers from 0 to 255"),
            )
    return np.array(texts, np.float32)


def column_notes(rows: Iterable[Rows]) -> list[Note]:
    """Return the notes of all parts, each once."""
    notes: list[Note] = []
    for note in chain.from_iterable(each.notes for each in rows):
        notes += [] if note in notes else [note]
    return notes


def as_bytes(tables: Iterable[Table], rows: Iterable[Rows], where: str) -> tuple[list[Bytes], tuple[Note, ...]]:
    """Return the images of all parts as bytes, and a note if they were fractions. Raises: DataError."""
    pixels = [each.images for each in rows]
    if any(each.dtype.kind == "f" for each in pixels):  # a part may have whole numbers only
        pixels = [each.astype(np.float32, copy=False) for each in pixels]
    return images_as_bytes(pixels, [table.short for table in tables], where)
