"""Notes: a code and values. `sentence` translates them to text in the current language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kerasnn.language import _, agreeing
from kerasnn.records.codes import SENTENCES
from kerasnn.records.picture_codes import PICTURE_SENTENCES


@dataclass(frozen=True)
class Note:
    """A note about a training, data or a picture.

    `values`: values for the placeholders of the code's sentence; notes among them are clauses of it.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


def sentence(note: Note | str) -> str:
    """Return `note` as a sentence in the current language.

    Text of older records is returned unchanged; a note that this version does not know is shown as its code.
    """
    if isinstance(note, str):
        return note
    try:
        text = SENTENCES.get(note.code) or PICTURE_SENTENCES[note.code]
        return agreeing(_(text).format_map({name: _text(value) for name, value in note.values.items()}))
    except KeyError:
        return note.code


def changes(notes: Sequence[Note]) -> str:
    """Return the sentence on what was done to a user's data to read them."""
    return _("Read with changes: {changes}.", changes="; ".join(map(sentence, notes)))


def difference(note: Note) -> str:
    """Return the difference that a RESUMED_DESPITE note reports, as a clause."""
    return _("{name} was {before} and is {now}", **{name: _text(value) for name, value in note.values.items()})


def _text(value: Any) -> str:
    if value is None or value == ():
        return _("none")
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Note):
        return sentence(value)
    return (
        ", ".join(sentence(each) if isinstance(each, Note) else str(each) for each in value)
        if isinstance(value, (tuple, list))
        else str(value)
    )
