"""What a model's card says about its training, read as records."""

from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.records import Epoch, Series, counts_from_1
from kerasnn.runs.find_model import FoundModel, damaged, read_card


def history_of(found: FoundModel) -> tuple[Epoch, ...]:
    """Return the epochs that a model's card records; empty if it records none.

    Raises: ModelFileError if they are damaged.
    """
    recorded = found.card.get("history")
    if recorded is None:
        return ()
    history = read_card(found, tuple[Epoch, ...], recorded)
    if not counts_from_1(history):
        raise damaged(found, _("its epochs do not count from 1"))
    return history


def settings_of(found: FoundModel) -> Settings | None:
    """Return the settings that a model's card records, or None.

    Raises: ModelFileError if they are damaged.
    """
    recorded = found.card.get("settings")
    return read_card(found, Settings, recorded) if recorded is not None else None


def curve(name: str, history: tuple[Epoch, ...], metric: str) -> Series:
    """Return one metric of a history by epoch. `metric`: a field of Epoch."""
    return Series(name, tuple(float(line.epoch) for line in history), tuple(getattr(line, metric) for line in history))
