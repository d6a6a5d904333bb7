"""Yellow lines below a result: its notes, and a warning that the numbers cannot be compared with the lecture's."""

from collections.abc import Iterable
from typing import Final

from rich.text import Text

from kerasnn.language import N_, _
from kerasnn.records import DatasetInfo, Note
from kerasnn.records.note import sentence

STAND_IN: Final = N_(
    "Made with 'garments', images drawn by kerasnn in place of Fashion-MNIST: the numbers cannot be compared "
    "with the lecture's."
)


def note_lines(notes: Iterable[Note | str]) -> list[Text]:
    """Return one line for each note."""
    return [Text(_("Note: {note}.", note=sentence(note)), style="yellow") for note in notes]


def stand_in_notice(dataset: DatasetInfo) -> list[Text]:
    """Return a warning if `dataset` was drawn by kerasnn in place of Fashion-MNIST, else no lines."""
    return [Text(_(STAND_IN), style="yellow")] if dataset.stand_in else []
