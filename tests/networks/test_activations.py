"""Activation functions and their slopes, against Keras and differences."""

import numpy as np
import pytest

from kerasnn.networks.activations import NAMES, activation_curves
from kerasnn.networks.runtime import keras


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "linear"])
def test_values_are_those_of_keras(name: str) -> None:
    (curve,) = activation_curves([name])
    expected = keras.ops.convert_to_numpy(keras.activations.get(name)(np.array(curve.z, np.float32)))
    assert np.array(curve.values) == pytest.approx(expected, abs=1e-6)


def test_softmax_of_two_is_the_sigmoid() -> None:
    """Source: lecture, "sigmoid, softmax"."""
    two, sigmoid = activation_curves(["softmax of two", "sigmoid"])
    assert two.values == pytest.approx(sigmoid.values, abs=1e-15)
    assert two.slopes == sigmoid.slopes
    pairs = np.stack([np.array(two.z), np.zeros(len(two.z))], axis=1)
    expected = keras.ops.convert_to_numpy(keras.activations.softmax(pairs.astype(np.float32)))
    assert np.array(two.values) == pytest.approx(expected[:, 0], abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_slopes_are_what_differences_say(name: str) -> None:
    (curve,) = activation_curves([name], low=-3, high=3, steps=6000)
    measured = np.gradient(curve.values, curve.z)
    smooth = np.abs(np.array(curve.z)) > 0.01  # relu has a corner at 0
    assert np.array(curve.slopes)[smooth] == pytest.approx(measured[smooth], abs=1e-3)
