"""The compiled program of the engine `fused`: all training steps of an epoch without Python between them."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import Part
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.builders import losses_of
from kerasnn.networks.runtime import device, keras, tf
from kerasnn.training.state import Gate, let_all_pass

# An epoch runs in slices, so that progress can be shown and Ctrl-C noticed in between. Each slice costs 3 ms more.
SLICE: Final = 2e9  # weights times images in a slice, which then takes about 0.1 s
FEWEST_SLICES: Final = 2
MOST_SLICES: Final = 20

Report = Callable[[int, float], None]
Images = tuple[Any, Any]  # from `on_device`


def on_device(part: Part) -> Images:
    """Return images and labels as tensors: uint8 of shape (n, pixels), and int32 of shape (n,).

    Bytes take a quarter of the memory of float32; each step scales only its own batch.
    """
    return as_tensor(part.images.reshape(len(part), -1)), as_tensor(part.labels)


def as_tensor(array: NDArray[Any]) -> Any:
    """Return `array` as a tensor which, on a CPU, shares its memory: it lasts no longer than a training."""
    if device() != "CPU" or not array.flags.writeable:  # DLPack has no tensors that can only be read
        return tf.constant(array)
    # TensorFlow copies an array whose memory does not begin at a multiple of 64 bytes; tf.constant copies all, twice
    return tf.experimental.dlpack.from_dlpack(np.ascontiguousarray(array).__dlpack__())


def compiled(function: Callable[..., Any]) -> Any:
    """Return `function` as an XLA program, which is traced and compiled at its first call."""
    # autograph would rewrite the Python source into graph operations: nothing here has an if or a loop over tensors
    return tf.function(function, jit_compile=True, autograph=False)


def count_right(labels: Any, probabilities: Any, counts: Any = 1.0) -> Any:
    """Return the number of correct answers, each weighted by `counts`, as a float32 scalar."""
    right = tf.equal(tf.argmax(probabilities, axis=1, output_type=tf.int32), labels)
    return tf.reduce_sum(tf.cast(right, tf.float32) * counts)


def mask_keys(seed: int, epoch: int, layers: int) -> NDArray[np.int32]:
    """Return a key for the dropout masks of each layer in `epoch`, counted from 0: int32 of shape (layers,)."""
    # 32 bits each: XLA's threefry ignores the upper half of a 64-bit key
    return np.random.SeedSequence([seed, epoch]).generate_state(layers).view(np.int32)


def drop(values: Any, rate: float, key: Any, step: Any) -> Any:
    """Apply dropout like Keras' Dropout, with a mask that depends only on `key` and `step`, both int32."""
    # threefry needs no state between calls, and XLA compiles it into the loop. TensorFlow's default generator, which
    # Keras' Dropout uses, takes five times as long as the rest of the step. threefry exists only under XLA.
    uniform = tf.random.stateless_uniform(tf.shape(values), tf.stack([key, step]), alg="threefry")
    return tf.where(uniform >= rate, values / (1 - rate), 0.0)


