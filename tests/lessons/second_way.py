"""A second computation of what the lessons show: float64, SciPy, and update rules as the papers write them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pytest
import scipy.special
from numpy.typing import NDArray

from kerasnn.data.dataset import Part
from kerasnn.lessons.learning import initial_weights
from kerasnn.records import BarsPicture, Explanation

Array = NDArray[Any]
Rule = Callable[[Array, dict[str, Array], int], Array]  # gradient, memory, number of the step from 1: the change

EPSILON: Final = 1e-7
TEXT: Final = None
NUMBER: Final = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")

Rows = Sequence[Sequence[Any]]


def pixels(part: Part, start: int = 0, stop: int | None = None) -> Array:
    """Return images as float64 in [0, 1], of shape (n, pixels)."""
    images = np.asarray(part.images[start:stop], np.float64)
    return images.reshape(len(images), -1) / 255


def sgd(rate: float = 0.01, momentum: float = 0.0, *, nesterov: bool = False) -> Rule:
    def step(g: Array, memory: dict[str, Array], _t: int) -> Array:
        memory["v"] = momentum * memory.get("v", np.zeros_like(g)) - rate * g
        return momentum * memory["v"] - rate * g if nesterov else memory["v"]

    return step


def adagrad(rate: float = 0.001) -> Rule:
    def step(g: Array, memory: dict[str, Array], _t: int) -> Array:
        memory["sum"] = memory.get("sum", np.full_like(g, 0.1)) + g * g
        return -rate * g * (memory["sum"] + EPSILON) ** -0.5

    return step


def rmsprop(rate: float = 0.001) -> Rule:
    def step(g: Array, memory: dict[str, Array], _t: int) -> Array:
        memory["mean"] = 0.9 * memory.get("mean", np.zeros_like(g)) + 0.1 * g * g
        return -rate * g * (memory["mean"] + EPSILON) ** -0.5

    return step


def adam(rate: float = 0.001) -> Rule:
    """Source: Kingma and Ba, 2015, algorithm 1, with epsilon as in the second formulation."""

    def step(g: Array, memory: dict[str, Array], t: int) -> Array:
        memory["m"] = 0.9 * memory.get("m", np.zeros_like(g)) + 0.1 * g
        memory["v"] = 0.999 * memory.get("v", np.zeros_like(g)) + 0.001 * g * g
        mean, square = memory["m"] / (1 - 0.9**t), memory["v"] / (1 - 0.999**t)
        change: Array = -rate * mean / (np.sqrt(square) + EPSILON / np.sqrt(1 - 0.999**t))
        return change

    return step


class Net:
    """A network of Dense layers in float64 that ends in softmax, trained on batches of 32."""

    def __init__(self, sizes: Sequence[int], activation: str = "linear", seed: int = 42) -> None:
        arrays = [part.astype(np.float64) for part in initial_weights(sizes, seed)]
        self.kernels, self.biases, self.activation = arrays[::2], arrays[1::2], activation
        self.losses: list[float] = []
        self.sizes_of_steps: list[float] = []

    def forward(self, x: Array) -> list[Array]:
        """Return the input, the output of each hidden layer, and the logits."""
        functions = {"linear": lambda z: z, "relu": lambda z: z.clip(0), "sigmoid": scipy.special.expit}
        outputs = [x]
        for place, (kernel, bias) in enumerate(zip(self.kernels, self.biases, strict=True), start=1):
            z = outputs[-1] @ kernel + bias
            outputs.append(functions[self.activation](z) if place < len(self.kernels) else z)
        return outputs

    def gradients(self, x: Array, y: Array) -> list[Array]:
        """Return the gradients of the mean cross-entropy: of the kernels, then of the biases."""
        *hidden, z = self.forward(x)
        self.losses.append(float(np.mean(scipy.special.logsumexp(z, axis=1) - z[np.arange(len(y)), y])))
        delta = (scipy.special.softmax(z, axis=1) - np.eye(z.shape[1])[y]) / len(y)
        kernels: list[Array] = []
        biases: list[Array] = []
        for place in reversed(range(len(self.kernels))):
            h = hidden[place]
            kernels.insert(0, h.T @ delta)
            biases.insert(0, np.ones(len(y)) @ delta)
            slopes = {"linear": np.ones_like(h), "relu": np.sign(h), "sigmoid": h - h**2}  # relu: h is never below 0
            delta = (delta @ self.kernels[place].T) * slopes[self.activation]
        return kernels + biases

    def train(self, x: Array, y: Array, rule: Rule, epochs: int, seed: int = 42) -> "Net":
        memories: list[dict[str, Array]] = [{} for _array in self.kernels + self.biases]
        for epoch in range(epochs):
            order = np.random.default_rng([seed, epoch]).permutation(len(y))
            for batch in np.split(order, range(32, len(y), 32)):
                gradients, t = self.gradients(x[batch], y[batch]), len(self.losses)
                changes = [rule(g, memory, t) for g, memory in zip(gradients, memories, strict=True)]
                self.sizes_of_steps.append(float(np.linalg.norm(changes[0]) / changes[0].size ** 0.5))
                self.kernels = [old + new for old, new in zip(self.kernels, changes, strict=False)]
                self.biases = [old + new for old, new in zip(self.biases, changes[len(self.kernels) :], strict=True)]
        return self

    def right(self, x: Array, y: Array) -> Array:
        right: Array = self.forward(x)[-1].argmax(axis=1) == y
        return right

    def scores(self, x: Array, y: Array) -> tuple[float, float]:
        logarithms = scipy.special.log_softmax(self.forward(x)[-1], axis=1)
        return float(-np.mean([row[label] for row, label in zip(logarithms, y, strict=True)])), float(
            np.mean(self.right(x, y))
        )


@dataclass(frozen=True)
class Shown:
    """What a lesson must show. `said`: parts of its sentences, question and answer."""

    tables: Sequence[Rows]
    bars: Sequence[Sequence[Any]] = ()
    said: Sequence[str] = field(default=())


def compare(explanation: Explanation, expected: Shown) -> None:
    """Compare all tables and bars; a number that is not expected fails."""
    grids = [grid for section in explanation.sections for grid in section.grids]
    for grid, rows in zip(grids, expected.tables, strict=True):
        for cells, others in zip(grid.rows, rows, strict=True):
            for place, (cell, other) in enumerate(zip(cells, others, strict=True)):
                assert agree(cell, other), (grid.title, cells, grid.columns[place], cell, other)
    pictures = [picture for section in explanation.sections for picture in section.pictures]
    bars = [picture for picture in pictures if isinstance(picture, BarsPicture)]
    for picture, values in zip(bars, expected.bars, strict=True):
        for value, other in zip(picture.values, values, strict=True):
            assert agree(value, other), (picture.title, value, other)
    text = " ".join(part for section in explanation.sections for part in (*section.sentences, *section.remarks))
    text += " ".join([explanation.question, explanation.answer, *(grid.note or "" for grid in grids)])
    assert [part for part in expected.said if part not in text] == []


def agree(cell: object, other: Any) -> bool:
    """Compare a cell with a number, with a list of the numbers in a text, or with what a function says of it."""
    if callable(other):
        return bool(other(cell))
    if other is TEXT:
        return cell is None or isinstance(cell, str)
    if isinstance(cell, str):
        return [float(number.replace(",", "")) for number in NUMBER.findall(cell)] == pytest.approx(other, abs=1e-4)
    if isinstance(cell, int):
        return bool(cell == other)
    return bool(cell == pytest.approx(other, rel=1e-4, abs=1e-5))
