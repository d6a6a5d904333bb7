"""What the cards of models tell of their training, read as records."""

from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.records import Epoch, Series, counts_from_1
from kerasnn.runs.find_model import FoundModel, damaged, read_card


def history_of(found: FoundModel) -> tuple[Epoch, ...]:
    """The epochs that the card of a model tells of; empty where it tells of none.

    Raises: ModelFileError where that is damaged.
    """
    told = found.card.get("history")
    if told is None:
        return ()
    history = read_card(found, tuple[Epoch, ...], told)
    if not counts_from_1(history):
        raise damaged(found, _("its epochs do not count from 1"))
    return history


def settings_of(found: FoundModel) -> Settings | None:
    """The settings that the card of a model tells of; None where it tells of none.

    Raises: ModelFileError where they are damaged.
    """
    told = found.card.get("settings")
    return read_card(found, Settings, told) if told is not None else None


def curve(name: str, history: tuple[Epoch, ...], figure: str) -> Series:
    """One figure of a history by epoch."""
    return Series(name, tuple(float(line.epoch) for line in history), tuple(getattr(line, figure) for line in history))
