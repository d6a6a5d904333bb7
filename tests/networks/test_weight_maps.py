"""Weights as images, and diagrams of networks."""

import numpy as np
import pytest

import kerasnn
from kerasnn.lecture.layers import Dense, Dropout, Flatten
from kerasnn.networks import diagram
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.diagram import architecture_diagram, model_diagram, weight_maps
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.forward import Network
from kerasnn.runs.reference import model_path


def small_network() -> Network:
    random = np.random.default_rng(0)
    layers = (Flatten("flatten"), Dense("hidden", 4, "relu"), Dropout("dropout", 0.5), Dense("output", 3, "softmax"))
    architecture = Architecture((2, 3), layers)
    variables = tuple(
        tuple(random.normal(size=each.shape).astype(np.float32) for each in layer.variables(inputs))
        for layer, inputs in architecture.with_inputs()
    )
    return Network(architecture, variables)


def test_maps_of_hidden_units() -> None:
    network = small_network()
    maps = weight_maps(network, (2, 3), ["a", "b", "c"], title="small", path="small.keras")
    assert maps is not None
    assert (maps.layer, maps.outputs, len(maps.units)) == ("hidden", False, 4)
    for unit, found in enumerate(maps.units):
        column = network.weights[0].kernel[:, unit]
        assert np.array(found.weights) == pytest.approx(column.reshape(2, 3))
        assert (found.smallest, found.largest) == pytest.approx((column.min(), column.max()))
        assert found.bias == pytest.approx(network.weights[0].bias[unit])
        sizes = [abs(reach.weight) for reach in found.reaches]
        assert sizes == sorted(sizes, reverse=True)
        assert {reach.name: reach.weight for reach in found.reaches} == pytest.approx(
            dict(zip("abc", network.weights[1].kernel[unit], strict=True))
        )


@pytest.mark.parametrize("stage", ["sgd", "softmax"])
def test_maps_of_classes_are_the_terms_of_their_sum(stage: str) -> None:
    maps = kerasnn.weights(stage)
    assert maps.outputs
    assert [unit.name for unit in maps.units][:2] == ["T-shirt/top", "Trouser"]
    image = np.random.RandomState(0).randint(0, 256, (1, 28, 28)).astype(np.uint8)
    sums = [float((np.array(unit.weights) * image[0] / 255).sum() + unit.bias) for unit in maps.units]
    logarithms = open_classifier(model_path(stage)).log_probabilities(image)[0]
    assert int(np.argmax(sums)) == int(np.argmax(logarithms))
    if stage == "softmax":
        probabilities = np.exp(np.array(sums) - max(sums))
        assert probabilities / probabilities.sum() == pytest.approx(np.exp(logarithms), abs=1e-5)


def test_a_diagram_joins_flatten_and_dropout_to_the_layers_of_units() -> None:
    network = small_network()
    diagram = model_diagram(network, "small", ("a", "b", "c"))
    assert diagram is not None
    assert diagram.image_shape == (2, 3)
    assert [(layer.name, layer.units, layer.activation, layer.dropout) for layer in diagram.layers] == [
        ("input", 6, None, 0.0),
        ("hidden", 4, "relu", 0.5),
        ("output", 3, "softmax", 0.0),
    ]
    assert diagram.layers[-1].labels == ("a", "b", "c")
    assert diagram.parameters == 6 * 4 + 4 + 4 * 3 + 3
    assert [kernel.shape for kernel, _ in diagram.weights] == [(6, 4), (4, 3)]
    untrained = architecture_diagram(network.architecture, "small", ("too", "few"))
    assert (untrained.weights, untrained.layers[-1].labels) == ((), ())


def test_a_diagram_counts_batch_normalization_with_the_values_that_it_normalises() -> None:
    diagram = kerasnn.draw("dropout", batch_norm=True)
    assert [layer.normalization for layer in diagram.layers] == [4 * 784, 4 * 100, 0]
    assert [layer.dropout for layer in diagram.layers] == [0, 0.3, 0]
    assert diagram.parameters == kerasnn.summary("dropout", batch_norm=True).parameters.total


def test_a_hyperparameter_that_is_none_changes_nothing() -> None:
    assert kerasnn.draw("softmax", epochs=None).weights
    assert kerasnn.summary(model="softmax", hidden=None) == kerasnn.summary(model="softmax")


@pytest.mark.parametrize("limit", ["MOST_UNITS", "MOST_OUTGOING"])
def test_more_units_than_anyone_looks_at_are_not_shown(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagram, limit, 3)
    assert weight_maps(small_network(), (2, 3), ["a", "b", "c"], title="small", path="small.keras") is None
