"""A data set as Hugging Face keeps it: Parquet files with a column of pictures and one of labels."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from kerasnn.data.archives import is_hidden
from kerasnn.data.class_folders import natural
from kerasnn.data.copies import without_copies
from kerasnn.data.dataset import Contents, checked_part
from kerasnn.data.entries import entries
from kerasnn.data.formats import Asked
from kerasnn.data.label_conversions import texts_as_numbers
from kerasnn.data.many_pictures import Sources, read_many
from kerasnn.data.part_names import part_of
from kerasnn.data.picture_stack import notes_of
from kerasnn.data.user_data import LONGEST_NAME, checked_names, class_names_beside
from kerasnn.errors import DataError, EnvironmentFault
from kerasnn.files.apart import LONGEST_WAIT, Apart
from kerasnn.files.untrusted import parse_json, visible
from kerasnn.language import _, language
from kerasnn.records import Note
from kerasnn.records.codes import Code

SUFFIXES: Final = (".parquet", ".pq")
DEEPEST: Final = 4  # folders: in Hugging Face's cache, snapshots/REVISION/CONFIGURATION
PROCESS: Final = "kerasnn.data.parquet_process"
MOST_SECONDS: Final = 60.0


def recognise(path: Path) -> bool:
    """Return True for a Parquet file, or a folder with one, in it or in folders in it."""
    if not path.is_dir():
        return _is_parquet(path)
    return bool(entries(path, lambda name: name.lower().endswith(SUFFIXES)))


def read(path: Path, asked: Asked) -> Contents:
    """Read all files of each part, and the names of the classes.

    Raises: DataError; EnvironmentFault without the extra kerasnn[parquet].
    """
    if find_spec("pyarrow") is None:
        raise EnvironmentFault(
            _("{path}: reading Parquet needs pyarrow, which is not installed", path=path),
            expected=_("the extra kerasnn[parquet]"),
            hint=_("pip install 'kerasnn[parquet]'"),
        )
    parts = parts_of(path)
    paths = [file for each in parts.values() for file in each]
    seen = looked_at(path, paths)
    counts, labels = seen["counts"], seen["labels"]
    if all(label in ("", "-1") for label in labels):
        raise _fault(_("{path} has no labels", path=path))
    found = read_many(_sources(paths, sum(counts)), asked.size, asked.listener)
    (numbers,), names, label_notes = texts_as_numbers([labels], names=_names(path, seen["names"]), where=str(path))
    ends = {part: sum(counts[: 1 + max(map(paths.index, files))]) for part, files in parts.items()}
    learning = ends.get("validation", ends["train"])
    first, last = (
        checked_part(found.images[cut], numbers[cut], where=str(path)) if cut.start < len(numbers) else None
        for cut in (slice(0, learning), slice(learning, None))
    )
    if first is None:
        raise _fault(_("{path} has no labels", path=path))
    notes = [*notes_of(found), *label_notes]
    if "validation" in parts:
        notes.append(Note(Code.PARTS_JOINED, {"count": learning - ends["train"]}))
    return Contents(first, last, names, labels=("train", "test"), conversions=tuple(notes))


def _names(path: Path, kept: list[str] | None) -> tuple[str, ...] | None:
    """Return the names of the classes in a `classes.txt`, else those `kept` in the files. Raises: DataError."""
    given = class_names_beside(path)
    if given or kept is None:
        return given
    try:
        return checked_names(kept, path)
    except DataError as error:
        hint = _("write one name a line into classes.txt beside the files, in the order of the labels")
        raise DataError(error.message, expected=error.expected, hint=hint) from None


def _fault(message: str) -> DataError:
    return DataError(
        message,
        expected=_("Parquet files with a column image and a column label"),
        hint=_(
            "datasets.load_dataset(...)['train'].to_parquet('train.parquet') writes one; "
            "pandas.read_parquet(...).to_csv('train.csv', index=False) makes CSV of a table of pixels"
        ),
    )


def _is_parquet(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and path.is_file()


def _files(path: Path) -> list[Path]:
    """Return the files in a folder, or in its folders, in the order of their numbers. Raises: DataError."""
    globs = ("/".join("*" * depth) for depth in range(1, DEEPEST + 1))
    found = [
        each
        for depth in globs
        for each in path.glob(depth)
        if _is_parquet(each) and not any(map(is_hidden, each.relative_to(path).parts))
    ]
    folders = {file.name: file.parent for file in found}
    other = next((file for file in found if folders[file.name] != file.parent), None)
    if other is not None:
        names = f"{folders[other.name]}, {other.parent}"
        raise DataError(
            _("{path} holds several data sets: {names}", path=path, names=names),
            expected=_("Parquet files with a column image and a column label"),
            hint=_("name one of these folders alone"),
        )
    return sorted(without_copies(found), key=lambda file: natural(file.name))


def parts_of(path: Path) -> dict[str, list[Path]]:
    """Return the files of each part, the training part first and the test part last."""
    files = [path] if path.is_file() else _files(path)
    found: dict[str, list[Path]] = {"train": [], "validation": [], "test": []}
    for file in files:
        found[part_of(file.name) or "train"].append(file)
    if not found["train"]:  # a single part, whatever it is called
        return {"train": files}
    return {part: each for part, each in found.items() if each}


def _sources(paths: list[Path], count: int) -> Sources:
    def request(numbers: range, shape: tuple[int, int]) -> bytes:
        return _request(paths, shape, (numbers.start, numbers.stop, numbers.step))

    return Sources(count, PROCESS, request, lambda number: Path(f"{paths[0].parent}, {number + 1}"))


def _request(paths: list[Path], shape: tuple[int, int] | None, numbers: tuple[int, int, int] | None = None) -> bytes:
    asked = {"paths": list(map(str, paths)), "shape": shape, "numbers": numbers, "language": language()}
    return json.dumps(asked).encode("ascii") + b"\n"


def looked_at(path: Path, paths: list[Path]) -> dict[str, Any]:
    """Return what `parquet_process` says of the files, checked: a hijacked process could have written anything.

    Raises: DataError.
    """
    with Apart(PROCESS) as process:
        said, _ended = process.answer(_request(paths, None), seconds=LONGEST_WAIT + MOST_SECONDS)
    try:
        seen = parse_json(said)
        if "error" in seen:
            raise _fault(visible(str(seen["error"])))
        counts, labels, names = list(map(int, seen["counts"])), list(map(str, seen["labels"])), seen["names"]
        if sum(counts) != len(labels) or len(counts) != len(paths) or not labels:
            raise ValueError
        names = None if names is None else list(map(str, names))
        columns = {
            (str(image), str(label), str(kind), str(of_labels)) for image, label, kind, of_labels in seen["columns"]
        }
    except (ValueError, KeyError, TypeError):
        raise _fault(_("{path} takes too much time or memory to read", path=path)) from None
    long = next((number for number, label in enumerate(labels, start=1) if len(label) > LONGEST_NAME), None)
    if long is not None:
        raise _fault(
            _("{path}: label {number} is longer than {most} letters", path=path, number=long, most=LONGEST_NAME)
        )
    return {"counts": counts, "labels": labels, "names": names, "columns": columns}
