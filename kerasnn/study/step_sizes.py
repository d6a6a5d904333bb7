"""Record how large an optimizer's steps are, computed from its variables after each epoch."""

import time
from typing import Any

import numpy as np

from kerasnn.lecture.optimizers import OPTIMIZERS
from kerasnn.networks.classifier import Reals
from kerasnn.networks.runtime import keras
from kerasnn.records import StepSize
from kerasnn.study.job import weights_digest


class StepSizeRecorder(keras.callbacks.Callback):  # type: ignore[misc]
    """Records the step sizes of each epoch, and the digest of the initial weights; works with any engine.

    Weights that have not moved since the start are left out, such as those of pixels that are always black.
    """

    def __init__(self) -> None:
        super().__init__()
        self.step_sizes: list[StepSize] = []
        self.start = ""
        self._initial: Reals
        self._previous: Reals
        self._began = 0.0

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.start = weights_digest(self.model.get_weights())
        self._initial = self._previous = _flat(self.model.trainable_variables)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        seconds = time.perf_counter() - self._began
        weights = _flat(self.model.trainable_variables)
        if not np.isfinite(weights).all():  # this training has diverged
            return
        rates = effective_rates(self.model.optimizer, len(weights))[weights != self._initial]
        lower, median, upper = np.percentile(rates, (25, 50, 75)) if len(rates) else (0.0, 0.0, 0.0)
        movement = float(np.sqrt(np.mean((weights - self._previous) ** 2, dtype=np.float64)))
        self.step_sizes.append(StepSize(epoch + 1, float(median), float(lower), float(upper), movement, seconds))
        self._previous = weights


def effective_rates(optimizer: Any, count: int) -> Reals:
    """Return the factor by which Keras' `optimizer` now multiplies each weight's gradient, float32 of shape (count,).

    Raises: KeyError for an optimizer that is not in OPTIMIZERS.

    Source: lecture, "optimizers": adaptive rates; Keras' own `update_step`.
    """
    row = {each.keras_class: each for each in OPTIMIZERS}[type(optimizer).__name__]

    def remembered(name: str) -> Reals:  # the optimizer's state for each weight
        return _flat([variable for variable in optimizer.variables if variable.path.endswith(name)])

    rates = row.effective_rate(optimizer, remembered)
    return rates if isinstance(rates, np.ndarray) else np.full(count, rates, np.float32)


def _flat(variables: Any) -> Reals:
    return np.concatenate([np.asarray(variable).ravel() for variable in variables])
