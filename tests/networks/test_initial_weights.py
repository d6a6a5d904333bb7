"""The initial weights that --initializer draws: distributed as Keras documents them, and written by scripts."""

import math

import numpy as np
import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.lecture.hyperparameters import INITIALIZERS
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.architecture import design
from kerasnn.networks.builders import build
from kerasnn.networks.runtime import make_repeatable

INPUTS, UNITS = 784, 100
DEVIATIONS = {  # keras.io/api/layers/initializers
    "glorot": math.sqrt(2 / (INPUTS + UNITS)),
    "he": math.sqrt(2 / INPUTS),
    "lecun": math.sqrt(1 / INPUTS),
    "random_uniform": 0.05 / math.sqrt(3),
    "random_normal": 0.05,
    "zeros": 0.0,
    "ones": 0.0,
}


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_weights_are_distributed_as_keras_documents(name: str) -> None:
    settings = resolve(find_stage("relu"), {"initializer": name})[0]
    make_repeatable(1)
    architecture = design(settings, image_shape=(28, 28), classes=10)
    kernel, bias, *_rest = build(architecture, initializer=settings.initializer).get_weights()
    deviation = next(value for start, value in DEVIATIONS.items() if name.startswith(start))
    assert kernel.shape == (INPUTS, UNITS)
    assert kernel.std() == pytest.approx(deviation, rel=0.02, abs=1e-9)
    assert kernel.mean() == pytest.approx(float(name == "ones"), abs=3e-3)
    assert not bias.any()
    if name.endswith("uniform"):
        assert np.abs(kernel).max() <= deviation * math.sqrt(3) * 1.001


@pytest.mark.full
def test_zeros_learn_nothing_in_a_hidden_layer(garments: Dataset, tmp_path: object) -> None:
    run = kerasnn.train("relu", dataset=garments, epochs=1, initializer="zeros", hidden=[8], out=str(tmp_path))
    found = kerasnn.weights(run.run, out=str(tmp_path))
    assert {tuple(map(tuple, unit.weights)) for unit in found.units} == {tuple((0.0,) * 28 for _ in range(28))}


def test_the_script_draws_them_alike(garments: Dataset, tmp_path: object) -> None:
    run = kerasnn.train("softmax", dataset=garments, epochs=1, initializer="he_normal", out=str(tmp_path))
    written = kerasnn.code(run.run, out=str(tmp_path)).source
    assert 'Dense(10, activation="softmax", kernel_initializer="he_normal")' in written
    with pytest.raises(kerasnn.KerasnnError, match="initial weights"):
        kerasnn.code(run.run, framework="pytorch", out=str(tmp_path))
