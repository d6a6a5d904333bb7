"""A data set as CSV, one line for each image, as Kaggle has it: one table, or one for each part."""

from pathlib import Path
from typing import Final

from kerasnn.data import emnist
from kerasnn.data.archives import zip_names
from kerasnn.data.class_folders import has_pictures, is_picture
from kerasnn.data.csv_parts import has_pixels, notes_on_others, parts_of
from kerasnn.data.csv_rows import Rows, as_bytes, column_notes, read_rows
from kerasnn.data.csv_tables import Table, is_table, tables_in
from kerasnn.data.dataset import Contents, checked_part, learning_part
from kerasnn.data.entries import of_file
from kerasnn.data.formats import Asked
from kerasnn.data.label_conversions import texts_as_numbers
from kerasnn.data.misleading import is_blank
from kerasnn.data.picture_reader import Picture, PictureForm
from kerasnn.data.user_data import class_names_beside
from kerasnn.errors import DataError
from kerasnn.files.packed import is_zip
from kerasnn.language import _
from kerasnn.records import Listener, Note, ignore
from kerasnn.records.events import ReadWithChanges
from kerasnn.records.note import changes
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
        return not any(map(has_pictures, folders)) and (not others or any(map(has_pixels, tables_in(path))))
    return path.is_file() and (is_table(path.name) or _holds_tables(path))


def _holds_tables(path: Path) -> bool:
    try:
        names = zip_names(path) if is_zip(path) else ()
    except DataError:
        return False
    return any(map(is_table, names)) and not any("/" in name and is_picture(name) for name in names)


def read(path: Path, _asked: Asked) -> Contents:
    """Read the tables of `path`, and the names of the classes in a `classes.txt` beside them.

    Raises: DataError if a table is damaged, the training table has no labels, or it is not clear which table is which
    part.
    """
    tables = parts_of(path)
    rows: dict[str, Rows] = {}
    for part, table in tables.items():
        rows[part] = _labelled(table, rows["train"].label_is_last if rows else None)
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
    others = notes_on_others(path, tables)
    conversions = (*others, *column_notes(rows.values()), *image_notes, *label_notes, *turned, *added)
    where = tuple(tables[part].short if part in tables else "" for part in ("train", "test"))
    return Contents(learning, parts.get("test"), names, labels=(where[0], where[1]), conversions=conversions)


def read_images(path: Path, form: PictureForm, listener: Listener = ignore) -> list[Picture]:
    """Read the images of a table, with labels or without, for a model; `listener` is told of changes.

    Raises: DataError.
    """
    found: list[Picture] = []
    for table in tables_in(path):
        rows = read_rows(table)
        ((images,), notes) = as_bytes([table], [rows], table.name)
        if rows.notes or notes:
            listener(ReadWithChanges(changes((*rows.notes, *notes))))
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


def _labelled(table: Table, label_is_last: bool | None) -> Rows:
    rows = read_rows(table, label_is_last)
    if rows.labels is None:
        hint = _("name only the table that has labels; this one is for kerasnn predict MODEL {table}", table=table.path)
        if table.member is not None:
            hint = _("unpack it, and name only the table that has labels; the other is for kerasnn predict")
        message = _("{table} has no labels: all its columns are pixels", table=table.name)
        raise DataError(message, expected=_("a column 'label'"), hint=hint)
    return rows
