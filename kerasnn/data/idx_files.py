"""A data set as IDX files under any usual names, in a folder, the folders below it, or an archive."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kerasnn.data import emnist
from kerasnn.data.dataset import Contents, Part, checked_part, learning_part
from kerasnn.data.entries import Entry, entries
from kerasnn.data.formats import Asked
from kerasnn.data.idx import missing, read_idx
from kerasnn.data.part_names import TEST, TRAIN, VALIDATION
from kerasnn.data.user_data import class_names_beside
from kerasnn.errors import DataError
from kerasnn.language import _
from kerasnn.records import Note

EMNIST_ZIP: Final = "gzip.zip"  # as published
LETTERS: Final = "emnist-letters"
FILE: Final = re.compile(
    r"(?:(?P<prefix>.+?)[-_.])?(?P<part>train(?:ing)?|t10k|test(?:ing)?|val(?:id(?:ation)?)?)[-_.]?"
    r"(?P<kind>images|labels)(?:[-_.]?idx[13])?(?:[-_.]?ubyte)?(?:\.(?:bin|idx|ubyte|dat))?(?:\.gz)?",
    re.IGNORECASE,
)
PARTS: Final = {"tr": TRAIN, "va": VALIDATION, "t1": TEST, "te": TEST}  # by how their names begin
EXCHANGED: Final = {"images": "labels", "labels": "images", "idx3": "idx1", "idx1": "idx3"}

Files = Mapping[tuple[str, str], Entry]  # by part, and images or labels


def recognise(path: Path) -> bool:
    """Return True for a folder or archive with at least one IDX file; `read` then says which ones are missing."""
    if path.suffix == ".npz":  # a zip, too
        return False
    try:
        return bool(entries(path, FILE.fullmatch, first=True))
    except DataError:
        return True  # `read` says what is wrong


def read(path: Path, asked: Asked) -> Contents:
    """Read the IDX files at `path` and the names of the classes, from a `classes.txt` or a mapping of EMNIST's.

    Raises: DataError if a file is missing or damaged, images and labels do not match, or it is not clear which files
    are meant.
    """
    found = entries(path, lambda name: FILE.fullmatch(name) or emnist.MAPPING.fullmatch(name))
    prefix, files = _one_set(path, found, asked.prefix)
    parts = {part: _read_part(files, part, path) for part in (TRAIN, VALIDATION, TEST) if _has(files, part)}
    if TRAIN not in parts:
        raise missing(path / re.sub("t10k|test(?:ing)?", TRAIN, next(iter(files.values())).plain))
    notes: list[Note] = []
    names = class_names_beside(path)
    if emnist.NAME in prefix.lower():
        parts, characters, notes = emnist.upright(parts, prefix, found)
        names = names or characters
    learning, joined = learning_part(parts, str(path))
    labels = tuple(files.get((part, "labels"), files[TRAIN, "labels"]).name for part in (TRAIN, TEST))
    return Contents(learning, parts.get(TEST), names, (labels[0], labels[1]), (*notes, *joined))


def find_files(path: Path, prefix: str | None = None) -> Files:
    """Return the files that `read` reads. Raises: DataError if there are none, or it is not clear which are meant."""
    return _one_set(path, entries(path, FILE.fullmatch), prefix)[1]


def _one_set(path: Path, found: list[Entry], wanted: str | None) -> tuple[str, Files]:
    """Return the files of one data set, and their prefix: the uppermost first, copies last, gzip before plain."""
    sets: dict[str, dict[tuple[str, str], Entry]] = {}
    for entry in sorted(found, key=_rank):
        match = FILE.fullmatch(entry.plain)
        prefix = (match["prefix"] or "").lower() if match else ""
        if match and (wanted is None or prefix in (wanted, "")):
            role = PARTS[match["part"][:2].lower()], match["kind"].lower()
            one = sets.setdefault(prefix, {}).setdefault(role, entry)
            if one.depth == entry.depth and one.folder != entry.folder:
                raise _several(path, [one.folder, entry.folder], _("name one of these folders alone"))
            if (one.folder, one.plain) == (entry.folder, entry.plain) and one.size != entry.size:  # no copy
                raise _several(path, [one.name, entry.name])
    if wanted in sets:
        sets = {wanted: sets[wanted]}
    if len(sets) > 1:
        raise _several(path, sorted(sets))
    if not sets:
        raise missing(path / f"{wanted or TRAIN}-images-idx3-ubyte.gz")
    return next(iter(sets.items()))


def _rank(entry: Entry) -> tuple[int, bool, bool, str]:
    return entry.depth, entry.name != entry.plain, not entry.name.endswith(".gz"), entry.where


def _several(path: Path, names: list[str], hint: str | None = None) -> DataError:
    if LETTERS in names and hint is None and (path.is_dir() or path.name == EMNIST_ZIP):
        folder = shlex.quote(str(path if path.is_dir() else path.parent))
        hint = _("--dataset {name} --data-dir {folder} reads the letters", name=LETTERS, folder=folder)
    return DataError(
        _("{path} holds several data sets: {names}", path=path, names=", ".join(names)),
        expected=_("the IDX files of one"),
        hint=hint or _("put the files of one of them into a folder of their own, and name that"),
    )


def _has(files: Files, part: str) -> bool:
    return (part, "images") in files or (part, "labels") in files


def _read_part(files: Files, part: str, path: Path) -> Part:
    images, labels = (files.get((part, kind)) for kind in ("images", "labels"))
    if images is None or labels is None:
        there = images or labels
        assert there is not None
        raise missing(Path(there.where).with_name(_other_name(there.plain)))
    return checked_part(
        read_idx(images, dimensions=3),
        read_idx(labels, dimensions=1),
        where=_("{images} and {labels} in {path}", images=images.name, labels=labels.name, path=path),
    )


def _other_name(name: str) -> str:
    """Return the name of the labels' file for the images', and the other way round."""
    return re.sub("images|labels|idx[13]", lambda found: EXCHANGED[found[0].lower()], name, flags=re.IGNORECASE)
