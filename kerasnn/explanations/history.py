"""What the cards of models tell of their training, read as records."""

from typing import Any

from kerasnn.errors import ModelFileError
from kerasnn.language import _
from kerasnn.lecture.stages import Settings
from kerasnn.records import Epoch, Series
from kerasnn.records.restore import restore
from kerasnn.runs.find import FoundModel


def history_of(found: FoundModel) -> tuple[Epoch, ...]:
    """The epochs that the card of a model tells of; empty where it tells of none.

    Raises: ModelFileError where that is damaged.
    """
    return _read(tuple[Epoch, ...], found, "history") or ()


def settings_of(found: FoundModel) -> Settings | None:
    """The settings that the card of a model tells of; None where it tells of none.

    Raises: ModelFileError where they are damaged.
    """
    settings: Settings | None = _read(Settings, found, "settings")
    return settings


def _read(kind: Any, found: FoundModel, name: str) -> Any:
    value = found.card.get(name)
    if value is None:
        return None
    try:
        return restore(kind, value)
    except ValueError as error:
        raise ModelFileError(
            _("the record of {name} is damaged: {error}", name=found.name, error=error),
            expected=_("the run.json of a run"),
        ) from None


def curve(name: str, history: tuple[Epoch, ...], figure: str) -> Series:
    """One figure of a history by epoch."""
    return Series(name, tuple(float(line.epoch) for line in history), tuple(getattr(line, figure) for line in history))
