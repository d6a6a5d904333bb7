"""What the code that reads data consists of, and what the modules of all formats use to write it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kerasnn.data.part_names import TEST, TRAIN, VALIDATION
from kerasnn.data.scales import AS_IS, MORE_BITS, SYMMETRIC, UNIT
from kerasnn.language import _
from kerasnn.records import Note
from kerasnn.records.codes import Code
from kerasnn.records.note import sentence

RULES: Final = {scale.rule for scale in (AS_IS, UNIT, *SYMMETRIC, *MORE_BITS)}
SPLIT: Final = (Code.TEST_HELD_OUT, Code.PARTS_JOINED)  # what every format can write


class NotWritten(Exception):
    """A script cannot read the data as kerasnn does in a few lines; the message says why in a clause."""


@dataclass(frozen=True)
class Data:
    """The data that a script has to read.

    `path`: where they are. `shape`: rows and columns of an image. `classes`: their names.
    `conversions`: the values of each note on what kerasnn did to read them, by code, out of a record that anybody may
    have written. `is_own`: they are the user's, not kerasnn's garments. `prefix`: as in `Asked`.
    """

    path: Path
    shape: tuple[int, int]
    classes: tuple[str, ...]
    conversions: Mapping[str, Mapping[str, Any]]
    is_own: bool = True
    prefix: str | None = None

    @property
    def is_here(self) -> bool:
        return self.is_own and self.path.exists()

    @property
    def is_named(self) -> bool:
        """True if the data hold names as labels."""
        return Code.LABELS_NUMBERED in self.conversions

    def place(self, *inner: str) -> str:
        """Return a path in `path` as a string of Python: without the folders above it, which are this machine's."""
        start = Path(self.path.name) if self.path.is_absolute() else self.path
        return quoted(str(start.joinpath(*inner)))

    def refuse_but(self, *codes: Code) -> None:
        """Raise NotWritten if kerasnn did anything but these `codes` and SPLIT."""
        known = {*codes, *SPLIT, Code.NOT_AS_PUBLISHED}
        for code in self.conversions:
            if code not in known:
                raise self.refusal(code)

    def refusal(self, code: str) -> NotWritten:
        """Return the error for what kerasnn did and the record says with this `code`."""
        return NotWritten(sentence(Note(code, self.conversions[code])))


@dataclass(frozen=True)
class Reading:
    """The code that reads data into train_input, train_target, test_input and test_target.

    `function`: one that `lines` use; `says`: what it does. `lists_classes`: whether they use the list `class_names`.
    `packages`: those that it needs in addition, as pip names them.
    """

    imports: set[str]
    lines: Sequence[str]
    function: str = ""
    says: str = ""
    lists_classes: bool = False
    packages: tuple[str, ...] = ()


def quoted(text: str) -> str:
    """Return `text` as a string of Python."""
    return json.dumps(text, ensure_ascii=False)  # a string of JSON is one of Python too, whatever it holds


def assigned(read: Mapping[str, str]) -> list[str]:
    """Return the lines that give the arrays their names. `read`: the expression for images and labels of each part."""
    test = [f"test_input, test_target = {read[TEST]}"] if TEST in read else []
    if VALIDATION not in read:
        return [f"train_input, train_target = {read[TRAIN]}", *test]
    return [
        *(f"{part} = {read[part]}" for part in (TRAIN, VALIDATION)),
        "train_input, train_target = map(np.concatenate, zip(train, validation))",
        *test,
    ]


def as_bytes(values: str, data: Data) -> str:
    """Return the expression for `values` as bytes from 0 to 255. Raises: NotWritten for an unknown scale."""
    for code in (Code.PIXELS_SCALED, Code.PIXELS_ROUNDED):
        if code in data.conversions:
            rule, types = data.conversions[code].get("rule"), str(data.conversions[code].get("dtype"))
            if str(rule) not in RULES:  # of a stranger's record it may be a list, too
                raise data.refusal(code)
            exact = f'{values}.astype("float32")' if "float16" in types else values
            return f'np.rint({str(rule).replace("x", exact)}).astype("uint8")'
    if Code.PIXELS_AS_BYTES in data.conversions:
        is_float = "float" in str(data.conversions[Code.PIXELS_AS_BYTES].get("dtype"))
        return f'np.rint({values}).astype("uint8")' if is_float else f'{values}.astype("uint8")'
    return values


def check_packing(name: str, *, is_packed: bool) -> None:
    """Raise NotWritten if the end of a file's `name`, by which libraries unpack it, does not say if it `is_packed`."""
    if is_packed and not name.endswith(".gz"):
        raise NotWritten(_("its files are compressed, but their names do not end in .gz"))
    if not is_packed and name.endswith(".gz"):
        raise NotWritten(_("its files are not compressed, but their names end in .gz"))


def not_here(path: Path) -> NotWritten:
    return NotWritten(_("{path} is not here", path=path))
