"""The pixels in a block of a table: quickly if they are whole numbers of up to three digits, else cell by cell."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.csv_columns import NUMBER, Columns
from kerasnn.data.csv_head import cells, decoded, with_points
from kerasnn.data.csv_tables import Table
from kerasnn.data.dataset import MOST_IMAGES, Bytes
from kerasnn.data.user_data import LONGEST_NAME
from kerasnn.files.untrusted import visible
from kerasnn.language import _

LARGEST: Final = 2 * 1024**3  # bytes of all pixels


@dataclass
class Found:
    """What has been read so far. `texts`: of the label, or of the first and the last column.

    `points`: whether a pixel was written with a decimal point; `commas`: whether a number was with a comma.
    """

    pixels: list[NDArray[Any]] = field(default_factory=list)
    texts: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    images: int = 0
    bytes: int = 0
    points: bool = False
    commas: bool = False


def take(table: Table, columns: Columns, block: bytes, number: int, found: Found) -> None:
    """Add the images in a block, whose first line has this `number`."""
    quick = _whole_numbers(columns, block)
    pixels, texts = quick if quick is not None else _any_numbers(table, columns, block, number, found)
    found.pixels.append(pixels)
    for kept, more in zip(found.texts, texts, strict=True):
        kept.extend(more)
    found.images += len(pixels)
    found.bytes += pixels.nbytes
    if found.images > MOST_IMAGES or found.bytes > LARGEST:
        raise table.fault(
            _("it holds more than {most:,} images, or {bytes:,} bytes of pixels", most=MOST_IMAGES, bytes=LARGEST)
        )


Texts = tuple[list[str], list[str]]


def _whole_numbers(columns: Columns, block: bytes) -> tuple[Bytes, Texts] | None:
    """Return pixels and texts of a block of regular lines; None if it has others, or other pixels than 0 to 255."""
    text, lines = np.frombuffer(block, np.uint8), block.count(b"\n")
    ends = np.flatnonzero((text == ord(columns.separator)) | (text == ord("\n")))
    has_commas = columns.separator != "," and b"," in block
    if not lines or len(ends) != lines * columns.count or b'"' in block or has_commas:
        return None
    lengths = (np.diff(ends, prepend=-1) - 1).reshape(lines, columns.count)
    stops = ends.reshape(lines, columns.count)
    last, digits = _of_pixels(columns, stops) - 1, _of_pixels(columns, lengths)
    if (text[stops[:, -1]] != ord("\n")).any() or digits.min() < 1 or digits.max() > 3:
        return None
    values = np.zeros(last.shape, np.uint16)
    for power in range(3):
        figures = text[last - power] - np.uint8(ord("0"))  # what is no figure wraps around to more than 9
        figures[digits <= power] = 0
        if figures.max() > 9:
            return None
        values += figures * np.uint16(10**power)
    if values.max() > 255:
        return None
    if lengths[:, columns.ends].max(initial=0) > LONGEST_NAME:  # in bytes; `_any_numbers` counts letters
        return None
    return values.astype(np.uint8), _texts(columns, block, stops, lengths)


def _of_pixels(columns: Columns, values: NDArray[np.int64]) -> NDArray[np.int64]:
    pixels = columns.pixels
    return values[:, pixels.start : pixels.stop] if isinstance(pixels, range) else np.take(values, pixels, axis=1)


def _texts(columns: Columns, block: bytes, ends: NDArray[np.int64], lengths: NDArray[np.int64]) -> Texts:
    texts = _no_texts()
    for kept, number in zip(texts, columns.ends, strict=False):
        stops = ends[:, number]
        starts = stops - lengths[:, number]
        kept += [
            decoded(block[start:stop]).strip() for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)
        ]
    return texts


def _any_numbers(
    table: Table, columns: Columns, block: bytes, number: int, found: Found
) -> tuple[NDArray[np.float32], Texts]:
    """Return pixels and texts of a block, cell by cell, and set `found.points` and `found.commas`.

    Raises: DataError that names the line that is wrong.
    """
    rows, texts = [], _no_texts()
    for line, written in _lines(table, columns, block, number):
        row = with_points(written) if "," in "".join(written) else written
        found.commas = found.commas or row != written
        pixels = [row[place] for place in columns.pixels]
        wrong = next((cell for cell in pixels if not NUMBER.fullmatch(cell)), None)
        values = np.array(pixels, np.float64) if wrong is None else np.array([np.inf])
        if not (values.min() >= 0 and values.max() <= 255):
            wrong = wrong if wrong is not None else next(cell for cell in pixels if not 0 <= float(cell) <= 255)
            raise table.fault(
                _("line {line}: a pixel is '{value}'", line=line, value=visible(wrong[:40])),
                expected=_("numbers from 0 to 255"),
            )
        rows.append(values.astype(np.float32))
        found.points = found.points or "." in "".join(pixels)
        for kept, place in zip(texts, columns.ends, strict=False):
            if len(row[place]) > LONGEST_NAME:  # all labels together take as much memory as if they were that long
                raise table.fault(
                    _("line {line} has a label of {count:,} letters", line=line, count=len(row[place])),
                    expected=_("at most {most} letters", most=LONGEST_NAME),
                )
            kept.append(row[place])
    return np.array(rows, np.float32).reshape(-1, len(columns.pixels)), texts


def _no_texts() -> Texts:
    return [], []


def _lines(table: Table, columns: Columns, block: bytes, number: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each line that is not empty."""
    for line, text in enumerate(block.split(b"\n"), start=number):
        if not text.strip():
            continue
        try:
            row = cells(decoded(text), columns.separator)
        except csv.Error as error:
            raise table.fault(_("line {line}: {error}", line=line, error=error)) from None
        if len(row) != columns.count:
            raise table.fault(
                _("line {line} has {count} cells", line=line, count=len(row)),
                expected=_("{count}, as the first line has", count=columns.count),
            )
        yield line, row
