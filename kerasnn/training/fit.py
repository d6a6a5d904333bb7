"""The engine `keras`: plain `model.fit`, as the notebooks call it, watched from a callback.

On TensorFlow, `fit` after `set_random_seed` repeats one order of the images in every epoch; this engine keeps that,
for the published figures came about so.
"""

import math
import time
from typing import Any, Final

import numpy as np

from kerasnn.data.dataset import Dataset, Part
from kerasnn.lecture.stages import Settings
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.builders import build, compile_model
from kerasnn.networks.classifier import Reals, unrolled
from kerasnn.networks.runtime import keras, make_repeatable
from kerasnn.records import Epoch, Listener, Progress, Training

SIGN_OF_LIFE_SECONDS: Final = 0.1


class Watch(keras.callbacks.Callback):  # type: ignore[misc]
    """Reports progress, and keeps the weights of the last good and of the best epoch.

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
        self.compile_seconds = 0.0
        self._began = self._reported = 0.0

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.last_weights = self.model.get_weights()
        self._began = self._reported = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        now = time.perf_counter()
        if not self.history and batch == 0:
            self.compile_seconds = now - self._began
        if now - self._reported >= SIGN_OF_LIFE_SECONDS:
            self._reported = now
            self._report(min((batch + 1) * self.settings.batch_size, self.images), float((logs or {})["loss"]))

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
        self._report(self.images, done.loss, done)

    def _report(self, seen: int, loss: float, done: Epoch | None = None) -> None:
        epoch = len(self.history) + (0 if done else 1)
        self.listener(Progress(epoch, self.settings.epochs, seen, self.images, loss, done))


def _finite(*values: float | Reals) -> bool:
    return all(bool(np.isfinite(value).all()) for value in values)


def fit(
    architecture: Architecture, settings: Settings, dataset: Dataset, listener: Listener
) -> tuple[keras.Sequential, Training]:
    """Build, compile and fit a model; the weights it ends with are those the settings say to keep.

    With `patience` these are the best epoch's, else the last one's; after an interrupt or a divergence the last
    good epoch's.
    """
    make_repeatable(settings.seed)
    model = build(architecture)
    compile_model(model, settings)
    watch = Watch(settings, len(dataset.train), listener)
    callbacks: list[keras.callbacks.Callback] = [watch]
    patience = settings.patience
    stopper = keras.callbacks.EarlyStopping(patience=patience) if patience is not None else None
    if stopper is not None:
        callbacks.append(stopper)
    images, labels = _inputs(dataset.train, architecture)
    began = time.perf_counter()
    interrupted = False
    try:
        model.fit(
            images,
            labels,
            validation_data=_inputs(dataset.validation, architecture),
            epochs=settings.epochs,
            batch_size=settings.batch_size,
            callbacks=callbacks,
            verbose=0,
        )
    except KeyboardInterrupt:
        interrupted = True
    seconds = time.perf_counter() - began
    keep_best = patience is not None and bool(watch.best_weights)
    model.set_weights(watch.best_weights if keep_best else watch.last_weights)
    last_epoch = len(watch.history)
    training = Training(
        outcome="diverged" if watch.diverged else "stopped" if interrupted else "done",
        history=tuple(watch.history),
        best_epoch=watch.best_epoch or None,
        stopped_epoch=last_epoch,
        stopped_early=bool(stopper and stopper.stopped_epoch),
        keras_stopped_epoch=stopper.stopped_epoch if stopper else None,
        kept_epoch=watch.best_epoch if keep_best else last_epoch,
        compile_seconds=watch.compile_seconds,
        train_seconds=seconds - watch.compile_seconds,
    )
    return model, training


def _inputs(part: Part, architecture: Architecture) -> tuple[Reals, Any]:
    return unrolled(part.images).reshape(len(part), *architecture.input_shape), part.labels
