"""A Keras network trained from its first weights to the ones that are kept, by either engine."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from kerasnn.data.dataset import Dataset
from kerasnn.lecture.stages import Settings
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.builders import build, compile_model
from kerasnn.networks.runtime import keras, make_repeatable
from kerasnn.records import Listener, Notice, Training
from kerasnn.training import fit
from kerasnn.training.watch import Watch

BATCH_HOOKS: Final = ("on_train_batch_begin", "on_train_batch_end", "on_test_batch_begin", "on_test_batch_end")


def train_network(
    architecture: Architecture,
    settings: Settings,
    dataset: Dataset,
    *,
    engine: str,
    listener: Listener,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> tuple[keras.Sequential, Training]:
    """Build, compile and train a model. `callbacks`: the caller's own, told after those of the settings.

    `fused` cannot serve callbacks that look at batches; then a notice says so and `keras` trains.
    """
    if engine == "fused" and any(map(_looks_at_batches, callbacks)):
        listener(Notice("A callback wants to be told of every batch, which 'fused' cannot: 'keras' trains instead"))
        engine = "keras"
    make_repeatable(settings.seed)
    model = build(architecture)
    compile_model(model, settings)
    watch = Watch(settings, len(dataset.train), listener)
    patience = settings.patience
    stopper = keras.callbacks.EarlyStopping(patience=patience) if patience is not None else None
    all_callbacks = [watch, *([stopper] if stopper else []), *callbacks]
    began, compile_seconds, interrupted = time.perf_counter(), 0.0, False
    try:
        compile_seconds = _engine(engine)(model, architecture, settings, dataset, watch, all_callbacks)
    except KeyboardInterrupt:
        interrupted = True
    seconds = time.perf_counter() - began
    training = watch.conclude(
        stopper,
        engine=engine,
        interrupted=interrupted,
        compile_seconds=compile_seconds,
        train_seconds=seconds - compile_seconds,
    )
    return model, training


def _engine(name: str) -> Callable[..., float]:
    """What trains; the engine `fused` is TensorFlow's alone, and imported only where it is asked for."""
    if name == "keras":
        return fit.run
    from kerasnn.training import fused

    return fused.run


def _looks_at_batches(callback: Any) -> bool:
    """Whether a callback has a hook of its own for batches."""
    return any(getattr(type(callback), hook) is not getattr(keras.callbacks.Callback, hook) for hook in BATCH_HOOKS)
