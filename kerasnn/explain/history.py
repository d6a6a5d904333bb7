"""What the cards of models tell of their training, read as records."""

from typing import Any

from kerasnn.records import Epoch, Series
from kerasnn.runs import reference


def history_of(card: dict[str, Any]) -> tuple[Epoch, ...]:
    """The epochs that a card tells of; empty where it tells of none."""
    return tuple(
        Epoch(int(line["epoch"]), *(float(line[name]) for name in ("loss", "accuracy", "val_loss", "val_accuracy")))
        for line in card.get("history") or ()
    )


def reference_card(stage: str) -> dict[str, Any]:
    """The card of the reference model of `stage`."""
    return reference.card_of(reference.model_path(stage))


def curve(name: str, history: tuple[Epoch, ...], figure: str) -> Series:
    """One figure of a history by epoch."""
    return Series(name, tuple(float(line.epoch) for line in history), tuple(getattr(line, figure) for line in history))
