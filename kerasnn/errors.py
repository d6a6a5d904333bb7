"""The errors that a user may meet, each with its exit code.

    KerasnnError
    |-- UsageError            2  a flag or a name is wrong, or two of them do not go together
    |-- DataError             3  data missing, unreachable, corrupt or of the wrong shape
    |-- EnvironmentFault      4  a package missing, memory, no permission, disk full
    |-- ModelFileError        5  a model or run file cannot be read, is not safe to read, or does not fit
    |-- CheckFailed           6  a check ran to its end and its answer is no
    |-- TrainingDiverged      7  not-a-number, infinite or huge loss or weights; the last good state was saved
    `-- Interrupted         130  stopped by the user; what was learnt so far is saved

Any other exception that reaches the user is a bug and ends with code 1 and a traceback.
"""

from collections.abc import Iterable, Mapping
from typing import ClassVar, Final, Self, TypeVar

from kerasnn.language import _

Row = TypeVar("Row")


class KerasnnError(Exception):
    """An expected failure: what was wrong, what was expected, what to do next.

    `message`: what was wrong, with the value received. `expected`: what would have been right. `hint`: the next
    command or step to try. Each is one sentence without a full stop. `record`: a result to show despite the failure,
    such as the run that was stopped.
    """

    code: ClassVar[int]  # the exit code of the process

    def __init__(
        self, message: str, *, expected: str | None = None, hint: str | None = None, record: object | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.hint = hint
        self.record = record

    @property
    def details(self) -> dict[str, int | str | None]:
        """The error as --json shows it."""
        return {"code": self.code, "message": self.message, "expected": self.expected, "hint": self.hint}


class UsageError(KerasnnError):
    code = 2


class DataError(KerasnnError):
    code = 3


class EnvironmentFault(KerasnnError):
    code = 4


class ModelFileError(KerasnnError):
    code = 5


class CheckFailed(KerasnnError):
    code = 6


class TrainingDiverged(KerasnnError):
    code = 7


class Interrupted(KerasnnError):
    code = 130


class Suggestion(str):
    """A hint that suggests `right` in place of `wrong`: where both are known, so is the command to type."""

    wrong: str
    right: str

    def __new__(cls, text: str, *, wrong: str, right: str) -> Self:
        hint = super().__new__(cls, text)
        hint.wrong, hint.right = wrong, right
        return hint


def composed(name: str) -> str:
    """Return `name` with accents and Hangul in single characters: macOS takes them apart, keyboards do not."""
    if name.isascii():
        return name
    from unicodedata import normalize

    return normalize("NFC", name)


def folded(name: str) -> str:
    """Return what all spellings of a name share: `EarlyStopping`, `early_stopping` and `Early stopping` are one."""
    return "".join(letter for letter in composed(name).casefold() if letter.isalnum())


def spelled(name: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that `name` spells in its own way; None if there is none."""
    by_spelling = {folded(each): each for each in names}
    return by_spelling.get(folded(name))


LONGEST_NAME: Final = 200  # characters


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that `name` is most likely a misspelling of; None if all are far from it."""
    from difflib import get_close_matches  # here, because it is only needed once something is wrong

    if len(name) > LONGEST_NAME:  # difflib would take minutes
        return None
    by_spelling = {folded(each): each for each in names}
    near = get_close_matches(folded(name), by_spelling, n=1, cutoff=0.5)
    return by_spelling[near[0]] if near else None


def did_you_mean(name: str, names: Iterable[str], otherwise: str | None = None) -> str | None:
    """Return the hint that suggests the nearest of `names` to a misspelt `name`; `otherwise` if none is near."""
    near = nearest(name, names)
    return Suggestion(_("did you mean '{near}'?", near=near), wrong=name, right=near) if near else otherwise


def look_up(
    name: str,
    rows: Mapping[str, Row],
    missing: str,
    otherwise: str | None = None,
    *,
    aliases: Mapping[str, str] | None = None,
) -> Row:
    """Return the row called `name`, in any spelling; `aliases` are more names for some of the rows.

    Raises: UsageError with the sentence `missing`, which suggests the nearest name, else `otherwise`.
    """
    names = {**(aliases or {}), **{each: each for each in rows}}
    if found := spelled(name, names):
        return rows[names[found]]
    expected = _("one of {names}", names=", ".join(rows))
    raise UsageError(missing, expected=expected, hint=did_you_mean(name, names, otherwise))
