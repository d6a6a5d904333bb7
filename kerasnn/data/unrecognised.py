"""Say what a file or folder is that kerasnn does not read as data, and how to bring it into the nearest form."""

import gzip
import os
import zlib
from collections import Counter
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from kerasnn.files.packed import GZIP, ZIP
from kerasnn.language import N_, _

LOOKED_AT: Final = 1000  # entries of a folder
SHOWN: Final = 3  # kinds of files in a folder
HEAD: Final = 16  # bytes
IDX: Final = b"\0\0\x08"

WITH_NUMPY: Final = N_("save its arrays as numpy.savez('data.npz', x_train=..., y_train=..., x_test=..., y_test=...)")
UNPACK: Final = N_("unpack it, and name the folder")
PICTURE: Final = N_("kerasnn predict takes single pictures")
KINDS: Final = (  # the first bytes of a file, what it is, and what to do with it
    (b"\x89HDF", N_("an HDF5 file"), WITH_NUMPY),
    (b"MATLAB", N_("a MATLAB file"), WITH_NUMPY),
    (b"\x80", N_("a pickle, which could run any code"), WITH_NUMPY),
    (
        b"\x93NUMPY",
        N_("a single array"),
        N_("put the arrays x_train.npy, y_train.npy, ... into a folder, and name that"),
    ),
    (IDX, N_("a single IDX file"), N_("name the folder with images and labels")),
    (b"PAR1", N_("a Parquet file"), N_("give it a name that ends in .parquet")),
    (b"SQLite", N_("a database"), WITH_NUMPY),
    (ZIP, N_("a zip archive without such files"), UNPACK),
    (GZIP, N_("a gzip file of something else"), UNPACK),
    (b"7z\xbc\xaf", N_("a 7z archive"), UNPACK),
    (b"Rar!", N_("a RAR archive"), UNPACK),
    (b"\xfd7zXZ", N_("an xz file"), UNPACK),
    (b"BZh", N_("a bzip2 file"), UNPACK),
    (b"\x89PNG", N_("a picture"), PICTURE),
    (b"\xff\xd8\xff", N_("a picture"), PICTURE),
    (b"GIF8", N_("a picture"), PICTURE),
    (b"%PDF", N_("a PDF document"), WITH_NUMPY),
    (b"<", N_("a web page or XML"), N_("download it again: perhaps the server asked to sign in")),
)


def describe(path: Path) -> tuple[str, str | None]:
    """Return what is at `path`, which exists, as a clause, and what to do with it."""
    try:
        return _folder(path) if path.is_dir() else _file(path)
    except OSError as error:
        return _("it cannot be read: {strerror}", strerror=error.strerror), None


def _file(path: Path) -> tuple[str, str | None]:
    if not path.is_file():  # opening a pipe would wait for a writer
        return _("neither a file nor a folder"), None
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(GZIP):
        with suppress(OSError, EOFError, zlib.error), gzip.open(path) as unpacked:
            inner = unpacked.read(HEAD)
            head = inner if inner.startswith(IDX) else head
    for start, what, remedy in KINDS:
        if head.startswith(start):
            return _(what), _(remedy)
    if not head:
        return _("an empty file"), None
    return (
        (_("text"), None) if head.isascii() and head.decode().isprintable() else (_("bytes of an unknown kind"), None)
    )


def _folder(path: Path) -> tuple[str, str | None]:
    """Describe a folder by the files in it and in the folders below."""
    kinds: Counter[str] = Counter()
    example: dict[str, Path] = {}
    walk = ((Path(folder), name) for folder, _folders, names in os.walk(path) for name in names)
    for folder, name in islice(walk, LOOKED_AT):
        suffix = Path(name).suffix.lower()
        kinds[suffix] += 1
        example.setdefault(suffix, folder / name)
    if not kinds:
        return _("a folder without files"), None
    most = kinds.most_common(SHOWN)
    bare = _("without a suffix")
    counts = ", ".join(f"{count} {suffix or bare}" for suffix, count in most)
    _what, remedy = _file(example[most[0][0]])
    return _("a folder with files of other kinds ({counts})", counts=counts), remedy
