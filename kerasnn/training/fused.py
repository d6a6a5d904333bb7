"""The engine `fused`: an epoch is one compiled program, with no Python between its steps.

With a small network, plain `fit` spends nine tenths of its time between the steps. Here XLA compiles a loop over all
steps. Each takes a batch of images from the data set, which is on the device as bytes, scales them, and makes the
forward pass, the backward pass and the update. Layers, loss and optimizer are Keras' own.

Unlike with `fit`, each epoch has its own order of the images, which depends only on (seed, epoch), and each step has
its own dropout masks, which depend only on (seed, epoch, layer, step). So an epoch can be repeated without those before
it.

`fused_program` has the training loop and the dropout masks, `fused_validation` the measurement after each epoch.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import Dataset
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.runtime import keras
from kerasnn.records import Compiling
from kerasnn.training.fused_program import Program, on_device
from kerasnn.training.fused_validation import Validation, in_portions
from kerasnn.training.monitor import Watch
from kerasnn.training.program_cache import Compiled, Programs
from kerasnn.training.restore import copy_variables

Order = Callable[[int], NDArray[np.int32]]


def shuffled(seed: int, images: int) -> Order:
    """Return a function of the epoch, counted from 0, that returns its order of the images: int32, (images,)."""
    return lambda epoch: np.random.default_rng([seed, epoch]).permutation(images).astype(np.int32)


def run(
    model: keras.Sequential,
    architecture: Architecture,
    dataset: Dataset,
    watch: Watch,
    callbacks: Sequence[keras.callbacks.Callback],
    programs: Programs | None = None,
) -> float:
    """Train the compiled `model` with the settings of `watch`; return the seconds that tracing and compiling took.

    Training continues after the epochs in `watch.history`. Only the epoch hooks of `callbacks` are called. `programs`:
    programs compiled earlier; one that is found there trains its own model instead of `model`, and the callbacks get
    that model.
    """
    began = time.perf_counter()
    settings = watch.settings
    order = shuffled(settings.seed, len(dataset.train))
    compiled = _find_or_compile(model, architecture, dataset, watch, programs or Programs())
    model = compiled.program.model  # a program uses the variables of one model, and can train no other
    compile_seconds = time.perf_counter() - began
    listeners = keras.callbacks.CallbackList(callbacks, add_history=True, model=model, epochs=settings.epochs)
    model.stop_training = False  # the model may have been stopped early in an earlier training
    listeners.on_train_begin()
    for epoch in range(len(watch.history), settings.epochs):
        listeners.on_epoch_begin(epoch)
        loss, accuracy = compiled.program.train(settings.seed, epoch, order(epoch), watch.report)
        val_loss, val_accuracy = compiled.validation.measure()
        logs = {"loss": loss, "accuracy": accuracy, "val_loss": val_loss, "val_accuracy": val_accuracy}
        listeners.on_epoch_end(epoch, logs)
        if model.stop_training:
            break
    listeners.on_train_end(logs)
    return compile_seconds


def _find_or_compile(
    model: keras.Sequential, architecture: Architecture, dataset: Dataset, watch: Watch, programs: Programs
) -> Compiled:
    """Return programs that train and measure `model`, or from `programs` those of another model with its variables."""
    found = programs.find(architecture, watch.settings, dataset)
    if found is not None:
        copy_variables(model, found.program.model)
        return found
    watch.listener(Compiling())
    images, portions = programs.on_device(lambda: (on_device(dataset.train), in_portions(dataset.validation)))
    program = Program(model, architecture, watch.settings, images)
    compiled = Compiled(program, Validation(program, portions))
    # XLA compiles a program on one thread, so the two are compiled at the same time
    with ThreadPoolExecutor(1) as beside:
        measured = beside.submit(compiled.validation.measure)
        program.compile()
        measured.result()
    programs.keep(architecture, watch.settings, compiled)
    return compiled
