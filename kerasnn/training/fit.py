"""The engine `keras`: plain `model.fit`, as the notebooks call it.

On TensorFlow, `fit` after `set_random_seed` takes the images in the same order in every epoch. This engine does not
change that, because the published results were obtained that way.
"""

import time
from collections.abc import Sequence
from typing import Any, Final

from kerasnn.data.dataset import Dataset, Part
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.classifier import Reals, unrolled
from kerasnn.networks.runtime import keras
from kerasnn.training.monitor import Watch

REPORT_SECONDS: Final = 0.1  # the shortest time between two reports of progress


class Batches(keras.callbacks.Callback):  # type: ignore[misc]
    """Reports progress within an epoch, and times the first step, which includes tracing and compiling."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watch, self.batch_size = watch, watch.settings.batch_size
        self.compile_seconds = 0.0
        self._reported = 0.0

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._reported = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        now = time.perf_counter()
        if not self.compile_seconds:
            self.compile_seconds = now - self._reported
        if now - self._reported >= REPORT_SECONDS:
            self._reported = now
            self.watch.report(min((batch + 1) * self.batch_size, self.watch.images), float((logs or {})["loss"]))


def run(
    model: keras.Sequential,
    architecture: Architecture,
    dataset: Dataset,
    watch: Watch,
    callbacks: Sequence[keras.callbacks.Callback],
) -> float:
    """Train the compiled `model` with the settings of `watch`; return the seconds that tracing and compiling took.

    Training continues after the epochs in `watch.history`.
    """
    batches = Batches(watch)
    images, labels = _inputs(dataset.train, architecture)
    model.fit(
        images,
        labels,
        validation_data=_inputs(dataset.validation, architecture),
        epochs=watch.settings.epochs,
        initial_epoch=len(watch.history),
        batch_size=watch.settings.batch_size,
        callbacks=[batches, *callbacks],
        verbose=0,
    )
    return batches.compile_seconds


def _inputs(part: Part, architecture: Architecture) -> tuple[Reals, Any]:
    return unrolled(part.images).reshape(len(part), *architecture.input_shape), part.labels
