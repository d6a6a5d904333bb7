"""The callbacks of both engines: one watches every epoch and makes the record of the training, one stops it early."""

import math
import time
from collections.abc import Sequence
from typing import Any, Final

from kerasnn.lecture.hyperparameters import Settings
from kerasnn.networks.classifier import Reals
from kerasnn.networks.runtime import keras
from kerasnn.records import Epoch, Note, Progress, Training
from kerasnn.training.reading import find_fault
from kerasnn.training.restore import generator_arrays, optimizer_arrays
from kerasnn.training.state import ALONE, Conduct, State

BATCH_HOOKS: Final = ("on_train_batch_begin", "on_train_batch_end", "on_test_batch_begin", "on_test_batch_end")


class Watch(keras.callbacks.Callback):  # type: ignore[misc]
    """Reports epochs, remembers the weights of the last and of the best one, and passes on the state to be saved.

    The best epoch is the one with the lowest validation loss. The first epoch in which `find_fault` finds a sign of
    divergence ends the training, and does not count. An epoch is reported only after its state has been saved.
    """

    def __init__(self, settings: Settings, images: int, conduct: Conduct = ALONE) -> None:
        super().__init__()
        self.settings, self.images, self.conduct = settings, images, conduct
        self.history: list[Epoch] = []
        self.best_epoch = 0
        self.best_loss = math.inf
        self.best_weights: Sequence[Reals] = ()
        self.last_weights: Sequence[Reals] = ()
        self.fault: Note | None = None
        self.compile_seconds = self.train_seconds = 0.0  # those that earlier processes spent on this training
        self.made = self.began = self.epoch_began = time.perf_counter()  # compiling lies between the first two
        if conduct.start is not None:
            self._continue_from(conduct.start)

    def _continue_from(self, state: State) -> None:
        # only the last and the best epoch's weights are in the state, and no others are needed
        for epoch in state.history:
            self._count(epoch, state.weights if epoch is state.history[-1] else state.best_weights)
        self.compile_seconds, self.train_seconds = state.compile_seconds, state.train_seconds

    def _count(self, done: Epoch, weights: Sequence[Reals]) -> None:
        self.history.append(done)
        self.last_weights = weights
        if done.val_loss < self.best_loss:
            self.best_epoch, self.best_loss, self.best_weights = done.epoch, done.val_loss, weights

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        if not self.last_weights:  # needed already now: an interrupt may come while programs are being compiled
            self.last_weights = model.get_weights()

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.began = time.perf_counter()
        self._stop_if_asked()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.epoch_began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        names = ("loss", "accuracy", "val_loss", "val_accuracy")
        done = Epoch(epoch + 1, *(float((logs or {})[name]) for name in names))
        weights = self.model.get_weights()
        self.fault = find_fault(done, weights, self.model.output_shape[-1])
        if self.fault is not None:
            self.model.stop_training = True
            return
        self._count(done, weights)
        seconds = time.perf_counter() - self.epoch_began  # without saving the state
        if self.conduct.keep is not None:
            self.conduct.keep(self._state())
        seen = (done.epoch, self.settings.epochs, self.images, self.images)
        waited = done.epoch - self.best_epoch
        self.conduct.listener(Progress(*seen, done.loss, done, seconds, waited, self.settings.patience))
        if done.epoch < self.settings.epochs:  # after the last epoch the training is done, not stopped
            self._stop_if_asked()

    def _state(self) -> State:
        best_is_saved = self.settings.patience is not None and self.best_epoch != len(self.history)
        return State(
            history=tuple(self.history),
            weights=tuple(self.last_weights),
            best_weights=tuple(self.best_weights) if best_is_saved else (),
            optimizer=optimizer_arrays(self.model),
            generators=generator_arrays(self.model),
            compile_seconds=self.compile_seconds + self.began - self.made,
            train_seconds=self.train_seconds + time.perf_counter() - self.began,
        )

    def _stop_if_asked(self) -> None:
        if self.conduct.stopping():
            raise KeyboardInterrupt

    def report(self, seen: int, loss: float) -> None:
        """Report progress within the current epoch: `seen` images and their mean `loss`."""
        self.conduct.listener(Progress(len(self.history) + 1, self.settings.epochs, seen, self.images, loss))
        self._stop_if_asked()

    def conclude(self, stopper: Any, *, engine: str, interrupted: bool, seconds: tuple[float, float]) -> Training:
        """Set the model's final weights, and return the record of the training.

        With `patience` the final weights are those of the best epoch, else those of the last epoch without a fault.
        `stopper`: Keras' EarlyStopping, or None. `seconds`: for compiling and for training.
        """
        keep_best = self.settings.patience is not None and bool(self.best_weights)
        self.model.set_weights(self.best_weights if keep_best else self.last_weights)
        last_epoch = len(self.history)
        return Training(
            engine=engine,
            outcome="diverged" if self.fault else "stopped" if interrupted else "done",
            history=tuple(self.history),
            best_epoch=self.best_epoch or None,
            stopped_epoch=last_epoch,
            stopped_early=bool(stopper and stopper.stopped_epoch),
            keras_stopped_epoch=stopper.stopped_epoch if stopper else None,
            kept_epoch=self.best_epoch if keep_best else last_epoch,
            compile_seconds=self.compile_seconds + seconds[0],
            train_seconds=self.train_seconds + seconds[1],
            fault=self.fault,
        )


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
