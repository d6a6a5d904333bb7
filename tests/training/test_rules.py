"""The optimizers' update rules in NumPy, step by step against Keras' own optimizers."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from kerasnn.networks.runtime import keras
from kerasnn.training.rules import SGD, Adagrad, Adam, Bowl, RMSprop, Rule, walk

START = (-7.0, 2.0)
STEPS = 25

# rates that suit the bowl, not those of Keras' defaults, which suit networks
RULES: dict[str, tuple[Callable[[], Rule], Callable[[], "keras.optimizers.Optimizer"]]] = {
    "SGD": (lambda: SGD(0.9), lambda: keras.optimizers.SGD(0.9)),
    "SGD with momentum": (lambda: SGD(0.1, momentum=0.9), lambda: keras.optimizers.SGD(0.1, momentum=0.9)),
    "SGD with Nesterov": (
        lambda: SGD(0.1, momentum=0.9, nesterov=True),
        lambda: keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    ),
    "Adagrad": (lambda: Adagrad(1.5), lambda: keras.optimizers.Adagrad(1.5)),
    "RMSprop": (lambda: RMSprop(0.3), lambda: keras.optimizers.RMSprop(0.3)),
    "Adam": (lambda: Adam(0.3), lambda: keras.optimizers.Adam(0.3)),
}


def keras_walk(optimizer: "keras.optimizers.Optimizer") -> np.ndarray:
    weight = keras.Variable(np.array(START, np.float32))
    optimizer.build([weight])
    points = [weight.numpy().copy()]
    for _ in range(STEPS):
        optimizer.apply([Bowl().slope(weight.numpy()).astype(np.float32)], [weight])
        points.append(weight.numpy().copy())
    return np.array(points)


@pytest.mark.parametrize("name", list(RULES))
def test_every_step_is_that_of_keras(name: str) -> None:
    new_rule, new_optimizer = RULES[name]
    points, rates = walk(new_rule(), Bowl().slope, START, steps=STEPS)
    assert points == pytest.approx(keras_walk(new_optimizer()), abs=2e-4)
    assert points.shape == (STEPS + 1, 2)
    assert rates.shape == (STEPS, 2)


@pytest.mark.parametrize(
    ("rule", "optimizer"),
    [
        (SGD(), keras.optimizers.SGD()),
        (SGD(momentum=0.9), keras.optimizers.SGD(momentum=0.9)),
        (SGD(momentum=0.9, nesterov=True), keras.optimizers.SGD(momentum=0.9, nesterov=True)),
        (Adagrad(), keras.optimizers.Adagrad()),
        (RMSprop(), keras.optimizers.RMSprop()),
        (Adam(), keras.optimizers.Adam()),
    ],
)
def test_rates_of_kerass_own_and_a_whole_array_of_float32(rule: Rule, optimizer: "keras.optimizers.Optimizer") -> None:
    random = np.random.default_rng(0)
    ours = random.normal(size=(4, 3)).astype(np.float32)
    weight = keras.Variable(ours)
    optimizer.build([weight])
    for _ in range(5):
        slope = random.normal(size=(4, 3)).astype(np.float32)
        optimizer.apply([slope], [weight])
        step: NDArray[np.float32] = rule.step(slope)
        ours = ours + step
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, weight.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("rule", [SGD(0.5), Adagrad(0.5), RMSprop(0.5), Adam(0.5)])
def test_without_a_slope_nothing_moves(rule: Rule) -> None:
    points, _ = walk(rule, np.zeros_like, (1.0, -2.0), steps=3)
    assert np.array_equal(points, np.tile((1.0, -2.0), (4, 1)))


def test_the_rates_are_those_the_steps_were_taken_with() -> None:
    walks = {name: walk(new_rule(), Bowl().slope, START, steps=STEPS) for name, (new_rule, _keras) in RULES.items()}
    assert (walks["SGD"][1] == 0.9).all()
    points, rates = walks["Adagrad"]
    assert (np.diff(rates, axis=0) <= 0).all()  # its rates only ever shrink
    slopes = np.array([Bowl().slope(point) for point in points[:-1]])
    assert np.diff(points, axis=0) == pytest.approx(-rates * slopes)
    _points, rates = walks["RMSprop"]
    assert rates[-1, 1] > rates[0, 1]  # it forgets the large slopes of the beginning


@pytest.mark.parametrize("name", list(RULES))
def test_all_come_closer(name: str) -> None:
    points, _rates = walk(RULES[name][0](), Bowl().slope, START, steps=40)
    losses = [Bowl().loss(point) for point in points]
    assert losses[0] == pytest.approx(0.5 * (0.1 * 49 + 2 * 4))
    assert losses[-1] < losses[0] / 10
