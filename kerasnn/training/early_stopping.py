"""Keras' EarlyStopping for a training that may be resumed."""

from collections.abc import Sequence
from typing import Any

from kerasnn.networks.runtime import keras
from kerasnn.records import Epoch


class Stopper(keras.callbacks.EarlyStopping):  # type: ignore[misc]
    """EarlyStopping that continues after the epochs of `history`.

    Keras' EarlyStopping resets its counters whenever `fit` begins; this one then recomputes them from the history.
    """

    def __init__(self, patience: int, history: Sequence[Epoch]) -> None:
        super().__init__(patience=patience)
        self.epochs_before = tuple(history)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        super().on_train_begin(logs)
        for each in self.epochs_before:
            self.on_epoch_end(each.epoch - 1, {"val_loss": each.val_loss})
