"""Which table is which part of a data set, and which is none."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from kerasnn.data.archives import base_name
from kerasnn.data.csv_columns import Columns, columns_of
from kerasnn.data.csv_tables import SUFFIXES, Table, blocks_of, tables_in
from kerasnn.data.part_names import PARTS, TRAIN, part_of
from kerasnn.errors import DataError
from kerasnn.files.untrusted import visible
from kerasnn.language import _
from kerasnn.records import Note
from kerasnn.records.codes import Code

SHOWN: Final = 5  # names in a message


def parts_of(path: Path) -> dict[str, Table]:
    """Return the table of each part, training first; of the other parts, those with labels.

    Raises: DataError if it is not clear which is which.
    """
    tables = tables_in(path)
    if not tables:
        raise DataError(
            _("{path} holds no table", path=path),
            expected=_("a zip archive with files {suffixes}", suffixes=", ".join(SUFFIXES)),
            hint=_("unpack it, and name the folder"),
        )
    found: dict[str, Table] = {}
    for part in PARTS:
        of_part = [table for table in tables if part_of(table.short) == part]
        if len(of_part) > 1:
            of_part = list(filter(has_pixels, of_part)) or of_part
        if len(of_part) > 1:
            raise _unclear(path, of_part)
        if of_part:
            found[part] = of_part[0]
    if TRAIN in found:
        return {part: table for part, table in found.items() if part == TRAIN or not is_unlabelled(table)}
    others = list(filter(has_pixels, tables)) if len(tables) > 1 else tables
    if len(others) != 1:
        raise _unclear(path, others or tables)
    return {TRAIN: others[0]}


def has_pixels(table: Table) -> bool:
    return _columns(table) is not None


def is_unlabelled(table: Table) -> bool:
    """Return True for a table of images without labels."""
    columns = _columns(table)
    return columns is not None and not columns.ends


def _columns(table: Table) -> Columns | None:
    try:
        return columns_of(table, next(blocks_of(table), b""))
    except (DataError, csv.Error):
        return None


def notes_on_others(path: Path, parts: Mapping[str, Table]) -> list[Note]:
    """Return notes on the tables that are none of the `parts`."""
    others = [table for table in tables_in(path) if table not in parts.values()]
    unlabelled = list(filter(is_unlabelled, others))
    names = tuple(_name(table) for table in others if table not in unlabelled)
    more = ("...",) if len(names) > SHOWN else ()
    return [
        *(Note(Code.TABLE_UNLABELLED, {"table": _name(table)}) for table in unlabelled),
        *([Note(Code.TABLES_LEFT_OUT, {"names": (*names[:SHOWN], *more)})] if names else []),
    ]


def _name(table: Table) -> str:
    return visible(base_name(table.member or table.path.name))


def _unclear(path: Path, tables: Sequence[Table]) -> DataError:
    return DataError(
        _(
            "{path}: it is not clear which table is which: {names}",
            path=path,
            names=", ".join(each.short for each in tables[:SHOWN]),
        ),
        expected=_(
            "one whose name has the word 'train' in it, and perhaps one with 'test', such as train.csv and my-test.csv"
        ),
        hint=_("rename them, or name one of them: then a fifth of its images becomes the test images"),
    )
