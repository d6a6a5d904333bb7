"""A small training in NumPy, step by step: what an explanation learns on the spot, in a fraction of a second.

The gradients are those of Keras' cross-entropy; a test holds them against Keras, as another does the optimizers' rules.
The stages themselves are trained by Keras.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import Labels, Part
from kerasnn.lecture.activations import ACTIVATIONS, log_softmax
from kerasnn.lecture.optimizers import Rule
from kerasnn.networks.classifier import Reals, unrolled

BATCH: Final = 32

Arrays = list[NDArray[np.float32]]  # kernel, bias, kernel, bias, ... from the input on


@dataclass(frozen=True)
class Lesson:
    """`inputs`: float32 of shape (n, values); `labels`: int32 of shape (n,)."""

    inputs: Reals
    labels: Labels

    @classmethod
    def of(cls, part: Part, start: int = 0, stop: int | None = None) -> "Lesson":
        return cls(unrolled(part.images[start:stop]), part.labels[start:stop])

    def take(self, places: NDArray[np.int64]) -> "Lesson":
        return Lesson(self.inputs[places], self.labels[places])


def parted(part: Part) -> tuple[Lesson, Lesson]:
    """Four fifths to learn from, one to judge by."""
    start = len(part) - max(1, len(part) // 5)
    return Lesson.of(part, 0, start), Lesson.of(part, start)


@dataclass(frozen=True)
class Learnt:
    """`losses`: the mean loss of each step's batch before the step; `sizes`: root mean square change of the weights."""

    weights: Arrays
    losses: tuple[float, ...]
    sizes: tuple[float, ...] = ()


def fresh_weights(sizes: Sequence[int], seed: int) -> Arrays:
    """Weights of Dense layers from `sizes[0]` inputs on: uniform as Glorot and Bengio have it, biases 0."""
    random = np.random.default_rng(seed)
    weights: Arrays = []
    for inputs, units in pairwise(sizes):
        reach = np.sqrt(6 / (inputs + units))
        weights += [random.uniform(-reach, reach, (inputs, units)).astype(np.float32), np.zeros(units, np.float32)]
    return weights


def logits(weights: Arrays, inputs: Reals, activation: str) -> Reals:
    """What softmax receives, of shape (n, classes)."""
    return _layers(weights, inputs, activation)[-1]


def _layers(weights: Arrays, inputs: Reals, activation: str) -> list[Reals]:
    """Inputs, outputs of each hidden layer, logits."""
    values = [inputs]
    pairs = list(zip(weights[::2], weights[1::2], strict=True))
    for number, (kernel, bias) in enumerate(pairs):
        z = values[-1] @ kernel + bias
        values.append(ACTIVATIONS[activation].function(z) if number < len(pairs) - 1 else z)
    return values


def loss_and_gradients(weights: Arrays, lesson: Lesson, activation: str) -> tuple[float, list[Reals]]:
    """The mean cross-entropy of `lesson`, and its gradient with respect to each of the weights: backpropagation."""
    values = _layers(weights, lesson.inputs, activation)
    logarithms = log_softmax(values[-1])
    places = np.arange(len(lesson.labels)), lesson.labels
    blame = np.exp(logarithms)
    blame[places] -= 1
    blame /= len(lesson.labels)
    gradients: list[Reals] = []
    for number in range(len(weights) - 2, -1, -2):
        before = values[number // 2]
        gradients = [before.T @ blame, blame.sum(axis=0), *gradients]
        if number:
            blame = (blame @ weights[number].T) * slope(activation, before)
    return float(-logarithms[places].mean()), gradients


def slope(activation: str, outputs: Reals) -> Reals:
    """The derivative of an activation function, where it gave `outputs`."""
    if activation == "sigmoid":
        return outputs * (1 - outputs)
    if activation == "relu":
        return (outputs > 0).astype(np.float32)
    return np.ones_like(outputs)


def batches(count: int, *, epochs: int, seed: int, size: int = BATCH) -> Iterator[NDArray[np.int64]]:
    """The places of each step's images: every epoch all of them once, in an order of its own."""
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(count)
        yield from (order[start : start + size] for start in range(0, count, size))


def learn(
    weights: Arrays,
    lesson: Lesson,
    new_rule: Callable[[], Rule],
    *,
    activation: str = "linear",
    epochs: int = 1,
    seed: int = 42,
) -> Learnt:
    """Train `weights`, which stay as they are, on `lesson` in mini-batches of 32, each array by a rule of its own."""
    own, rules = list(weights), [new_rule() for _ in weights]
    losses, sizes = [], []
    for places in batches(len(lesson.labels), epochs=epochs, seed=seed):
        loss, gradients = loss_and_gradients(own, lesson.take(places), activation)
        changes: list[Reals] = [rule.step(gradient) for rule, gradient in zip(rules, gradients, strict=True)]
        own = [part + change for part, change in zip(own, changes, strict=True)]
        losses.append(loss)
        sizes.append(float(np.sqrt(np.mean(np.square(changes[0])))))
    return Learnt(own, tuple(losses), tuple(sizes))


def judged(weights: Arrays, lesson: Lesson, activation: str = "linear") -> tuple[float, float]:
    """Mean loss and accuracy on `lesson`."""
    logarithms = log_softmax(logits(weights, lesson.inputs, activation))
    own = logarithms[np.arange(len(lesson.labels)), lesson.labels]
    return float(-own.mean(dtype=np.float64)), float((logarithms.argmax(axis=1) == lesson.labels).mean())
