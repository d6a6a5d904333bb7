"""Bring labels as people write them into numbers, and note each change.

The parts of a data set are converted together, because a name has the same number in all of them.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.class_folders import natural
from kerasnn.data.dataset import MOST_IMAGES
from kerasnn.data.user_data import checked_names
from kerasnn.errors import DataError
from kerasnn.language import _
from kerasnn.records import Note
from kerasnn.records.codes import Code

Array = NDArray[Any]
Names = tuple[str, ...]

NUMBER: Final = re.compile(r"-?(0|[1-9]\d{0,11})(\.0*)?", re.ASCII)
SHOWN: Final = 6  # names in a note


def labels_as_numbers(
    arrays: Sequence[Array], *, names: Names | None, where: str
) -> tuple[list[Array], Names | None, tuple[Note, ...]]:
    """Return `arrays` as whole numbers of shape (n,), the names of the classes if known, and notes on what was done.

    What cannot be converted for sure is returned unchanged, for `checked_part` to refuse. `names`: those given with the
    data. Texts that are not all numbers are names: their order is that of `names`, else as folders of classes have it.

    Raises: DataError if texts cannot be read, or are not among `names`.
    """
    notes: dict[str, Note] = {}
    flat = [_flat(array, notes) for array in arrays]
    if all(array.dtype.kind in "US" and array.size <= MOST_IMAGES for array in flat):
        texts = [as_texts(array, where) for array in flat]
        return *_numbered(texts, names, where, notes), tuple(notes.values())
    return [_whole(array, notes) for array in flat], names, tuple(notes.values())


def texts_as_numbers(
    parts: Sequence[Sequence[str]], *, names: Names | None, where: str
) -> tuple[list[Array], Names | None, tuple[Note, ...]]:
    """As `labels_as_numbers` for labels that were read as texts: that some are numbers is no change."""
    different = sorted(set().union(*parts))  # in an array of all texts, each would be as wide as the longest
    places = {text: place for place, text in enumerate(different)}
    (numbers,), names, notes = labels_as_numbers([np.array(different, np.str_)], names=names, where=where)
    arrays = [numbers[np.fromiter((places[text] for text in part), np.int64, len(part))] for part in parts]
    return arrays, names, tuple(note for note in notes if note.code != Code.LABELS_WHOLE)


def _flat(array: Array, notes: dict[str, Note]) -> Array:
    if array.ndim == 2 and 1 in array.shape and (array.shape[0] > 1 or not _is_one_hot(array)):
        notes.setdefault(Code.LABELS_FLATTENED, Note(Code.LABELS_FLATTENED, {"shape": str(array.shape)}))
        return array.reshape(-1)
    if _is_one_hot(array):
        notes[Code.LABELS_ONE_HOT] = Note(Code.LABELS_ONE_HOT)
        numbers: Array = array.argmax(axis=1)
        return numbers
    return array


def _is_one_hot(labels: Array) -> bool:
    """Return True for a matrix whose rows have a single 1 among zeros."""
    if labels.ndim != 2 or not labels.size or labels.dtype.kind not in "biuf":
        return False
    return bool(((labels == 0) | (labels == 1)).all() and (np.count_nonzero(labels, axis=1) == 1).all())


def _whole(labels: Array, notes: dict[str, Note]) -> Array:
    kind = labels.dtype.kind
    if kind == "b" or (kind == "f" and bool((labels == np.floor(labels)).all() and (np.abs(labels) < 2**31).all())):
        notes[Code.LABELS_WHOLE] = Note(Code.LABELS_WHOLE, {"dtype": str(labels.dtype)})
        return labels.astype(np.int64)
    return labels


def as_texts(texts: Array, where: str) -> Array:
    """Return an array of texts or of bytes in UTF-8 as texts. Raises: DataError."""
    try:
        return np.char.decode(texts, "utf-8") if texts.dtype.kind == "S" else texts
    except UnicodeDecodeError:
        raise DataError(
            _("{where}: the labels are bytes that are not UTF-8 text", where=where),
            expected=_("names in UTF-8, or numbers"),
            hint=_("number the classes from 0 on, and write the labels again"),
        ) from None


def _numbered(
    texts: list[Array], names: Names | None, where: str, notes: dict[str, Note]
) -> tuple[list[Array], Names | None]:
    found = np.unique(np.concatenate([array.reshape(-1) for array in texts]))
    if all(map(NUMBER.fullmatch, found.tolist())):
        notes[Code.LABELS_WHOLE] = Note(Code.LABELS_WHOLE, {"dtype": "str"})
        return [array.astype(np.float64).astype(np.int64) for array in texts], names
    classes = checked_names(found.tolist(), where)
    names_in_order = names or tuple(sorted(classes, key=natural))
    order = {name: number for number, name in enumerate(names_in_order)}
    missing = next((name for name in classes if name not in order), None)
    if missing is not None:
        raise DataError(
            _("{where}: there is a label '{name}'", where=where, name=missing),
            expected=_("one of the names given with the data: {names}", names=", ".join((names or ())[:SHOWN])),
            hint=_("correct the names or the labels; without a list of names, those of the labels are taken"),
        )
    shown = [f"{number} {name}" for name, number in order.items()]
    notes[Code.LABELS_NUMBERED] = Note(
        Code.LABELS_NUMBERED, {"classes": (*shown[:SHOWN], *(["..."] if len(shown) > SHOWN else []))}
    )
    numbers = np.array([order[name] for name in classes])
    return [numbers[np.searchsorted(found, array)] for array in texts], names_in_order
