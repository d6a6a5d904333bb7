"""Each class in LAYERS, compared with the Keras class of the same name."""

from typing import Any

import numpy as np
import pytest

from kerasnn.lecture.activations import ACTIVATIONS
from kerasnn.lecture.layer import ELU, Activation, Layer, LeakyReLU, ReLU, Rescaling, Reshape, Shape, Softmax
from kerasnn.lecture.layers import LAYERS, BatchNormalization, Dense, Dropout, Flatten
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.architecture import design
from kerasnn.networks.runtime import keras

EXAMPLES: list[tuple[Layer, Shape]] = [
    (Flatten("a"), (3, 4)),
    (Dense("a", 5), (7,)),
    (Dense("a", 5, "relu", use_bias=False), (7,)),
    (Dropout("a", 0.4), (6,)),
    (BatchNormalization("a"), (6,)),
    (BatchNormalization("a", momentum=0.5, epsilon=0.1), (6,)),
    (BatchNormalization("a", axis=1), (4, 3)),
    (BatchNormalization("a", axis=2, center=False), (4, 3)),
    (BatchNormalization("a", scale=False), (4, 3)),
    (BatchNormalization("a", center=False, scale=False), (6,)),
    (Reshape("a", (4, 3)), (2, 6)),
    (Reshape("a", (-1, 1)), (2, 6)),
    (Rescaling("a", 1 / 255), (6,)),
    (Rescaling("a", 1 / 127.5, offset=-1.0), (6,)),
    (Activation("a", "tanh"), (6,)),
    (Softmax("a"), (6,)),
    (Softmax("a", axis=1), (4, 3)),
    (ReLU("a"), (6,)),
    (ReLU("a", max_value=1.0, negative_slope=0.1, threshold=0.5), (6,)),
    (ReLU("a", max_value=0.5, threshold=1.0), (6,)),
    (LeakyReLU("a"), (6,)),
    (LeakyReLU("a", negative_slope=0.0), (6,)),
    (ELU("a"), (6,)),
    (ELU("a", alpha=0.5), (6,)),
]


def in_keras(layer: Layer, inputs: Shape) -> Any:
    """The Keras layer in a model, its variables random and positive (one may be a variance)."""
    built = getattr(keras.layers, layer.kind)(name=layer.name, **layer.options)
    keras.Sequential([keras.Input(inputs), built])
    random = np.random.default_rng(0)
    built.set_weights([random.uniform(0.5, 2, weight.shape).astype(np.float32) for weight in built.get_weights()])
    return built


def test_every_layer_has_an_example() -> None:
    assert {type(layer) for layer, _ in EXAMPLES} == set(LAYERS.values())


@pytest.mark.parametrize(("layer", "inputs"), EXAMPLES, ids=str)
def test_a_layer_computes_and_counts_what_keras_does(layer: Layer, inputs: Shape) -> None:
    theirs = in_keras(layer, inputs)
    values = np.random.default_rng(1).normal(size=(20, *inputs)).astype(np.float32)
    variables = tuple(np.asarray(variable) for variable in theirs.weights)
    ours = layer.compute(values, variables)
    np.testing.assert_allclose(ours, np.asarray(theirs(values, training=False)), atol=2e-6)
    assert (len(ours), *layer.output_shape(inputs)) == ours.shape
    assert layer.parameters(inputs) == theirs.count_params()
    told = [(each.name, each.shape, each.trainable) for each in layer.variables(inputs)]
    assert told == [(each.name, tuple(each.shape), each.trainable) for each in theirs.weights]


@pytest.mark.parametrize(("layer", "inputs"), EXAMPLES, ids=str)
def test_a_layer_that_depends_on_the_mode_says_so(layer: Layer, inputs: Shape) -> None:
    theirs = in_keras(layer, inputs)
    values = np.random.default_rng(1).normal(size=(20, *inputs)).astype(np.float32)
    trains, predicts = (np.asarray(theirs(values, training=training)) for training in (True, False))
    assert (trains != predicts).any() == layer.mode_dependent


@pytest.mark.parametrize(("layer", "inputs"), EXAMPLES, ids=str)
def test_the_line_of_a_script_makes_the_same_layer(layer: Layer, inputs: Shape) -> None:
    made = eval(layer.keras_code(), {"keras": keras})
    config = in_keras(layer, inputs).get_config()
    assert {**made.get_config(), "name": "a"} == {**config, "name": "a"}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_keras_own_and_its_slope_is_the_gradient(name: str) -> None:
    z = np.linspace(-4, 4, 41, dtype=np.float32)[np.newaxis]
    theirs = np.asarray(keras.activations.get(name)(keras.ops.convert_to_tensor(z)))
    ours = ACTIVATIONS[name].function(z)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, atol=1e-6)
    if (slope := ACTIVATIONS[name].slope) is not None:
        steps = np.linspace(-4.05, 3.95, 41)
        estimate = (ACTIVATIONS[name].function(steps + 1e-6) - ACTIVATIONS[name].function(steps - 1e-6)) / 2e-6
        np.testing.assert_allclose(slope(steps), estimate, atol=1e-6)


def test_batch_normalization_counts_as_the_textbook_does() -> None:
    """Source: Géron, "Hands-On Machine Learning", 3rd edition, chapter 11: the summary of its 300-100-10 network."""
    settings, _ = resolve(find_stage("relu"), {"batch_norm": True, "hidden": [300, 100]})
    count = design(settings, image_shape=(28, 28), classes=10).summary("").parameters
    assert (count.total, count.trainable, count.non_trainable) == (271_346, 268_978, 2_368)
