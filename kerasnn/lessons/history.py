"""What a model's card says about its training, read as records."""

from kerasnn.language import _
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


def curve(name: str, history: tuple[Epoch, ...], metric: str) -> Series:
    """Return one metric of a history by epoch. `metric`: a field of Epoch."""
    return Series(name, tuple(float(line.epoch) for line in history), tuple(getattr(line, metric) for line in history))
