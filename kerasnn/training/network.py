"""Train a Keras network with either engine; the engine `keras` is here: plain `model.fit`, as the notebooks call it.

On TensorFlow, `fit` after `set_random_seed` takes the images in the same order in every epoch. This engine does not
change that, because the published results were obtained that way.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from kerasnn.data.dataset import Dataset, Part
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.builders import build, compile_model
from kerasnn.networks.classifier import Reals, unrolled
from kerasnn.networks.runtime import keras, make_repeatable, memory_watched
from kerasnn.records import Notice, Training
from kerasnn.training.monitor import BATCH_HOOKS, Stopper, Watch
from kerasnn.training.restore import restore
from kerasnn.training.state import ALONE, Conduct


@memory_watched()
def train_network(
    architecture: Architecture, settings: Settings, dataset: Dataset, *, engine: str, conduct: Conduct = ALONE
) -> tuple[keras.Sequential, Training]:
    """Build, compile and train a model; return it with the record of its training.

    Raises: ModelFileError if `conduct.start` is the state of another network; MemoryError.
    """
    engine = _engine_for(conduct) if engine == "fused" else engine
    make_repeatable(settings.seed)
    model = build(architecture, paired=engine == "fused", initializer=settings.initializer)
    compile_model(model, settings)
    if conduct.start is not None:
        restore(model, conduct.start)
    watch = Watch(settings, len(dataset.train), conduct)
    stopper = Stopper(settings.patience, watch.history) if settings.patience is not None else None
    callbacks = [watch, *([stopper] if stopper else []), *conduct.callbacks]  # the caller's own come last
    began, compiling, interrupted = time.perf_counter(), 0.0, False
    try:
        if not _is_over(model, watch, stopper, settings):
            compiling = _engine(engine)(model, architecture, dataset, watch, callbacks)
    except (KeyboardInterrupt, SystemError) as error:
        # a second Ctrl-C while TensorFlow is tracing may surface as a SystemError
        if isinstance(error, SystemError) and not conduct.stopping():
            raise
        interrupted, compiling = True, watch.began - watch.made
    seconds = (compiling, time.perf_counter() - began - compiling)
    training = watch.conclude(stopper, engine=engine, interrupted=interrupted, seconds=seconds)
    return watch.model, training  # not `model`: an earlier program has trained its own model


def _engine_for(conduct: Conduct) -> str:
    """Return `fused`, or `keras`, with a notice, if a callback has hooks for batches, which `fused` cannot call."""
    if not any(map(_has_batch_hooks, conduct.callbacks)):
        return "fused"
    text = _(
        "A callback has hooks for batches, which the engine 'fused' cannot call: the engine 'keras' trains instead"
    )
    conduct.listener(Notice(text, warns=True))
    return "keras"


def _is_over(model: keras.Sequential, watch: Watch, stopper: Stopper | None, settings: Settings) -> bool:
    """Return True if a resumed training has no epoch left to train.

    No engine runs then, so the callbacks that the outcome depends on get the model here.
    """
    watch.set_model(model)
    if stopper is not None:
        stopper.set_model(model)
        stopper.on_train_begin()
    return bool(model.stop_training) or len(watch.history) >= settings.epochs


def _engine(name: str) -> Callable[..., float]:
    """Return the function of the engine `name`; `fused` needs TensorFlow, so it is imported only if asked for."""
    if name == "keras":
        return run_fit
    from kerasnn.training import fused

    return fused.run


def _has_batch_hooks(callback: Any) -> bool:
    """Return True if `callback` overrides one of Keras' hooks for batches."""
    return any(getattr(type(callback), hook) is not getattr(keras.callbacks.Callback, hook) for hook in BATCH_HOOKS)


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


def run_fit(
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
