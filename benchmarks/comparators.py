"""The comparators: each trains the lecture's `adam` network, 784-100-10, with another library.

Each runs in its own process (`python -m benchmarks.comparators NAME SETTINGS`), so that their thread pools do not
compete. It prepares, then trains one epoch for each line on stdin, and answers with the seconds it took.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

Epochs = Iterator[float]
RATE = 0.001


class Work:
    """What to train on: the first `images` images in the folder `data`, with `hidden` units per layer."""

    def __init__(
        self, data: str, *, images: int = 48_000, hidden: tuple[int, ...] = (100,), batch: int = 32, dropout: float = 0
    ) -> None:
        self.images = np.load(Path(data) / "images.npy", mmap_mode="r")[:images].copy()
        self.labels = np.load(Path(data) / "labels.npy")[:images]
        self.hidden, self.batch, self.dropout = tuple(hidden), batch, dropout

    @property
    def inputs(self) -> Any:
        """Float32 of shape (n, 784) in [0, 1]."""
        return self.images.reshape(len(self.images), 784).astype(np.float32) / 255

    @property
    def sizes(self) -> list[int]:
        return [784, *self.hidden, 10]

    def weights(self) -> list[tuple[Any, Any]]:
        """Draw Glorot-uniform weights and zero biases for each layer."""
        random = np.random.RandomState(1)
        layers = zip(self.sizes, self.sizes[1:], strict=False)
        return [
            (
                random.uniform(-1, 1, (a, b)).astype(np.float32) * np.float32(np.sqrt(6 / (a + b))),
                np.zeros(b, np.float32),
            )
            for a, b in layers
        ]

    def steps(self, epoch: int) -> Iterator[Any]:
        """Yield the indices of each full batch, in the order of `epoch`."""
        order = np.random.RandomState(epoch).permutation(len(self.images))
        for start in range(0, len(order) - self.batch + 1, self.batch):
            yield order[start : start + self.batch]


def clocked(action: Callable[[int], None]) -> Epochs:
    """Run `action` once per epoch, and yield its seconds."""
    epoch = 0
    while True:
        began = time.perf_counter()
        action(epoch)
        yield time.perf_counter() - began
        epoch += 1


def fused(work: Work) -> Epochs:
    """Train with kerasnn's engine `fused`."""
    from kerasnn.data.dataset import Part
    from kerasnn.lecture.settings import find_stage, resolve
    from kerasnn.networks.architecture import design
    from kerasnn.networks.builders import build, compile_model
    from kerasnn.networks.runtime import make_repeatable
    from kerasnn.training.fused import shuffled
    from kerasnn.training.fused_program import Program, on_device

    settings, _ = resolve(
        find_stage("adam"), {"hidden": work.hidden, "batch_size": work.batch, "dropout": work.dropout}
    )
    make_repeatable(42)
    architecture = design(settings, image_shape=(28, 28), classes=10)
    model = build(architecture)
    compile_model(model, settings)
    images = on_device(Part(work.images, work.labels))
    program = Program(model, architecture, settings, len(work.labels))
    order = shuffled(42, len(work.labels))
    return clocked(lambda epoch: program.train(images, 42, epoch, order(epoch), lambda *_: None) and None)


def _keras_model(work: Work, **options: Any) -> Any:
    from kerasnn.networks.runtime import keras

    hidden: list[Any] = []
    for units in work.hidden:
        hidden.append(keras.layers.Dense(units, activation="relu"))
        if work.dropout:
            hidden.append(keras.layers.Dropout(work.dropout))
    layers = [keras.Input((28, 28)), keras.layers.Flatten(), *hidden, keras.layers.Dense(10, activation="softmax")]
    model = keras.Sequential(layers)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"], **options)
    return model


