"""How large an optimizer's steps are, read from its variables after each epoch."""

import time
from typing import Any

import numpy as np

from kerasnn.networks.classifier import Reals
from kerasnn.networks.runtime import keras
from kerasnn.records import Pace
from kerasnn.study.job import weights_digest


class Paces(keras.callbacks.Callback):  # type: ignore[misc]
    """Notes a Pace an epoch, and the digest of the first weights. Looks at epochs alone, so any engine serves it.

    Weights that have not moved since the start, as those of pixels that are always black, do not count.
    """

    def __init__(self) -> None:
        super().__init__()
        self.paces: list[Pace] = []
        self.start = ""
        self._first: Reals
        self._before: Reals
        self._began = 0.0

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.start = weights_digest(self.model.get_weights())
        self._first = self._before = self._weights()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        seconds = time.perf_counter() - self._began
        weights = self._weights()
        if not np.isfinite(weights).all():
            return
        rates = effective_rates(self.model.optimizer, len(weights))[weights != self._first]
        lower, middle, upper = np.percentile(rates, (25, 50, 75)) if len(rates) else (0.0, 0.0, 0.0)
        movement = float(np.sqrt(np.mean((weights - self._before) ** 2, dtype=np.float64)))
        self.paces.append(Pace(epoch + 1, float(middle), float(lower), float(upper), movement, seconds))
        self._before = weights

    def _weights(self) -> Reals:
        return _flat(self.model.trainable_variables)


def effective_rates(optimizer: Any, count: int) -> Reals:
    """What `optimizer` multiplies a gradient by to make its step, for each of `count` weights, at this moment.

    SGD: the learning rate, over 1 - momentum, for momentum adds up a lasting gradient's steps to so much. Adagrad and
    RMSprop: the rate over the root of the sum, or of the running mean, of squared gradients. Adam: likewise, with the
    corrections of its first steps.

    Source: lecture, "optimizers": adaptive rates; Keras' own `update_step`.
    """
    rate = float(optimizer.learning_rate)
    kind = type(optimizer).__name__
    rates: Reals
    if kind == "Adagrad":
        rates = rate / np.sqrt(_slot(optimizer, "accumulator") + optimizer.epsilon)
    elif kind == "RMSprop":
        rates = rate / (1 - optimizer.momentum) / np.sqrt(_slot(optimizer, "velocity") + optimizer.epsilon)
    elif kind == "Adam":
        steps = int(optimizer.iterations)
        rate *= np.sqrt(1 - optimizer.beta_2**steps) / (1 - optimizer.beta_1**steps)
        rates = rate / (np.sqrt(_slot(optimizer, "velocity")) + optimizer.epsilon)
    else:
        rates = np.full(count, rate / (1 - optimizer.momentum), np.float32)
    return rates


def _slot(optimizer: Any, name: str) -> Reals:
    """What the optimizer remembers of each weight under that name."""
    return _flat([variable for variable in optimizer.variables if variable.path.endswith(name)])


def _flat(variables: Any) -> Reals:
    return np.concatenate([np.asarray(variable).ravel() for variable in variables])
