"""What both engines share: the eye on every epoch, and the account of the training once it is over."""

import math
from typing import Any

import numpy as np

from kerasnn.lecture.stages import Settings
from kerasnn.networks.classifier import Reals
from kerasnn.networks.runtime import keras
from kerasnn.records import Epoch, Listener, Progress, Training


class Watch(keras.callbacks.Callback):  # type: ignore[misc]
    """Reports epochs, and keeps the weights of the last good and of the best one.

    A best epoch is one with a lower validation loss than all before it. An epoch is good where its losses and all
    weights are finite; the first that is not ends the training.
    """

    def __init__(self, settings: Settings, images: int, listener: Listener) -> None:
        super().__init__()
        self.settings, self.images, self.listener = settings, images, listener
        self.history: list[Epoch] = []
        self.best_epoch = 0
        self.best_loss = math.inf
        self.best_weights: list[Reals] = []
        self.last_weights: list[Reals] = []
        self.diverged = False

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.last_weights = self.model.get_weights()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        names = ("loss", "accuracy", "val_loss", "val_accuracy")
        done = Epoch(epoch + 1, *(float((logs or {})[name]) for name in names))
        weights = self.model.get_weights()
        if not (_finite(done.loss, done.val_loss) and _finite(*weights)):
            self.diverged = True
            self.model.stop_training = True
            return
        self.history.append(done)
        self.last_weights = weights
        if done.val_loss < self.best_loss:
            self.best_epoch, self.best_loss, self.best_weights = done.epoch, done.val_loss, weights
        self.listener(Progress(done.epoch, self.settings.epochs, self.images, self.images, done.loss, done))

    def report(self, seen: int, loss: float) -> None:
        """A sign of life from within the epoch that follows the last one finished."""
        self.listener(Progress(len(self.history) + 1, self.settings.epochs, seen, self.images, loss))

    def conclude(
        self, stopper: Any, *, engine: str, interrupted: bool, compile_seconds: float, train_seconds: float
    ) -> Training:
        """Give the model the weights that the settings say to keep, and tell what happened.

        With `patience` these are the best epoch's, else the last one's; after an interrupt or a divergence the
        last good epoch's. `stopper`: Keras' EarlyStopping, or None.
        """
        keep_best = self.settings.patience is not None and bool(self.best_weights)
        self.model.set_weights(self.best_weights if keep_best else self.last_weights)
        last_epoch = len(self.history)
        return Training(
            engine=engine,
            outcome="diverged" if self.diverged else "stopped" if interrupted else "done",
            history=tuple(self.history),
            best_epoch=self.best_epoch or None,
            stopped_epoch=last_epoch,
            stopped_early=bool(stopper and stopper.stopped_epoch),
            keras_stopped_epoch=stopper.stopped_epoch if stopper else None,
            kept_epoch=self.best_epoch if keep_best else last_epoch,
            compile_seconds=compile_seconds,
            train_seconds=train_seconds,
        )


def _finite(*values: float | Reals) -> bool:
    return all(bool(np.isfinite(value).all()) for value in values)