def fit(work: Work, **options: Any) -> Epochs:
    """Train with model.fit as in the notebooks: one call for all epochs, which waits for a line before each."""
    import queue
    import threading

    from kerasnn.networks.runtime import keras

    go: queue.Queue[None] = queue.Queue()
    done: queue.Queue[float] = queue.Queue()

    class Clock(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            go.get()
            self.began = time.perf_counter()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            done.put(time.perf_counter() - self.began)

    model = _keras_model(work, **options)
    inputs = work.images.astype(np.float32) / 255
    arguments = {"epochs": 10_000, "batch_size": work.batch, "verbose": 0, "callbacks": [Clock()]}
    threading.Thread(target=lambda: model.fit(inputs, work.labels, **arguments), daemon=True).start()
    while True:
        go.put(None)
        yield done.get()


def fit_many_steps(work: Work) -> Epochs:
    """Train with model.fit and steps_per_execution=100."""
    return fit(work, steps_per_execution=100)


def pytorch(work: Work) -> Epochs:
    """Train with a plain eager loop in PyTorch."""
    import torch

    layers: list[Any] = []
    for (a, b), _ in zip(zip(work.sizes, work.sizes[1:], strict=False), work.hidden, strict=False):
        layers += [torch.nn.Linear(a, b), torch.nn.ReLU(), *([torch.nn.Dropout(work.dropout)] if work.dropout else [])]
    model = torch.nn.Sequential(*layers, torch.nn.Linear(work.sizes[-2], 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    inputs, labels = torch.from_numpy(work.inputs), torch.from_numpy(work.labels.astype(np.int64))

    def epoch(number: int) -> None:
        for indices in work.steps(number):
            optimizer.zero_grad()
            chosen = torch.from_numpy(indices)
            torch.nn.functional.cross_entropy(model(inputs[chosen]), labels[chosen]).backward()
            optimizer.step()

    return clocked(epoch)


def jax_scan(work: Work) -> Epochs:
    """Train with one jitted lax.scan over the steps of an epoch, with Adam written out."""
    import jax
    import jax.numpy as jnp

    images, labels = jnp.asarray(work.images.reshape(-1, 784)), jnp.asarray(work.labels)

    def loss(weights: Any, inputs: Any, targets: Any) -> Any:
        for kernel, bias in weights[:-1]:
            inputs = jax.nn.relu(inputs @ kernel + bias)
        kernel, bias = weights[-1]
        logarithms = jax.nn.log_softmax(inputs @ kernel + bias)
        return -jnp.mean(jnp.take_along_axis(logarithms, targets[:, None], axis=1))

    def step(state: Any, chosen: Any) -> Any:
        weights, first, second, count = state
        inputs = images[chosen].astype(jnp.float32) / 255
        value, slope = jax.value_and_grad(loss)(weights, inputs, labels[chosen])
        count = count + 1
        first = jax.tree.map(lambda m, g: m + (g - m) * 0.1, first, slope)
        second = jax.tree.map(lambda v, g: v + (g * g - v) * 0.001, second, slope)
        rate = RATE * jnp.sqrt(1 - 0.999**count) / (1 - 0.9**count)
        weights = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + 1e-7), weights, first, second)
        return (weights, first, second, count), value

    train = jax.jit(lambda state, order: jax.lax.scan(step, state, order), donate_argnums=0)
    weights = jax.tree.map(jnp.asarray, work.weights())
    state = [(weights, jax.tree.map(jnp.zeros_like, weights), jax.tree.map(jnp.zeros_like, weights), jnp.float32(0))]

    def epoch(number: int) -> None:
        state[0], values = train(state[0], np.stack(list(work.steps(number))))
        values.block_until_ready()

    return clocked(epoch)


def scikit_learn(work: Work) -> Epochs:
    """Train scikit-learn's MLPClassifier, one pass per call."""
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(work.hidden, batch_size=work.batch, alpha=0.0, random_state=0)
    inputs = work.inputs
    return clocked(lambda _: model.partial_fit(inputs, work.labels, classes=np.arange(10)) and None)


def arithmetic(work: Work) -> Epochs:
    """Yield the time that no implementation on these threads can beat: an epoch's arithmetic at the machine's peak.

    It has the multiply-adds of all matrix products at the rate of a large product, and Adam's seven passes over the
    weights (three arrays read and written, the slopes read) at the rate of reading them.
    """
    steps = len(work.images) // work.batch
    pairs = list(zip(work.sizes, work.sizes[1:], strict=False))
    # forward and for the weights' slopes; for the slopes of its inputs, each layer but the first
    operations = sum(2 * a * b * work.batch * (3 if number else 2) for number, (a, b) in enumerate(pairs))
    weights = sum(a * b + b for a, b in pairs)
    threads = int(os.environ.get("OPENBLAS_NUM_THREADS", "1"))
    while True:
        yield steps * (operations / _product_rate() + 7 * 4 * weights / (threads * _pass_rate(weights)))


def _product_rate(side: int = 768) -> float:
    """Return the floating-point operations per second of a large float32 product, at its best."""
    one, other = (np.random.RandomState(seed).rand(side, side).astype(np.float32) for seed in (0, 1))
    out = np.empty_like(one)
    return 2 * side**3 / _best(lambda: np.matmul(one, other, out=out), 100)


def _pass_rate(count: int) -> float:
    """Return the bytes per second of a pass over arrays of `count` float32 on one thread, at its best.

    Reading alone is the fastest pass there is; whether the arrays fit the cache depends on `count`.
    """
    one, other = np.ones(count, np.float32), np.ones(count, np.float32)
    return 8 * count / _best(lambda: np.dot(one, other), 1000)


def _best(action: Callable[[], Any], times: int) -> float:
    """Return the shortest seconds of `times` runs: other processes can only lengthen one."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


COMPARATORS: dict[str, Callable[[Work], Epochs]] = {
    "fused": fused,
    "fit": fit,
    "fit, steps_per_execution=100": fit_many_steps,
    "PyTorch, eager loop": pytorch,
    "JAX, lax.scan": jax_scan,
    "scikit-learn, MLPClassifier": scikit_learn,
    "arithmetic limit": arithmetic,
}


def main() -> None:
    """Serve one comparator: for each line of input, train an epoch and print its seconds."""
    epochs = COMPARATORS[sys.argv[1]](Work(**json.loads(sys.argv[2])))
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints must not count as an answer
    for _ in sys.stdin:
        answers.write(f"{next(epochs)}\n")
        answers.flush()


if __name__ == "__main__":
    main()
