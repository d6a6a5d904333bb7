"""Say what a file or folder is that kerasnn does not read as data, and how to bring it into the nearest form."""

import gzip
import os
import zlib
from collections import Counter
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from kerasnn.data import formats
from kerasnn.data.archives import base_name, zip_names
from kerasnn.errors import DataError
from kerasnn.files.packed import GZIP, ZIP
from kerasnn.language import N_, _, ngettext

LOOKED_AT: Final = 1000  # entries of a folder
SHOWN: Final = 3  # kinds of files in a folder
HEAD: Final = 512  # bytes
TAR, TAR_AT = b"ustar", 257  # and where it stands
CONTROLS: Final = {*range(32)} - {*b"\t\n\f\r"}  # bytes that no text has

WITH_NUMPY: Final = N_("save its arrays as numpy.savez('data.npz', x_train=..., y_train=..., x_test=..., y_test=...)")
UNPACK: Final = N_("unpack it, and name the folder")
WITHOUT_HEAD: Final = N_("delete all lines above the first image, and give it a name that ends in .csv")
PICTURE: Final = N_("kerasnn predict takes single pictures")
KINDS: Final = (  # the first bytes of a file, what it is, and what to do with it
    (b"\x89HDF", N_("an HDF5 file"), WITH_NUMPY),
    (b"MATLAB", N_("a MATLAB file"), WITH_NUMPY),
    (b"\x80", N_("a pickle, which can run arbitrary code when it is opened"), WITH_NUMPY),
    (
        b"\x93NUMPY",
        N_("a single array"),
        N_("put the arrays x_train.npy, y_train.npy, ... into a folder, and name that"),
    ),
    (b"\0\0\x08", N_("a single IDX file"), N_("name the folder with images and labels")),
    (b"PAR1", N_("a Parquet file"), N_("give it a name that ends in .parquet")),
    (b"SQLite", N_("a database"), WITH_NUMPY),
    (ZIP, N_("a zip archive without such files"), UNPACK),
    (GZIP, N_("a damaged gzip file"), N_("download it again")),
    (b"7z\xbc\xaf", N_("a 7z archive"), UNPACK),
    (b"Rar!", N_("a RAR archive"), UNPACK),
    (b"\xfd7zXZ", N_("an xz file"), UNPACK),
    (b"BZh", N_("a bzip2 file"), UNPACK),
    (b"\x89PNG", N_("a picture"), PICTURE),
    (b"\xff\xd8\xff", N_("a picture"), PICTURE),
    (b"GIF8", N_("a picture"), PICTURE),
    (b"%PDF", N_("a PDF document"), WITH_NUMPY),
    (b"@relation", N_("an ARFF file"), WITHOUT_HEAD),
    (b"@RELATION", N_("an ARFF file"), WITHOUT_HEAD),
    (b"%", N_("an ARFF file"), WITHOUT_HEAD),
    (b"<", N_("a web page or XML"), N_("download it again: perhaps the server asked to sign in")),
)
IN_A_ZIP: Final = (  # the name of a file in it, what that makes it, and what to do with it
    ("data.pkl", N_("a PyTorch file, which can run arbitrary code when it is opened"), WITH_NUMPY),
    ("[Content_Types].xml", N_("an Office document"), N_("save the table as CSV")),
    ("model.weights.h5", N_("a Keras model"), N_("evaluate a model with kerasnn evaluate")),
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
    names = _names(path) if head.startswith(ZIP) else set()
    for name, what, todo in IN_A_ZIP:
        if name in names:
            return _(what), _(todo)
    if head.startswith(GZIP):
        with suppress(OSError, EOFError, zlib.error), gzip.open(path) as unpacked:
            what, remedy = _kind(unpacked.read(HEAD))
            return _("{what}, compressed with gzip", what=what), remedy
    return _kind(head)


def _names(path: Path) -> set[str]:
    with suppress(DataError):
        return set(map(base_name, zip_names(path)))
    return set()


def _kind(head: bytes) -> tuple[str, str | None]:
    """Return what begins with `head`, and what to do with it."""
    if head[TAR_AT:].startswith(TAR):
        return _("a tar archive without such files"), _(UNPACK)
    for start, what, remedy in KINDS:
        if head.startswith(start):
            return _(what), _(remedy)
    if not head:
        return _("an empty file"), None
    if CONTROLS.isdisjoint(head):
        return _("text"), _("if it is a table, give it a name that ends in .csv")
    return _("bytes of an unknown kind"), _(WITH_NUMPY)


def _folder(path: Path) -> tuple[str, str | None]:
    """Describe a folder by the files in it and in the folders below."""
    walk = (Path(folder, name) for folder, folders, names in os.walk(path) for name in (*folders, *names))
    found = [each for each in islice(walk, LOOKED_AT) if each.is_symlink() or not each.is_dir()]
    files = [each for each in found if each.is_file() or not each.is_symlink()]
    if (links := len(found) - len(files)) > len(files):
        return (
            ngettext(
                "a folder with {count} link to another folder or to nothing",
                "a folder with {count} links to other folders or to nothing",
                links,
            ),
            _("copy the folders themselves to there: links are not followed"),
        )
    kinds: Counter[str] = Counter(file.suffix.lower() for file in files)
    example = {file.suffix.lower(): file for file in reversed(files)}
    if not kinds:
        return _("a folder without files"), None
    most = kinds.most_common(SHOWN)
    bare, largest = _("without a suffix"), max(example.values(), key=lambda file: file.lstat().st_size)
    counts = ", ".join(f"{count} {suffix or bare}" for suffix, count in most)
    _what, remedy = _file(largest)
    if kinds.total() == 1 and formats.find_format(largest) is not None:
        remedy = _("name the file: {path}", path=largest)
    return _("a folder with files of other kinds ({counts})", counts=counts), remedy
