"""The engine `fused`: an epoch is one compiled program, with no Python between its steps.

With a small network, plain `fit` spends nine tenths of its time between the steps. Here XLA compiles a loop over all
steps. Each takes a batch of images from the data set, which is on the device as bytes, scales them, and makes the
forward pass, the backward pass and the update. Layers, loss and optimizer are Keras' own.

Unlike with `fit`, each epoch has its own order of the images, which depends only on (seed, epoch), and each step has
its own dropout masks, which depend only on (seed, epoch, layer, step). So an epoch can be repeated without those before
it. `fused_program` has the training loop and the dropout masks.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import Dataset, Part
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.builders import build, compile_model, losses_of
from kerasnn.networks.program_cache import programs_kept
from kerasnn.networks.runtime import keras, make_repeatable, tf
from kerasnn.platforms import return_freed_memory
from kerasnn.records import Compiling
from kerasnn.training.fused_program import Images, Program, as_tensor, compiled, count_right, on_device
from kerasnn.training.monitor import Watch
from kerasnn.training.restore import copy_variables
from kerasnn.training.state import Compiled, Programs, compiled_for

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
) -> float:
    """Train the compiled `model` with the settings of `watch`; return the seconds that tracing and compiling took.

    Training continues after the epochs in `watch.history`. Only the epoch hooks of `callbacks` are called. A
    program compiled earlier trains its own model instead of `model`, and the callbacks get that model.
    """
    began = time.perf_counter()
    settings = watch.settings
    order = shuffled(settings.seed, len(dataset.train))
    programs = watch.conduct.programs or Programs()
    compiled = _find_or_compile(model, architecture, dataset, watch, programs)
    images, portions = programs.on_device(dataset, _on_device)
    model = compiled.program.model  # a program uses the variables of one model, and can train no other
    compile_seconds = time.perf_counter() - began
    listeners = keras.callbacks.CallbackList(callbacks, add_history=True, model=model, epochs=settings.epochs)
    model.stop_training = False  # the model may have been stopped early in an earlier training
    listeners.on_train_begin()
    for epoch in range(len(watch.history), settings.epochs):
        listeners.on_epoch_begin(epoch)
        loss, accuracy = compiled.program.train(
            images, settings.seed, epoch, order(epoch), watch.report, watch.conduct.gate
        )
        val_loss, val_accuracy = compiled.validation.measure(portions)
        logs = {"loss": loss, "accuracy": accuracy, "val_loss": val_loss, "val_accuracy": val_accuracy}
        listeners.on_epoch_end(epoch, logs)
        if model.stop_training:
            break
    listeners.on_train_end(logs)
    return compile_seconds


def prepare(architecture: Architecture, settings: Settings, dataset: Dataset, programs: Programs) -> None:
    """Compile what trains `architecture` with `settings` on `dataset`, and keep it in `programs`."""
    make_repeatable(settings.seed)  # before compiling, as in a training: other kernels would round otherwise
    model = build(architecture, paired=True)
    compile_model(model, settings)
    _find_or_compile(model, architecture, dataset, Watch(settings, len(dataset.train)), programs)


def _find_or_compile(
    model: keras.Sequential, architecture: Architecture, dataset: Dataset, watch: Watch, programs: Programs
) -> Compiled:
    """Return programs that train and measure `model`, or from `programs` those of another model with its variables."""
    found = programs.find(architecture, watch.settings, dataset)
    if found is not None:
        copy_variables(model, found.program.model)
        return found
    watch.conduct.listener(Compiling())
    images, portions = programs.on_device(dataset, _on_device)
    program = Program(model, architecture, watch.settings, len(dataset.train))
    compiled = Compiled(program, Validation(program))
    # traced one after the other, because TensorFlow numbers what it traces, and the cache finds a program by its name
    names = [*program.trace(images), *compiled.validation.trace(portions)]
    # XLA compiles a program on one thread, so the two are compiled at the same time
    known = names, architecture, compiled_for(watch.settings), dataset.info.shape, len(dataset.train)
    with programs_kept(*known), ThreadPoolExecutor(1) as beside:
        measured = beside.submit(compiled.validation.measure, portions)
        program.compile(images)
        measured.result()
    return_freed_memory()  # of the compiler's
    programs.keep(architecture, watch.settings, compiled)
    return compiled


def _on_device(dataset: Dataset) -> "tuple[Images, Portions]":
    return on_device(dataset.train), in_portions(dataset.validation)


MOST_AT_ONCE: Final = 4096  # most images in one call


@dataclass(frozen=True)
class Portions:
    """Images and labels in equal portions, padded with zeros.

    `parts`: of each portion the tensors of images, uint8 of shape (n, pixels), of labels, int32 of shape (n,), and of
    counts, float32 of shape (n,): 1, or 0 for padding. `count`: images without the padding.
    """

    parts: tuple[tuple[Any, Any, Any], ...]
    count: int


def in_portions(part: Part) -> Portions:
    """Pad `part` to a whole number of equal portions: XLA compiles for one shape, so all calls must have it."""
    count = len(part)
    portions = ceil(count / MOST_AT_ONCE)
    size = ceil(count / portions)
    padding = (0, portions * size - count)
    images = part.images.reshape(count, -1)
    if padding[1]:
        images = np.pad(images, (padding, (0, 0)))
    arrays = images, np.pad(part.labels, padding), np.pad(np.ones(count, np.float32), padding)
    cuts = range(0, portions * size, size)
    return Portions(tuple(tuple(as_tensor(each[cut : cut + size]) for each in arrays) for cut in cuts), count)


class Validation:
    """A program that measures the model of `program` on the validation images."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._sums = compiled(self._sums_of_portion)

    def trace(self, portions: Portions) -> list[str]:
        """Trace the program, and return the name that TensorFlow gives it."""
        return [self._sums.get_concrete_function(*portions.parts[0]).name.decode()]

    def measure(self, portions: Portions) -> tuple[float, float]:
        """Return loss and accuracy, without dropout."""
        sums = [self._sums(*part) for part in portions.parts]
        loss, right = (sum(float(each[part]) for each in sums) for part in (0, 1))
        return loss / portions.count, right / portions.count

    def _sums_of_portion(self, images: Any, labels: Any, counts: Any) -> tuple[Any, Any]:
        """Return the sum of losses and the number right in a portion."""
        probabilities = self.program.forward(images)
        losses = losses_of(labels, probabilities)
        return tf.reduce_sum(losses * counts), count_right(labels, probabilities, counts)
