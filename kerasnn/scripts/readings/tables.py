"""Code that reads tables with a line for each image."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import Final

from kerasnn.data.csv_columns import Columns, columns_of
from kerasnn.data.csv_head import ENCODINGS
from kerasnn.data.csv_parts import parts_of
from kerasnn.data.csv_tables import Table, blocks_of, opened
from kerasnn.files.packed import GZIP
from kerasnn.language import _
from kerasnn.records.codes import Code
from kerasnn.scripts.readings.reading import (
    Data,
    NotWritten,
    Reading,
    as_bytes,
    assigned,
    check_packing,
    not_here,
    quoted,
)

MARK: Final = b"\xef\xbb\xbf"  # of UTF-8
CHANGES: Final = (
    *(Code.PIXELS_AS_BYTES, Code.PIXELS_SCALED, Code.PIXELS_ROUNDED),
    *(Code.LABEL_COLUMN, Code.LABELS_NUMBERED, Code.COLUMNS_LEFT_OUT),
    *(Code.TABLE_UNLABELLED, Code.TABLES_LEFT_OUT),
)
_NUMBERS: Final = '''\
def read_table({given}):
    """Return the images and the labels in a table with a line for each image."""
    table = np.loadtxt({file}, np.float32{how}, ndmin=2)
    images, labels = table[:, {pixels}], table[:, {label}].astype(int)
    return {bytes}.reshape(-1, {rows}, {columns}), labels'''
_NAMES: Final = '''\
def read_table({given}):
    """Return the images and the labels, which are names, in a table with a line for each image."""
    images = np.loadtxt({file}, np.float32{how}, usecols={used}, ndmin=2)
    labels = np.loadtxt({file}, str{how}, usecols={label}, ndmin=1)
    labels = np.array([class_names.index({name}) for name in labels])
    return {bytes}.reshape(-1, {rows}, {columns}), labels'''


def write(data: Data) -> Reading:
    """Return the code. Raises: NotWritten, DataError."""
    data.refuse_but(*CHANGES)
    if not data.is_here:
        raise not_here(data.path)
    tables = parts_of(data.path)
    are_members = {table.member is not None for table in tables.values()}
    found = {_columns(table, data) for table in tables.values()}
    hows = {_how(table, data, columns) for table in tables.values() for columns in found}
    if len(found) != 1 or len(hows) != 1 or len(are_members) != 1:
        raise NotWritten(_("its tables are not written in the same way"))
    in_zip = True in are_members
    function = _function(data, found.pop(), hows.pop(), in_zip=in_zip)
    lines = assigned({part: f"read_table({_arguments(table, data)})" for part, table in tables.items()})
    imports = {"import numpy as np", *(["import zipfile"] if in_zip else [])}
    imports |= {"from unicodedata import normalize"} if _is_composed(data) else set()
    return Reading(imports, lines, function, _("Read a table."), lists_classes=data.is_named)


def _is_composed(data: Data) -> bool:
    """Return True if the names of labels may have accents or Hangul, which kerasnn composes."""
    return data.is_named and not all(map(str.isascii, data.classes))


def _columns(table: Table, data: Data) -> Columns:
    columns = columns_of(table, next(blocks_of(table), b""))
    if columns.is_reordered:  # a record of before kerasnn did that does not say so
        raise NotWritten(_("the columns of its pixels are not in order"))
    if not columns.unsure:
        return columns
    note = data.conversions.get(Code.LABEL_COLUMN)
    if note is None:
        raise NotWritten(_("the record does not say which column holds the labels"))
    is_first = note.get("column") == 1
    pixels = range(1, columns.count) if is_first else range(columns.count - 1)
    return replace(columns, pixels=pixels, ends=columns.ends[:1] if is_first else columns.ends[1:])


def _how(table: Table, data: Data, columns: Columns) -> str:
    """Return the arguments of `np.loadtxt` for a table. Raises: NotWritten."""
    if table.member is None:
        with table.path.open("rb") as file:
            check_packing(table.path.name, is_packed=file.read(len(GZIP)) == GZIP)
    with opened(table) as stream:
        is_marked = stream.read(len(MARK)) == MARK
    encoding, has_quotes = _text(islice(blocks_of(table), None if data.is_named else 1), columns)
    encoding = "utf-8-sig" if is_marked else encoding
    how = "" if columns.separator == " " else f", delimiter={quoted(columns.separator)}"
    how += f", skiprows={columns.above}" if columns.above else ""
    how += f", encoding={quoted(encoding)}" if encoding else ""
    how += ", quotechar='\"'" if has_quotes else ""
    return how + (", comments=None" if data.is_named and any("#" in name for name in data.classes) else "")


def _text(blocks: Iterable[bytes], columns: Columns) -> tuple[str | None, bool]:
    """Return the encoding of a table, None for plain ASCII, and whether there are quotes below the header."""
    encoding, has_quotes = None, False
    for number, block in enumerate(blocks):
        has_quotes = has_quotes or b'"' in (block if number else block.split(b"\n", columns.above)[-1])
        if not block.isascii():
            encoding = encoding or next((each for each in ENCODINGS if _is_in(each, block)), "latin-1")
    return encoding, has_quotes


def _is_in(encoding: str, text: bytes) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _function(data: Data, columns: Columns, how: str, *, in_zip: bool) -> str:
    ranges, (label,) = _ranges(columns.pixels), columns.ends
    pixels, place = ("1:", 0) if label == 0 else (":-1", -1)
    if not data.is_named and (columns.count != len(columns.pixels) + 1 or len(ranges) > 1):  # there are others
        how += f", usecols=[{label}, *{', *'.join(ranges)}]"
        pixels, place = "1:", 0
    values = as_bytes("images", data)
    return (_NAMES if data.is_named else _NUMBERS).format(
        given="archive, name" if in_zip else "path",
        file="zipfile.ZipFile(archive).open(name)" if in_zip else "path",
        how=how,
        used=ranges[0] if len(ranges) == 1 else f"[*{', *'.join(ranges)}]",
        pixels=pixels,
        label=label if data.is_named else place,
        name='normalize("NFC", name.strip())' if _is_composed(data) else "name.strip()",
        bytes=values if values != "images" else 'images.astype("uint8")',
        rows=data.shape[0],
        columns=data.shape[1],
    )


def _ranges(pixels: Sequence[int]) -> list[str]:
    """Return the ranges of the pixels' columns, which ascend."""
    cuts = [place for place in range(1, len(pixels)) if pixels[place] != pixels[place - 1] + 1]
    return [f"range({pixels[start]}, {pixels[stop - 1] + 1})" for start, stop in pairwise([0, *cuts, len(pixels)])]


def _arguments(table: Table, data: Data) -> str:
    path = data.place() if table.path == data.path else data.place(table.path.name)
    return path if table.member is None else f"{path}, {quoted(table.member)}"
