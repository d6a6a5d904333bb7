"""A data set as CSV, one line for each image, as Kaggle has it: one table, or one for each part."""

import csv
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kerasnn.data import emnist
from kerasnn.data.archives import zip_names
from kerasnn.data.class_folders import has_pictures, is_picture
from kerasnn.data.csv_columns import columns_of
from kerasnn.data.csv_numbers import decoded
from kerasnn.data.csv_rows import Rows, as_bytes, column_notes, read_rows
from kerasnn.data.csv_tables import SUFFIXES, Table, blocks_of, is_table, tables_in
from kerasnn.data.dataset import Contents, checked_part, learning_part
from kerasnn.data.entries import of_file
from kerasnn.data.formats import Asked
from kerasnn.data.label_conversions import texts_as_numbers
from kerasnn.data.misleading import is_blank
from kerasnn.data.part_names import part_of
from kerasnn.data.picture_reader import Picture, PictureForm
from kerasnn.data.user_data import class_names_beside
from kerasnn.errors import DataError
from kerasnn.files.packed import is_zip
from kerasnn.language import _
from kerasnn.records import Note
from kerasnn.records.picture_codes import PictureCode

MOST_ANSWERS: Final = 100_000


def recognise(path: Path) -> bool:
    """Return True for a table, or a folder or a zip archive with a table and no pictures in folders.

    Beside pictures or arrays only a table of pixels counts: others say something of them.
    """
    if path.is_dir():
        if not any(is_table(each.name) for each in path.iterdir()):
            return False
        folders = [each for each in path.iterdir() if each.is_dir() and not each.is_symlink()]
        others = has_pictures(path) or any(each.suffix in (".npy", ".npz") for each in path.iterdir())
        return not any(map(has_pictures, folders)) and (not others or any(map(_has_pixels, tables_in(path))))
    return path.is_file() and (is_table(path.name) or _holds_tables(path))


def _has_pixels(table: Table) -> bool:
    try:
        columns_of(table, decoded(next(blocks_of(table), b"").partition(b"\n")[0]))
    except (DataError, csv.Error):
        return False
    return True


def _holds_tables(path: Path) -> bool:
    try:
        names = zip_names(path) if is_zip(path) else ()
    except DataError:
        return False
    return any(map(is_table, names)) and not any("/" in name and is_picture(name) for name in names)


def read(path: Path, _asked: Asked) -> Contents:
    """Read the tables of `path`, and the names of the classes in a `classes.txt` beside them.

    Raises: DataError if a table is damaged or has no labels, or it is not clear which table is which part.
    """
    tables = parts_of(path)
    rows: dict[str, Rows] = {}
    for part, table in tables.items():
        rows[part] = _labelled(table, tables["train"], rows["train"].label_is_last if rows else None)
    named = class_names_beside(path)
    numbers, names, label_notes = texts_as_numbers(
        [each.labels or [] for each in rows.values()], names=named, where=str(path)
    )
    images, image_notes = as_bytes(tables.values(), rows.values(), str(path))
    parts = {
        part: checked_part(*both, where=tables[part].name) for part, *both in zip(rows, images, numbers, strict=True)
    }
    turned: list[Note] = []
    if prefix := emnist.prefix_of(tables["train"].short):
        beside = [of_file(each) for each in (path if path.is_dir() else path.parent).glob(f"{prefix}-mapping.txt")]
        parts, characters, turned = emnist.upright(parts, prefix, beside)
        names = names or characters
    learning, added = learning_part(parts, str(path))
    conversions = (*column_notes(rows.values()), *image_notes, *label_notes, *turned, *added)
    where = tuple(tables[part].short if part in tables else "" for part in ("train", "test"))
    return Contents(learning, parts.get("test"), names, labels=(where[0], where[1]), conversions=conversions)


def read_images(path: Path, form: PictureForm) -> list[Picture]:
    """Read the images of a table, with labels or without, for a model. Raises: DataError."""
    found: list[Picture] = []
    for table in tables_in(path):
        ((images,), _notes) = as_bytes([table], [read_rows(table)], table.name)
        images = emnist.turned(images) if emnist.prefix_of(table.short) else images
        if images.shape[1:] != form.shape:
            raise table.fault(
                _("its images are {rows} x {columns}", rows=images.shape[1], columns=images.shape[2]),
                expected=_("{rows} x {columns}, as the model takes", rows=form.shape[0], columns=form.shape[1]),
                hint=_("name a model that was trained on such images"),
            )
        if len(found) + len(images) > MOST_ANSWERS:
            raise table.fault(_("it holds more than {most:,} images", most=MOST_ANSWERS), hint=_("cut it into parts"))
        for image in 255 - images if form.invert else images:
            found.append(Picture(image, (Note(PictureCode.BLANK),) if is_blank(image) else ()))
    return found


def parts_of(path: Path) -> dict[str, Table]:
    """Return the table of each part. Raises: DataError if it is not clear which is which."""
    tables = tables_in(path)
    if not tables:
        raise DataError(
            _("{path} holds no table", path=path),
            expected=_("a zip archive with files {suffixes}", suffixes=", ".join(SUFFIXES)),
            hint=_("unpack it, and name the folder"),
        )
    if len(tables) == 1:
        return {"train": tables[0]}
    found: dict[str, Table] = {}
    for table in tables:
        part = part_of(table.short)
        if part is not None and part in found:
            raise _unclear(path, [found[part], table])
        found |= {part: table} if part is not None else {}
    if "train" not in found:
        raise _unclear(path, tables)
    return {part: found[part] for part in ("train", "test", "validation") if part in found}


def _unclear(path: Path, tables: Sequence[Table]) -> DataError:
    return DataError(
        _(
            "{path}: it is not clear which table is which: {names}",
            path=path,
            names=", ".join(each.short for each in tables[:5]),
        ),
        expected=_(
            "one whose name has the word 'train' in it, and perhaps one with 'test', such as train.csv and my-test.csv"
        ),
        hint=_("rename them, or name one of them: then a fifth of its images becomes the test images"),
    )


def _labelled(table: Table, train: Table, label_is_last: bool | None) -> Rows:
    rows = read_rows(table, label_is_last)
    if rows.labels is None:
        hint = _("name only the table that has labels; this one is for kerasnn predict MODEL {table}", table=table.path)
        if table.member is not None:
            hint = _("unpack it, and name only the table that has labels; the other is for kerasnn predict")
        elif table != train:
            hint = _(
                "use --dataset {train}; classify the other table with kerasnn predict",
                train=shlex.quote(str(train.path)),
            )
        message = _("{table} has no labels: all its columns are pixels", table=table.name)
        raise DataError(message, expected=_("a column 'label'"), hint=hint)
    return rows
