"""A Keras network trained from its first weights to the ones that are kept, by either engine."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from kerasnn.data.dataset import Dataset
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.builders import build, compile_model
from kerasnn.networks.runtime import keras, make_repeatable, memory_watched
from kerasnn.records import Listener, Notice, Training
from kerasnn.training import fit
from kerasnn.training.early_stopping import Stopper
from kerasnn.training.monitor import Watch
from kerasnn.training.program_cache import Programs
from kerasnn.training.restore import refuse_unless_fits, restore
from kerasnn.training.state import ALONE, Continuity, State

BATCH_HOOKS: Final = ("on_train_batch_begin", "on_train_batch_end", "on_test_batch_begin", "on_test_batch_end")


@memory_watched()
def train_network(
    architecture: Architecture,
    settings: Settings,
    dataset: Dataset,
    *,
    engine: str,
    listener: Listener,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    continuity: Continuity = ALONE,
    programs: Programs | None = None,
) -> tuple[keras.Sequential, Training]:
    """Build, compile and train a model. `callbacks`: the caller's own, told after those of the settings.

    `continuity`: another training's state to go on from, who keeps the state of this one, and who may stop it.
    `programs`: what `fused` has compiled for earlier trainings and may keep for later ones.

    `fused` cannot serve callbacks that look at batches; then a notice says so and `keras` trains.

    Raises: ModelFileError where `continuity` begins with another network's state; MemoryError.
    """
    if engine == "fused" and any(map(_looks_at_batches, callbacks)):
        text = _("A callback wants to be told of every batch, which 'fused' cannot: 'keras' trains instead")
        listener(Notice(text, warns=True))
        engine = "keras"
    make_repeatable(settings.seed)
    model = build(architecture, paired=engine == "fused")
    compile_model(model, settings)
    if continuity.start is not None:
        restore(model, continuity.start)
    watch = Watch(settings, len(dataset.train), listener, continuity)
    stopper = Stopper(settings.patience, watch.history) if settings.patience is not None else None
    all_callbacks = [watch, *([stopper] if stopper else []), *callbacks]
    began, compile_seconds, interrupted = time.perf_counter(), 0.0, False
    try:
        if not _is_over(model, watch, stopper, settings):
            train = _engine(engine, programs)
            compile_seconds = train(model, architecture, settings, dataset, watch, all_callbacks)
    except (KeyboardInterrupt, SystemError) as error:
        # a second Ctrl-C that comes while TensorFlow traces may surface as an error of Python's own
        if isinstance(error, SystemError) and not continuity.stopping():
            raise
        interrupted = True
        compile_seconds = watch.began - watch.made
    seconds = time.perf_counter() - began
    training = watch.conclude(
        stopper,
        engine=engine,
        interrupted=interrupted,
        compile_seconds=compile_seconds,
        train_seconds=seconds - compile_seconds,
    )
    return watch.model, training  # with `programs`, the one that the program was compiled with


@memory_watched()
def refuse_other_state(architecture: Architecture, settings: Settings, state: State) -> None:
    """Raise ModelFileError unless a network of `architecture`, compiled with `settings`, can go on from `state`."""
    model = build(architecture)
    compile_model(model, settings)
    refuse_unless_fits(model, state)


def _is_over(model: keras.Sequential, watch: Watch, stopper: Stopper | None, settings: Settings) -> bool:
    """Whether a training that is taken up again has no epoch left to train, so that no engine tells its callbacks."""
    watch.set_model(model)
    if stopper is not None:
        stopper.set_model(model)
        stopper.on_train_begin()
    return bool(model.stop_training) or len(watch.history) >= settings.epochs


def _engine(name: str, programs: Programs | None) -> Callable[..., float]:
    """What trains; the engine `fused` is TensorFlow's alone, and imported only where it is asked for."""
    if name == "keras":
        return fit.run
    from kerasnn.training import fused

    return partial(fused.run, programs=programs)


def _looks_at_batches(callback: Any) -> bool:
    """Whether a callback has a hook of its own for batches."""
    return any(getattr(type(callback), hook) is not getattr(keras.callbacks.Callback, hook) for hook in BATCH_HOOKS)