class Program:
    """A program that trains `model`, which Keras has compiled, for whole epochs on so many `images`.

    The images (from `on_device`), their order and the keys of the dropout masks are arguments of the XLA program, for
    two reasons: the program can then be used again with others, and TensorFlow never frees a tensor that a loop body
    has captured.
    """

    def __init__(self, model: keras.Sequential, architecture: Architecture, settings: Settings, images: int) -> None:
        self.model, self.input_shape = model, architecture.input_shape
        self.layers = architecture.layers
        self.images, self.batch = images, settings.batch_size
        self.slices = min(max(round(model.count_params() * self.images / SLICE), FEWEST_SLICES), MOST_SLICES)
        self.pairs, left = divmod(self.images, 2 * settings.batch_size)
        # sizes of the batches after the last pair of steps: at most one full batch, then a smaller one
        self.tail = [size for size in (min(left, self.batch), left - self.batch) if size > 0]
        model.optimizer.build(model.trainable_variables)  # now: a program must not create variables
        variables = [*model.trainable_variables, *model.optimizer.variables]
        # scalars (step count, learning rate) are left out, because updating them in place costs nothing
        self.state = [variable.value for variable in variables if variable.shape]
        # a function of its own, so that the two steps of a pair are traced once
        self._step = tf.function(self._train_batch, autograph=False)
        self._pairs = compiled(self._train_pairs)
        self._single = compiled(self._train_single)
        self._tail = compiled(self._train_tail)

    def trace(self, data: Images) -> list[str]:
        """Trace the programs, and return the names that TensorFlow gives them."""
        traced = []
        if self.pairs:
            traced.append(self._pairs.get_concrete_function(*self._example(data), tf.constant(0), tf.constant(0)))
        if self.tail:
            traced.append(self._tail.get_concrete_function(*self._example(data)))
        return [each.name.decode() for each in traced]

    def compile(self, data: Images) -> None:
        """Compile the loop by running it for 0 steps. The tail is compiled when it first runs."""
        if self.pairs:
            self._pairs(*self._example(data), tf.constant(0), tf.constant(0))

    def _example(self, data: Images) -> tuple[Any, ...]:
        """Return what the programs are traced and compiled with: only the shapes count."""
        return data, tf.range(self.images), tf.constant(mask_keys(0, 0, len(self.model.layers)))

    def train(
        self,
        data: Images,
        seed: int,
        epoch: int,
        order: NDArray[np.int32],
        report: Report,
        gate: Gate = let_all_pass,
    ) -> tuple[float, float]:
        """Train one epoch on `data`, counted from 0; return the mean loss and accuracy over its images.

        `seed`: of the dropout masks. `order`: the indices of all training images, int32 of shape (n,). `report` is
        called after each slice with the number of images seen so far and their mean loss. `gate` is called before each
        and returns the most batches that it may have; None: as many as usual.
        """
        # tensors, not Python numbers: tf.function would compile a program for each new number
        ordered, keys = tf.constant(order), tf.constant(mask_keys(seed, epoch, len(self.model.layers)))
        loss = right = seen = 0.0
        cuts = [2 * round(self.pairs * cut / self.slices) for cut in range(1, self.slices + 1)]
        step = 0
        while step < 2 * self.pairs:
            stop = self._end_of_slice(step, cuts, gate())
            if stop == step + 1:
                sums = self._single(data, ordered, keys, tf.constant(step))
            else:
                sums = self._pairs(data, ordered, keys, tf.constant(step // 2), tf.constant(stop // 2))
            # float() waits until the device is done, so a report is never ahead of the training
            loss, right, seen = loss + float(sums[0]), right + float(sums[1]), seen + (stop - step) * self.batch
            step = stop
            report(int(seen), loss / seen)
        if self.tail:
            gate()
            sums = self._tail(data, ordered, keys)
            loss, right, seen = loss + float(sums[0]), right + float(sums[1]), seen + sum(self.tail)
        return loss / seen, right / seen

    @staticmethod
    def _end_of_slice(step: int, cuts: Sequence[int], most: int | None) -> int:
        """Return the step after a slice that begins at `step`: the next of `cuts`, or `most` batches on.

        The loop trains pairs, so a single step leads to the next even one.
        """
        cut = next(cut for cut in cuts if cut > step)
        if step % 2 or most == 1:
            return step + 1
        return cut if most is None else min(cut, step + most - most % 2)

    def _train_single(self, data: Any, order: Any, keys: Any, number: Any) -> tuple[Any, Any]:
        """Train the step `number`, one of a pair; return the sum of losses and the number right."""
        return self._step(data, tf.slice(order, [number * self.batch], [self.batch]), keys, number)  # type: ignore[no-any-return]

    def _train_pairs(self, data: Any, order: Any, keys: Any, start: Any, stop: Any) -> tuple[Any, ...]:
        """Train the pairs of steps from `start` to `stop`; return the sum of losses, the number right, and a state.

        Each turn of the loop makes two steps, and also returns the weights between them. Nobody needs these, but they
        make XLA keep two copies of the weights: the first step reads one and writes the other, the second step the
        reverse. With a single copy, XLA's kernels would read and write the same memory, LLVM would not vectorise them,
        and Adam alone would take as long as everything else.
        """

        def turn(pair: Any, loss: Any, right: Any, *_between: Any) -> tuple[Any, ...]:
            chosen = tf.slice(order, [2 * pair * self.batch], [2 * self.batch])  # a fixed size, as XLA needs
            first = self._step(data, chosen[: self.batch], keys, 2 * pair)
            between = [variable.read_value() for variable in self.state]
            second = self._step(data, chosen[self.batch :], keys, 2 * pair + 1)
            return pair + 1, loss + first[0] + second[0], right + first[1] + second[1], *between

        # The bounds of a while_loop can be arguments. With a loop over tf.range the number of turns would be part of
        # the program, and XLA would compile it again for every slice of a different length.
        zero, state = tf.constant(0.0), [variable.read_value() for variable in self.state]
        _, *sums_and_state = tf.while_loop(lambda pair, *_: pair < stop, turn, (start, zero, zero, *state))
        # the state is returned only because XLA would otherwise remove it, and the second copy of the weights with it
        return tuple(sums_and_state)

    def _train_tail(self, data: Any, order: Any, keys: Any) -> tuple[Any, Any]:
        """Train the steps left over after the last pair; return the sum of losses and the number right.

        This is a separate program, because XLA compiles for fixed shapes, and these batches do not fill a pair.
        """
        loss = right = tf.constant(0.0)
        begin = self.pairs * 2 * self.batch
        for number, size in enumerate(self.tail, start=2 * self.pairs):
            more_loss, more_right = self._train_batch(data, order[begin : begin + size], keys, tf.constant(number))
            loss, right, begin = loss + more_loss, right + more_right, begin + size
        return loss, right

    def _train_batch(self, data: Any, chosen: Any, keys: Any, number: Any) -> tuple[Any, Any]:
        """Train step `number` on the images at the indices `chosen`; return the sum of losses and the number right."""
        images, labels = (tf.gather(part, chosen) for part in data)  # (size, pixels), (size,)
        with tf.GradientTape() as tape:
            probabilities = self.forward(images, (keys, number))
            losses = losses_of(labels, probabilities)  # (size,)
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, self.model.trainable_variables)
        self.model.optimizer.apply(gradients, self.model.trainable_variables)
        return tf.reduce_sum(losses), count_right(labels, probabilities)

    def forward(self, images: Any, moment: tuple[Any, Any] | None = None) -> Any:
        """Return probabilities, float32 of shape (n, classes), for uint8 images of shape (n, pixels).

        `moment`: in training, the epoch's mask keys and the number of the step; None predicts, without dropout.
        """
        values = tf.reshape(tf.cast(images, tf.float32) / 255.0, (-1, *self.input_shape))
        for place, (layer, known) in enumerate(zip(self.model.layers, self.layers, strict=True)):
            if known.draws_mask:
                # instead of calling the layer, whose generator has state: a step would depend on those before it
                if moment is not None:
                    keys, number = moment
                    values = drop(values, layer.rate, keys[place], number)
            elif known.mode_dependent:
                values = layer(values, training=moment is not None)
            else:  # a layer without modes does not take the argument
                values = layer(values)
        return values
