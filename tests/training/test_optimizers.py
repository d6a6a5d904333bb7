"""Every row of OPTIMIZERS compared with Keras: class, default rate, and the update rule in NumPy, step by step."""

from inspect import signature
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kerasnn.lecture.hyperparameters import HYPERPARAMETER_BY_NAME, optimizer_settings
from kerasnn.lecture.optimizers import CONTENDERS, OPTIMIZERS, VARIANTS, Optimizer, Variant
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.builders import build_optimizer
from kerasnn.networks.runtime import keras
from kerasnn.training.bowl import START, Bowl, variant_walks, walk

STEPS = 25
NAMES = [variant.name for _, variant in VARIANTS]


def of_keras(row: Optimizer, **arguments: Any) -> Any:
    return getattr(keras.optimizers, row.keras_class)(**arguments)


def keras_walk(optimizer: Any) -> np.ndarray:
    weight = keras.Variable(np.array(START, np.float32))
    optimizer.build([weight])
    points = [weight.numpy().copy()]
    for _ in range(STEPS):
        optimizer.apply([Bowl().slope(weight.numpy()).astype(np.float32)], [weight])
        points.append(weight.numpy().copy())
    return np.array(points)


@pytest.mark.parametrize("row", OPTIMIZERS, ids=lambda row: row.name)
def test_the_default_rate_is_that_of_kerass_constructor(row: Optimizer) -> None:
    assert float(of_keras(row).learning_rate) == pytest.approx(row.learning_rate)
    assert signature(row.rule).parameters["rate"].default == row.learning_rate
    assert set(row.takes) <= set(HYPERPARAMETER_BY_NAME)


@pytest.mark.parametrize(("row", "variant"), VARIANTS, ids=NAMES)
def test_settings_reach_keras(row: Optimizer, variant: Variant) -> None:
    settings, _changed = resolve(find_stage("relu"), {"learning_rate": 0.02, **CONTENDERS[variant.name]})
    chosen, arguments = optimizer_settings(settings)
    assert (chosen, arguments) == (row, {"learning_rate": 0.02, **variant.settings})
    built = build_optimizer(settings)
    assert type(built) is type(of_keras(row))
    assert float(built.learning_rate) == pytest.approx(0.02)
    for name, value in variant.settings.items():
        assert getattr(built, name) == value


@pytest.mark.parametrize(("row", "variant"), VARIANTS, ids=NAMES)
def test_every_step_is_that_of_keras(row: Optimizer, variant: Variant) -> None:
    rule = row.rule(rate=variant.bowl_rate, **variant.settings)
    points, rates = walk(rule, Bowl().slope, START, steps=STEPS)
    theirs = of_keras(row, learning_rate=variant.bowl_rate, **variant.settings)
    assert points == pytest.approx(keras_walk(theirs), abs=2e-4)
    assert points.shape == (STEPS + 1, 2)
    assert rates.shape == (STEPS, 2)


@pytest.mark.parametrize(("row", "variant"), VARIANTS, ids=NAMES)
def test_default_rates_and_a_whole_array_of_float32(row: Optimizer, variant: Variant) -> None:
    rule, optimizer = row.rule(**variant.settings), of_keras(row, **variant.settings)
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


@pytest.mark.parametrize("row", OPTIMIZERS, ids=lambda row: row.name)
def test_without_a_slope_nothing_moves(row: Optimizer) -> None:
    points, _ = walk(row.rule(rate=0.5), np.zeros_like, (1.0, -2.0), steps=3)
    assert np.array_equal(points, np.tile((1.0, -2.0), (4, 1)))


def test_the_rates_are_those_the_steps_were_taken_with() -> None:
    walks = variant_walks(STEPS)
    assert (walks["SGD"][1] == 0.1).all()
    points, rates = walks["Adagrad"]
    assert (np.diff(rates, axis=0) <= 0).all()  # its rates only ever shrink
    slopes = np.array([Bowl().slope(point) for point in points[:-1]])
    assert np.diff(points, axis=0) == pytest.approx(-rates * slopes)
    _points, rates = walks["RMSprop"]
    assert rates[-1, 1] > rates[0, 1]  # it forgets the large slopes of the beginning


def test_all_come_closer_and_their_losses_are_those_of_the_bowl() -> None:
    for points, _rates in variant_walks().values():
        x, y = points[-1]
        assert Bowl().loss(points[0]) == pytest.approx(0.5 * (2**2 + 12 * 1**2))
        assert Bowl().loss(points[-1]) == pytest.approx(0.5 * x**2 + 6 * y**2)
        assert Bowl().loss(points[-1]) < Bowl().loss(points[0]) / 10
