"""Tables of text, plain or packed, in a file, a folder or a zip archive, as blocks of whole lines."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kerasnn.data.addresses import address_fault
from kerasnn.data.archives import base_name, is_hidden, zip_names
from kerasnn.data.blocks import Stream
from kerasnn.data.copies import without_copies
from kerasnn.errors import DataError
from kerasnn.files.packed import DAMAGE, GZIP, MOST_TIMES, is_bomb, is_zip, open_zip
from kerasnn.files.untrusted import visible
from kerasnn.language import _

SUFFIXES: Final = (".csv", ".tsv")
PACKED: Final = ("", ".gz", ".zip")
BLOCK: Final = 1 << 20  # bytes
LONGEST_LINE: Final = 1 << 22  # bytes, of an image of a million pixels
MARKS: Final = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


@dataclass(frozen=True)
class Table:
    """A table in the file `path`; `member`: in which part of a zip archive."""

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        return str(self.path) if self.member is None else f"{self.path}, {visible(self.member)}"

    @property
    def short(self) -> str:
        """What tells its part: `train.csv`."""
        return base_name(self.member or self.path.name).lower()

    def fault(self, what: str, *, expected: str | None = None, hint: str | None = None) -> DataError:
        return DataError(
            _("{table}: {what}", table=self.name, what=what),
            expected=expected or _("a line for each image: its label and its pixels from 0 to 255"),
            hint=hint or _("write it again as CSV, with a label and the pixels of one image in each line"),
        )


def is_table(name: str) -> bool:
    """Return True if a file of this name is a table, plain or packed."""
    return name.lower().endswith(tuple(suffix + packed for suffix in SUFFIXES for packed in PACKED))


def tables_in(path: Path) -> list[Table]:
    """Return the tables in a folder or a zip archive, or the one that the file is. Raises: DataError."""
    if path.is_dir():
        named = (each for each in path.iterdir() if is_table(each.name) and not each.name.startswith("."))
        return [table for file in sorted(without_copies(filter(Path.is_file, named))) for table in tables_in(file)]
    if not is_zip(path):
        return [Table(path)]
    found: dict[str, Table] = {}
    for name in sorted(zip_names(path), key=lambda name: (name.count("/"), name)):
        table = Table(path, name)
        if table.short.endswith(SUFFIXES) and not any(map(is_hidden, re.split(r"[\\/]", name))):
            found.setdefault(table.short, table)  # Kaggle has some twice, once in a folder of its name
    return list(found.values())


def blocks_of(table: Table) -> Iterator[bytes]:
    """Yield the text of a table in blocks that end with a line. Raises: DataError."""
    unpacked, rest, first = 0, b"", True
    try:
        packed = table.path.stat().st_size
        with opened(table) as stream:
            while more := stream.read(BLOCK):
                unpacked += len(more)
                if is_bomb(packed, unpacked):
                    raise table.fault(_("it unpacks to more than {times} times its size", times=MOST_TIMES))
                if first:
                    more = _without_mark(table, more)
                    first = False
                end = more.rfind(b"\n") + 1
                if end:
                    yield _unix(rest + more[:end])
                    rest = more[end:]
                elif len(rest := rest + more) > LONGEST_LINE:
                    raise table.fault(_("a line is longer than {most:,} bytes", most=LONGEST_LINE))
    except (*DAMAGE, OSError) as error:
        raise address_fault(table.path) or _damaged(table, error) from None
    if rest.strip():
        yield _unix(rest + b"\n")


def _damaged(table: Table, error: Exception) -> DataError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    return table.fault(_("it cannot be read: {error}", error=reason))


@contextmanager
def opened(table: Table) -> Iterator[Stream]:
    if table.member is not None:
        with open_zip(table.path) as archive, archive.open(table.member) as stream:
            yield stream
        return
    with table.path.open("rb") as file:
        packed = file.read(2) == GZIP
        file.seek(0)
        if not packed:
            yield file
            return
        with gzip.open(file) as unpacking:
            yield unpacking


def _without_mark(table: Table, text: bytes) -> bytes:
    if text[:2] in MARKS or b"\0" in text[:1000]:
        raise table.fault(
            _("it is not UTF-8 text"), hint=_("save it again as CSV in UTF-8; Excel calls that 'CSV UTF-8'")
        )
    return text.removeprefix(b"\xef\xbb\xbf")


def _unix(text: bytes) -> bytes:
    """Return the text with its lines ended as Unix ends them."""
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text
