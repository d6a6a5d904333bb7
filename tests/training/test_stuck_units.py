"""Dead ReLU units and saturated sigmoids, counted by Keras as well."""

import numpy as np
import pytest

from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.architecture import design
from kerasnn.networks.builders import build, network_of
from kerasnn.networks.classifier import unrolled
from kerasnn.networks.runtime import keras
from kerasnn.records.note import sentence
from kerasnn.training.stuck_units import stuck_units
from tests.conftest import stripes

IMAGES = stripes(60).images


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh"])
@pytest.mark.parametrize("bias", [0.0, -9.0, 50.0])
def test_units_are_counted_as_keras_computes_them(
    activation: str, bias: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kerasnn.networks.classifier.BATCH", 16)  # counted over several batches
    settings, _ = resolve(find_stage("relu"), {"activation": activation, "hidden": [7, 5], "dropout": 0.5})
    architecture = design(settings, image_shape=(6, 6), classes=3)
    keras.utils.set_random_seed(1)
    model = build(architecture)
    model.layers[1].bias.assign(np.full(7, bias, np.float32) * np.linspace(0.5, 1, 7, dtype=np.float32))
    found = " ".join(map(sentence, stuck_units(network_of(model, architecture), IMAGES)))
    hidden = [layer.output for layer in model.layers if isinstance(layer, keras.layers.Dense)][:-1]
    outputs = keras.Model(model.inputs, hidden).predict(unrolled(IMAGES).reshape(-1, 6, 6), verbose=0)
    dead = sum(int((values.max(axis=0) <= 0).sum()) for values in outputs)
    values = np.concatenate([each.ravel() for each in outputs])
    saturated = float(((values < 0.01) | (values > 0.99)).mean())
    expected = ""
    if activation == "relu" and dead >= 0.9 * 12:
        expected = f"ReLU units that give 0 for every validation image: {dead} of 12"
    if activation == "sigmoid" and saturated >= 0.5:
        expected = f"{saturated:.0%} of the sigmoid outputs are below 0.01 or above 0.99 on the validation images"
    assert found == expected
    assert bool(expected) == (bias != 0 and activation != "tanh" and (bias < 0 or activation == "sigmoid"))
