"""EMNIST's peculiarities: images stored by columns, in IDX files and tables, and letters whose labels start at 1.

Source: Cohen et al., "EMNIST: an extension of MNIST to handwritten letters", 2017.
"""

import re
import string
from dataclasses import replace
from typing import Final

import numpy as np

from kerasnn.data.archives import DAMAGE
from kerasnn.data.blocks import blocks
from kerasnn.data.dataset import Bytes, Part
from kerasnn.data.entries import Entry
from kerasnn.errors import DataError
from kerasnn.language import _
from kerasnn.records import Note
from kerasnn.records.codes import Code

NAME: Final = "emnist"
LETTERS: Final = tuple(string.ascii_lowercase)
SET: Final = re.compile(r"emnist-[a-z]+(?=[-_.])")
MAPPING: Final = re.compile(r"(?P<prefix>.+?)[-_.]mapping\.txt", re.IGNORECASE)
LARGEST: Final = 1 << 16  # bytes of a mapping

Parts = dict[str, Part]


def upright(parts: Parts, prefix: str, found: list[Entry]) -> tuple[Parts, tuple[str, ...] | None, list[Note]]:
    """Return `parts` with upright images and labels from 0, the characters in the order of the labels, and notes.

    `prefix`: of the files' names. `found`: the files, with the mapping from labels to characters if there is one.

    Raises: DataError if the mapping is damaged.
    """
    notes = [Note(Code.IMAGES_TURNED)]
    parts = {part: replace(one, images=turned(one.images)) for part, one in parts.items()}
    mapping = next((entry for entry in found if _maps(entry.plain, prefix)), None)
    lowest = min(int(part.labels.min()) for part in parts.values())
    highest = max(int(part.labels.max()) for part in parts.values())
    characters: tuple[str, ...] | None = LETTERS if prefix.endswith("letters") else None
    first = 1 if characters and lowest >= 1 else 0
    if mapping is not None:
        first, characters = _read_mapping(mapping)
    if first and lowest >= first:
        parts = {part: replace(one, labels=one.labels - np.int32(first)) for part, one in parts.items()}
        notes.append(Note(Code.LABELS_FROM_ONE, {"highest": highest, "last": highest - 1}))
    return parts, characters, notes


def prefix_of(name: str) -> str | None:
    """Return the name of the data set in that of a file of EMNIST's: `emnist-letters`; None for another file."""
    found = SET.match(name.lower())
    return found[0] if found else None


def _maps(name: str, prefix: str) -> bool:
    match = MAPPING.fullmatch(name)
    return match is not None and match["prefix"].lower() == prefix


def turned(images: Bytes) -> Bytes:
    """Return images with rows and columns exchanged; of squares, in their place."""
    if images.shape[1] != images.shape[2]:
        return np.ascontiguousarray(images.transpose(0, 2, 1))
    for block in blocks(images):  # in its place, for a copy would take as much memory again
        block[:] = block.transpose(0, 2, 1).copy()
    return images


def _read_mapping(entry: Entry) -> tuple[int, tuple[str, ...]]:
    """Return the first label and the characters; of a line with a capital and a small letter, the small one."""
    try:
        with entry.open() as file:
            lines = file.read(LARGEST).decode("ascii").split("\n")
        rows = [[int(number) for number in line.split()] for line in lines if line.strip()]
        labels, characters = [row[0] for row in rows], tuple(chr(row[-1]) for row in rows)
        usual = labels[0] in (0, 1) and labels == list(range(labels[0], labels[0] + len(rows)))
        if usual and all(map(str.isprintable, characters)) and len(set(characters)) == len(rows):
            return labels[0], characters
    except (*DAMAGE, OSError, ValueError, IndexError, OverflowError):
        pass
    raise DataError(
        _("{path} does not tell what the labels mean", path=entry.where),
        expected=_("a line for each label from 0 or 1 on: the label and the code of its character, as in '1 65 97'"),
        hint=_("correct the file, or remove it"),
    )
