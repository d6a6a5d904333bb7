"""A small training loop in NumPy, fast enough to run inside an explanation. Keras trains the stages themselves.

The tests compare the gradients with those of Keras' cross-entropy, and the update rules with Keras' optimizers.
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
class Examples:
    """Images as a network receives them. `inputs`: float32 of shape (n, values); `labels`: int32 of shape (n,)."""

    inputs: Reals
    labels: Labels

    @classmethod
    def of(cls, part: Part, start: int = 0, stop: int | None = None) -> "Examples":
        return cls(unrolled(part.images[start:stop]), part.labels[start:stop])

    def take(self, places: NDArray[np.int64]) -> "Examples":
        return Examples(self.inputs[places], self.labels[places])

    def scaled(self, factor: float) -> "Examples":
        return Examples(self.inputs * np.float32(factor), self.labels)


def hold_out(part: Part) -> tuple[Examples, Examples]:
    """Split `part` into the first four fifths, to train on, and the last fifth, to evaluate on."""
    start = len(part) - max(1, len(part) // 5)  # at least one image to evaluate on
    return Examples.of(part, 0, start), Examples.of(part, start)


@dataclass(frozen=True)
class Trained:
    """A trained network and its steps.

    `losses`: the mean loss of each batch, before the step. `step_sizes`: the root mean square change of the first
    layer's weights.
    """

    weights: Arrays
    losses: tuple[float, ...]
    step_sizes: tuple[float, ...] = ()


def initial_weights(sizes: Sequence[int], seed: int) -> Arrays:
    """Return random weights of Dense layers, Glorot uniform, with biases of 0. `sizes`: inputs, then units by layer."""
    random = np.random.default_rng(seed)
    weights: Arrays = []
    for inputs, units in pairwise(sizes):
        reach = np.sqrt(6 / (inputs + units))  # keeps the size of the values from layer to layer
        weights += [random.uniform(-reach, reach, (inputs, units)).astype(np.float32), np.zeros(units, np.float32)]
    return weights


def logits(weights: Arrays, inputs: Reals, activation: str) -> Reals:
    """Return the inputs of softmax, of shape (n, classes). `activation`: of the hidden layers."""
    return _layer_outputs(weights, inputs, activation)[-1]


def _layer_outputs(weights: Arrays, inputs: Reals, activation: str) -> list[Reals]:
    """Return the inputs, the outputs of each hidden layer, and the logits."""
    values = [inputs]
    pairs = list(zip(weights[::2], weights[1::2], strict=True))
    for number, (kernel, bias) in enumerate(pairs):
        z = values[-1] @ kernel + bias
        values.append(ACTIVATIONS[activation].function(z) if number < len(pairs) - 1 else z)
    return values


def loss_and_gradients(weights: Arrays, examples: Examples, activation: str) -> tuple[float, list[Reals]]:
    """Return the mean cross-entropy of `examples` and, by backpropagation, its gradient for each array of weights."""
    values = _layer_outputs(weights, examples.inputs, activation)
    logarithms = log_softmax(values[-1])
    places = np.arange(len(examples.labels)), examples.labels
    # gradient of the mean loss with respect to z, of shape (n, units): (probabilities - one-hot) / n at the output
    delta = np.exp(logarithms)
    delta[places] -= 1  # softmax and cross-entropy together: nothing else is left of both slopes
    delta /= len(examples.labels)
    gradients: list[Reals] = []
    for number in range(len(weights) - 2, -1, -2):  # the kernels, from the output back
        before = values[number // 2]
        gradients = [before.T @ delta, delta.sum(axis=0), *gradients]
        if number:  # nothing learns from the slope of the inputs
            delta = (delta @ weights[number].T) * slope(activation, before)
    return float(-logarithms[places].mean()), gradients


def slope(activation: str, outputs: Reals) -> Reals:
    """Return the derivative of an activation function where it returned `outputs`."""
    if activation == "sigmoid":
        return outputs * (1 - outputs)
    if activation == "relu":
        return (outputs > 0).astype(np.float32)
    return np.ones_like(outputs)


def batches(count: int, *, epochs: int, seed: int, size: int = BATCH) -> Iterator[NDArray[np.int64]]:
    """Yield the indices of each batch: every epoch takes all `count` images once, in an order of its own."""
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(count)
        yield from (order[start : start + size] for start in range(0, count, size))


def fit(
    weights: Arrays,
    examples: Examples,
    new_rule: Callable[[], Rule],
    *,
    activation: str = "linear",
    epochs: int = 1,
    seed: int = 42,
) -> Trained:
    """Train a copy of `weights` in mini-batches of 32. `new_rule`: makes an update rule, one for each array."""
    own, rules = list(weights), [new_rule() for _ in weights]  # a rule remembers, so one for each
    losses, step_sizes = [], []
    for places in batches(len(examples.labels), epochs=epochs, seed=seed):
        loss, gradients = loss_and_gradients(own, examples.take(places), activation)
        changes: list[Reals] = [rule.step(gradient) for rule, gradient in zip(rules, gradients, strict=True)]
        own = [part + change for part, change in zip(own, changes, strict=True)]
        losses.append(loss)
        step_sizes.append(float(np.sqrt(np.mean(np.square(changes[0])))))
    return Trained(own, tuple(losses), tuple(step_sizes))


def evaluate(weights: Arrays, examples: Examples, activation: str = "linear") -> tuple[float, float]:
    """Return the mean loss and the accuracy on `examples`."""
    logarithms = log_softmax(logits(weights, examples.inputs, activation))
    own = logarithms[np.arange(len(examples.labels)), examples.labels]
    return float(-own.mean(dtype=np.float64)), float((logarithms.argmax(axis=1) == examples.labels).mean())
