"""The images and labels of a table, put together from its blocks."""

import csv
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.csv_columns import NUMBER, Columns, columns_of
from kerasnn.data.csv_numbers import Found, decoded, take
from kerasnn.data.csv_tables import Table, blocks_of
from kerasnn.data.dataset import Bytes
from kerasnn.files.untrusted import visible
from kerasnn.language import _
from kerasnn.records import Note
from kerasnn.records.codes import Code


@dataclass
class Rows:
    """The images of a table, uint8 of shape (n, rows, columns). `labels`: texts; None if the table has none."""

    images: Bytes
    labels: list[str] | None
    notes: list[Note] = field(default_factory=list)


def read_rows(table: Table) -> Rows:
    """Read a table. Raises: DataError with the number of the line that is wrong."""
    blocks = blocks_of(table)
    first = next(blocks, b"")
    line, _newline, rest = first.partition(b"\n")
    if not line.strip():
        raise table.fault(_("its first line is empty"))
    try:
        columns = columns_of(table, decoded(line))
    except csv.Error as error:
        raise table.fault(str(error)) from None
    found, number = Found(), 2 if columns.has_header else 1
    for block in chain([rest if columns.has_header else first], blocks):
        take(table, columns, block, number, found)
        number += block.count(b"\n")
    if not found.images:
        raise table.fault(_("it holds no images"))
    return _rows(table, columns, found)


def _rows(table: Table, columns: Columns, found: Found) -> Rows:
    pixels = (
        np.concatenate(found.pixels)
        if len({each.dtype for each in found.pixels}) == 1
        else np.concatenate([each.astype(np.float32) for each in found.pixels])
    )
    found.pixels.clear()
    labels: list[str] | None = found.texts[0]
    if columns.unsure:
        first, last = found.texts
        labels, others = (first, last) if _like_labels(first) >= _like_labels(last) else (last, first)
        column = _column(table, others)
        pixels = np.column_stack([pixels, column] if others is last else [column, pixels])
    elif columns.label is None:
        labels = None
    images, notes = _as_bytes(pixels)
    return Rows(images.reshape(-1, *columns.shape), labels, notes)


def _like_labels(texts: list[str]) -> tuple[int, float]:
    """Return how much a column looks like labels: names most, then numbers without a gap that are evenly spread."""
    values, counts = np.unique(np.array(texts, dtype="U40"), return_counts=True)
    numbers = [float(value) for value in values.tolist() if NUMBER.fullmatch(value)]
    if not numbers:
        return 2, 0.0
    without_gap = len(numbers) == len(values) > 1 and max(numbers) - min(numbers) + 1 == len(values)
    shares = counts / counts.sum()
    return int(without_gap and min(numbers) in (0, 1)), float(-(shares * np.log(shares)).sum()) * without_gap


def _column(table: Table, texts: list[str]) -> NDArray[np.float32]:
    """Return the pixels of a column that could have been the label's. Raises: DataError that names the image."""
    for image, text in enumerate(texts, start=1):
        if not NUMBER.fullmatch(text) or not 0 <= float(text) <= 255:
            raise table.fault(
                _("image {image} has a pixel '{value}'", image=image, value=visible(text[:40])),
                expected=_("numbers from 0 to 255"),
            )
    return np.array(texts, np.float32)


def _as_bytes(pixels: NDArray[Any]) -> tuple[Bytes, list[Note]]:
    """Return pixels as bytes, and a note if they were fractions."""
    if pixels.dtype == np.uint8:
        return pixels, []
    whole = np.rint(pixels)
    if (whole == pixels).all():
        return whole.astype(np.uint8), []
    if pixels.max() <= 1:
        return np.rint(pixels * 255).astype(np.uint8), [Note(Code.FRACTIONS_SCALED)]
    return whole.astype(np.uint8), [Note(Code.FRACTIONS_ROUNDED)]
