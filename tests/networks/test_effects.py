"""What pixels do to the score of a class, against finite differences and Keras' gradients."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from kerasnn.lecture.layer import Activation, Layer, LeakyReLU, Rescaling
from kerasnn.lecture.layers import BatchNormalization, Dense, Dropout, Flatten
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.builders import build
from kerasnn.networks.effects import pixel_effects
from kerasnn.networks.forward import Network
from kerasnn.networks.runtime import keras, tf


def network(*layers: Layer) -> Network:
    """Return an untrained network of these layers, with random variables."""
    random = np.random.default_rng(5)
    architecture = Architecture((6, 6), layers)
    variables = tuple(
        tuple(random.uniform(0.2, 0.8, each.shape).astype(np.float32) - 0.4 * (each.name == "kernel") for each in own)
        for own in (layer.variables(inputs) for layer, inputs in architecture.with_inputs())
    )
    return Network(architecture, variables)


NETWORKS = {
    "relu": (Flatten("f"), Dense("a", 9, "relu"), Dropout("d", 0.3), Dense("b", 4, "softmax")),
    "silu": (Flatten("f"), Dense("a", 9, "silu", use_bias=False), Dense("b", 8, "elu"), Dense("c", 4, "linear")),
    "rows": (Dense("a", 5, "tanh"), Flatten("f"), Dense("b", 4, "softmax")),
    "normalised": (
        Rescaling("r", 1 / 255),
        Flatten("f"),
        Dense("a", 9),
        BatchNormalization("n"),
        LeakyReLU("l"),
        Dense("b", 4),
        Activation("s", "softmax"),
    ),
    "one": (Flatten("f"), Dense("a", 9, "sigmoid"), Dense("b", 1, "sigmoid")),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_effects_are_what_finite_differences_of_the_score_say(name: str) -> None:
    asked = network(*NETWORKS[name])
    exact = replace(asked, variables=tuple(tuple(each.astype(np.float64) for each in own) for own in asked.variables))
    image = np.random.default_rng(1).integers(1, 255, (6, 6)).astype(np.uint8)
    label = 1 if asked.architecture.classes == 1 else 2
    found = pixel_effects(asked, image, label)
    assert found is not None
    assert found.shape == (6, 6)
    for place in np.ndindex(6, 6):
        assert found[place] == pytest.approx(difference(exact, image, label, place), rel=2e-3, abs=1e-5)


def difference(exact: Network, image: NDArray[np.uint8], label: int, place: tuple[int, ...]) -> float:
    """Return by how much z changes with a share of one pixel, in float64, as the share of the pixel's whole value."""
    share, scores = 1e-4, []
    for sign in (-1, 1):
        values = image.astype(np.float64)
        values[place] *= 1 + sign * share
        values = values[np.newaxis] / (1 if isinstance(exact.architecture.layers[0], Rescaling) else 255)
        for layer, own in zip(exact.architecture.layers, exact.variables, strict=True):
            last = layer is exact.architecture.layers[-1]
            if not last:
                values = layer.compute(values, own)  # type: ignore[arg-type, assignment]
            elif isinstance(layer, Dense):
                values = layer.z(values, own)  # type: ignore[arg-type, assignment]
        scores.append(values.reshape(-1)[0 if values.size == 1 else label])
    return float((scores[1] - scores[0]) / (2 * share))


@pytest.mark.full
@pytest.mark.parametrize("name", ["relu", "silu", "rows", "normalised"])
def test_effects_are_what_the_gradients_of_keras_say(name: str) -> None:
    asked = network(*NETWORKS[name])
    model = build(asked.architecture)
    model.set_weights([each for own in asked.variables for each in own])
    image = np.random.default_rng(1).integers(1, 255, (6, 6)).astype(np.uint8)
    scale = 1 if isinstance(asked.architecture.layers[0], Rescaling) else 255
    values = tf.constant(image[np.newaxis].astype(np.float32) / scale)
    *_before, last = model.layers
    if isinstance(last, keras.layers.Dense):
        last.activation = keras.activations.linear
    with tf.GradientTape() as tape:
        tape.watch(values)
        outputs = values
        for layer in model.layers[: None if isinstance(last, keras.layers.Dense) else -1]:
            outputs = layer(outputs, training=False) if layer.__class__.__name__ != "Dense" else layer(outputs)
        score = outputs[0, 2]
    wanted = (tape.gradient(score, values) * values).numpy()[0]
    found = pixel_effects(asked, image, 2)
    assert found is not None
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-5)
