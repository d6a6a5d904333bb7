"""The engine `fused`: an epoch is one compiled program, with no Python between its steps.

Plain `fit` spends nine tenths of a small network's time between the steps. Here XLA compiles a loop over all steps:
take the batch's images out of the data set, which lies on the device as bytes, scale them, forward, backward,
optimizer. Layers, loss and optimizer are Keras' own.

Unlike `fit`, every epoch has an order of its own, from (seed, epoch), and every step a dropout mask of its own, from
(seed, epoch, layer, step). So an epoch can be repeated without those before it.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import Dataset, Part
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.runtime import keras, tf
from kerasnn.records import Compiling
from kerasnn.training.monitor import Watch
from kerasnn.training.program_cache import Compiled, Programs
from kerasnn.training.restore import copy_variables

SLICE: Final = 2e9  # weights times images after which an epoch comes up for air, about 0.1 s; each time costs 3 ms
FEWEST_SLICES: Final = 2
MOST_SLICES: Final = 20
MOST_AT_ONCE: Final = 8192  # images that validation computes in one go

Order = Callable[[int], NDArray[np.int32]]
Report = Callable[[int, float], None]


def shuffled(seed: int, images: int) -> Order:
    """The order of the images in each epoch, counted from 0."""
    return lambda epoch: np.random.default_rng([seed, epoch]).permutation(images).astype(np.int32)


def on_device(part: Part) -> tuple[Any, Any]:
    """Images and labels as tensors, uint8 of shape (n, pixels) and int32 of shape (n,).

    Programs take them as arguments: TensorFlow never frees what the body of a loop captured.
    """
    return tf.constant(part.images.reshape(len(part), -1)), tf.constant(part.labels)


class Program:
    """`model`, compiled by Keras already, and its training images as a program that trains whole epochs.

    `data`: as `on_device` gives them. They, the order of the images and the masks' seed are arguments, so that the
    program serves trainings with any of these.
    """

    def __init__(
        self, model: keras.Sequential, architecture: Architecture, settings: Settings, data: tuple[Any, Any]
    ) -> None:
        self.model, self.input_shape, self.data = model, architecture.input_shape, data
        self.layers = architecture.layers
        self.images, self.batch = len(data[1]), settings.batch_size
        self.slices = min(max(round(model.count_params() * self.images / SLICE), FEWEST_SLICES), MOST_SLICES)
        self.pairs, left = divmod(self.images, 2 * settings.batch_size)
        # what two whole batches do not take: a whole one at most, and a smaller one
        self.tail = [size for size in (min(left, self.batch), left - self.batch) if size > 0]
        model.optimizer.build(model.trainable_variables)
        variables = [*model.trainable_variables, *model.optimizer.variables]
        self.state = [variable.value for variable in variables if variable.shape]
        self._pairs = _compiled(self._train_pairs)
        self._tail = _compiled(self._train_tail)

    def compile(self) -> None:
        """Trace and compile, by training no step at all. What remains of the tail is compiled when it comes."""
        if self.pairs:
            keys = tf.constant(mask_keys(0, 0, len(self.model.layers)))
            self._pairs(self.data, tf.range(self.images), keys, tf.constant(0), tf.constant(0))

    def train(self, seed: int, epoch: int, order: NDArray[np.int32], report: Report) -> tuple[float, float]:
        """Train one epoch, counted from 0; returns the mean loss and accuracy over its steps.

        `seed`: of the masks; `order`: indices of all training images; `report` is told images seen and mean loss, a
        few times.
        """
        ordered, keys = tf.constant(order), tf.constant(mask_keys(seed, epoch, len(self.model.layers)))
        loss = right = seen = 0.0
        cuts = sorted({round(self.pairs * cut / self.slices) for cut in range(self.slices + 1)})
        for start, stop in pairwise(cuts):
            sums = self._pairs(self.data, ordered, keys, tf.constant(start), tf.constant(stop))
            loss, right, seen = loss + float(sums[0]), right + float(sums[1]), seen + (stop - start) * 2 * self.batch
            report(int(seen), loss / seen)
        if self.tail:
            sums = self._tail(self.data, ordered, keys)
            loss, right, seen = loss + float(sums[0]), right + float(sums[1]), seen + sum(self.tail)
        return loss / seen, right / seen

    def _train_pairs(self, data: Any, order: Any, keys: Any, start: Any, stop: Any) -> tuple[Any, ...]:
        """Sums of loss and right answers over the pairs of steps from `start` to `stop`, and the last state but one.

        Two steps make one turn of the loop, and the state between them is a result: so XLA keeps two copies of the
        weights and goes back and forth between them. With one copy, its kernels read and write the same memory,
        which LLVM does not vectorise: Adam alone then takes as long as all the rest.
        """

        def turn(pair: Any, loss: Any, right: Any, *_: Any) -> tuple[Any, ...]:
            chosen = tf.slice(order, [2 * pair * self.batch], [2 * self.batch])
            first = self._train_batch(data, chosen[: self.batch], keys, 2 * pair)
            between = [variable.read_value() for variable in self.state]
            second = self._train_batch(data, chosen[self.batch :], keys, 2 * pair + 1)
            return pair + 1, loss + first[0] + second[0], right + first[1] + second[1], *between

        # not tf.range: XLA would compile anew for every start and stop
        zero, state = tf.constant(0.0), [variable.read_value() for variable in self.state]
        _, *sums_and_state = tf.while_loop(lambda pair, *_: pair < stop, turn, (start, zero, zero, *state))
        return tuple(sums_and_state)

    def _train_tail(self, data: Any, order: Any, keys: Any) -> tuple[Any, Any]:
        """Sums over the steps that make no pair."""
        loss = right = tf.constant(0.0)
        begin = self.pairs * 2 * self.batch
        for number, size in enumerate(self.tail, start=2 * self.pairs):
            more_loss, more_right = self._train_batch(data, order[begin : begin + size], keys, tf.constant(number))
            loss, right, begin = loss + more_loss, right + more_right, begin + size
        return loss, right

    def _train_batch(self, data: Any, chosen: Any, keys: Any, number: Any) -> tuple[Any, Any]:
        """One step on the images `chosen` by index: the sum of their losses, and how many were right."""
        images, labels = (tf.gather(part, chosen) for part in data)
        with tf.GradientTape() as tape:
            probabilities = self._forward(images, (keys, number))
            losses = keras.losses.sparse_categorical_crossentropy(labels, probabilities)
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, self.model.trainable_variables)
        self.model.optimizer.apply(gradients, self.model.trainable_variables)
        return tf.reduce_sum(losses), _count_right(labels, probabilities)

    def _forward(self, images: Any, moment: tuple[Any, Any] | None = None) -> Any:
        """Probabilities for images of bytes; with the `moment`, (keys of the epoch, step), dropout is on."""
        values = tf.reshape(tf.cast(images, tf.float32) / 255.0, (-1, *self.input_shape))
        for place, (layer, known) in enumerate(zip(self.model.layers, self.layers, strict=True)):
            if known.draws_mask:
                if moment is not None:
                    keys, number = moment
                    values = dropped(values, layer.rate, keys[place], number)
            elif known.mode_dependent:
                values = layer(values, training=moment is not None)
            else:
                values = layer(values)
        return values


@dataclass(frozen=True)
class Portions:
    """Images and labels as tensors, cut into equal portions; the last one is filled up with zeros beyond `count`."""

    images: Any
    labels: Any
    portion: int
    count: int


def in_portions(part: Part) -> Portions:
    """`part` in as few portions as can be, none larger than what validation computes in one go."""
    count = len(part)
    portions = ceil(count / MOST_AT_ONCE)
    portion = ceil(count / portions)
    spare = portions * portion - count
    images = np.pad(part.images.reshape(count, -1), ((0, spare), (0, 0)))
    return Portions(tf.constant(images), tf.constant(np.pad(part.labels, (0, spare))), portion, count)


class Validation:
    """The model of `program` measured on the validation images, as a compiled program."""

    def __init__(self, program: Program, portions: Portions) -> None:
        self.program, self.portions = program, portions
        self._sums = _compiled(self._sums_of_portion)

    def measure(self) -> tuple[float, float]:
        """Loss and accuracy, dropout off."""
        data, starts = (
            (self.portions.images, self.portions.labels),
            range(0, self.portions.count, self.portions.portion),
        )
        sums = [self._sums(data, tf.constant(start)) for start in starts]
        loss, right = (sum(float(each[part]) for each in sums) for part in (0, 1))
        return loss / self.portions.count, right / self.portions.count

    def _sums_of_portion(self, data: Any, start: Any) -> tuple[Any, Any]:
        size = self.portions.portion
        images = tf.slice(data[0], [start, 0], [size, data[0].shape[1]])
        labels = tf.slice(data[1], [start], [size])
        counts = tf.cast(tf.range(size) + start < self.portions.count, tf.float32)
        probabilities = self.program._forward(images)
        losses = keras.losses.sparse_categorical_crossentropy(labels, probabilities)
        return tf.reduce_sum(losses * counts), _count_right(labels, probabilities, counts)


def mask_keys(seed: int, epoch: int, layers: int) -> NDArray[np.int32]:
    """For each layer the key of its dropout masks in `epoch`, counted from 0: int32 of shape (layers,).

    No longer ones, for XLA's threefry drops their upper half.
    """
    return np.random.SeedSequence([seed, epoch]).generate_state(layers).view(np.int32)


def dropped(values: Any, rate: float, key: Any, step: Any) -> Any:
    """What Keras' Dropout computes, with the mask of (`key`, `step`), both int32.

    Its generator, threefry, is there under XLA alone; the one that Keras' Dropout gets takes five times as long as
    all the rest of the step.
    """
    chance = tf.random.stateless_uniform(tf.shape(values), tf.stack([key, step]), alg="threefry")
    return tf.where(chance >= rate, values / (1 - rate), 0.0)


def _compiled(function: Callable[..., Any]) -> Any:
    return tf.function(function, jit_compile=True, autograph=False)


def _count_right(labels: Any, probabilities: Any, counts: Any = 1.0) -> Any:
    right = tf.equal(tf.argmax(probabilities, axis=1, output_type=tf.int32), labels)
    return tf.reduce_sum(tf.cast(right, tf.float32) * counts)


def _compile(
    model: keras.Sequential, architecture: Architecture, settings: Settings, dataset: Dataset, programs: Programs
) -> Compiled:
    """The programs that train `model` and measure it on `dataset`, whose images those of `programs` share."""
    programs.images = programs.images or on_device(dataset.train)
    programs.validation = programs.validation or in_portions(dataset.validation)
    program = Program(model, architecture, settings, programs.images)
    measurement = Validation(program, programs.validation)
    with ThreadPoolExecutor(1) as beside:  # XLA compiles each on one thread
        measured = beside.submit(measurement.measure)
        program.compile()
        measured.result()
    return Compiled(program, measurement)


def run(
    model: keras.Sequential,
    architecture: Architecture,
    settings: Settings,
    dataset: Dataset,
    watch: Watch,
    callbacks: Sequence[keras.callbacks.Callback],
    order: Order | None = None,
    programs: Programs | None = None,
) -> float:
    """Train the compiled `model`; returns the seconds that tracing and compiling took.

    It goes on after the epochs that `watch` has seen. `callbacks` are told of epochs, not of batches. `order`: of the
    images in each epoch; None: `shuffled`. `programs`: where one may be that was compiled before; it trains its own
    model in place of `model`, and that is the one that `callbacks` see.
    """
    began = time.perf_counter()
    order = order or shuffled(settings.seed, len(dataset.train))
    programs = programs or Programs()
    compiled = programs.find(architecture, settings, dataset)
    if compiled is None:
        watch.listener(Compiling())
        compiled = _compile(model, architecture, settings, dataset, programs)
        programs.keep(architecture, settings, compiled)
    else:
        copy_variables(model, compiled.program.model)
    program, validation = compiled.program, compiled.validation
    model = program.model
    compile_seconds = time.perf_counter() - began
    told = keras.callbacks.CallbackList(callbacks, add_history=True, model=model, epochs=settings.epochs)
    model.stop_training = False
    told.on_train_begin()
    for epoch in range(len(watch.history), settings.epochs):
        told.on_epoch_begin(epoch)
        loss, accuracy = program.train(settings.seed, epoch, order(epoch), watch.report)
        val_loss, val_accuracy = validation.measure()
        logs = {"loss": loss, "accuracy": accuracy, "val_loss": val_loss, "val_accuracy": val_accuracy}
        told.on_epoch_end(epoch, logs)
        if model.stop_training:
            break
    told.on_train_end(logs)
    return compile_seconds
