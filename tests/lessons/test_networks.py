"""Lessons on networks unlike the lecture's: deeper, wider, without biases, with batch normalization, with sigmoids."""

from pathlib import Path

import numpy as np
import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.errors import ModelFileError, UsageError
from kerasnn.networks.runtime import keras
from kerasnn.views.explanation import cell_text, explanation_view
from tests.views.test_views import rendered

ANY_NETWORK = ("argmax", "hyperparameters", "one-hot", "parameters", "sigmoid-softmax", "summary")
DENSE_ONLY = ("dropout", "layers", "linear", "neuron", "normalize", "relu")


def save(folder: Path, *layers: keras.layers.Layer) -> tuple[Path, keras.Model]:
    keras.utils.set_random_seed(3)
    network = keras.Sequential([keras.Input((6, 6)), keras.layers.Flatten(), *layers])
    network.save(folder / "mine.keras")
    return folder / "mine.keras", network


def dense(units: int, activation: str = "softmax", **options: bool) -> keras.layers.Layer:
    return keras.layers.Dense(units, activation=activation, **options)


@pytest.fixture
def normalised(tmp_path: Path) -> Path:
    layers = keras.layers.BatchNormalization(), dense(8, "relu"), keras.layers.BatchNormalization(), dense(3)
    return save(tmp_path, *layers)[0]


@pytest.mark.parametrize("topic", ANY_NETWORK)
def test_lessons_about_answers_and_counts_take_batch_normalization(topic: str, normalised: Path, even: Dataset) -> None:
    assert kerasnn.explain(topic, model=normalised, dataset=even, index=2).holds


@pytest.mark.parametrize("topic", DENSE_ONLY)
def test_lessons_about_weights_refuse_it_by_name(topic: str, normalised: Path, even: Dataset) -> None:
    with pytest.raises(ModelFileError, match=f"'{topic}' cannot be explained on .*mine.keras"):
        kerasnn.explain(topic, model=normalised, dataset=even)


def test_parameters_of_batch_normalization_are_those_of_keras(tmp_path: Path, even: Dataset) -> None:
    path, network = save(tmp_path, keras.layers.BatchNormalization(), dense(3))
    rows = kerasnn.explain("parameters", model=path, dataset=even).sections[0].grids[0].rows
    assert sum(int(str(row[-1])) for row in rows) == network.count_params()
    trainable = sum(int(np.prod(weight.shape)) for weight in network.trainable_weights)
    note = kerasnn.explain("summary", model=path, dataset=even).sections[0].grids[0].note
    assert note == f"total {network.count_params()}, of which {trainable} trainable"


@pytest.mark.parametrize("topic", [*ANY_NETWORK, *DENSE_ONLY])
def test_layers_without_biases_are_counted_without(topic: str, tmp_path: Path, even: Dataset) -> None:
    path, _network = save(tmp_path, dense(5, "relu", use_bias=False), dense(3))
    explanation = kerasnn.explain(topic, model=path, dataset=even)
    assert explanation.holds
    if topic == "layers":
        assert [row[4] for row in explanation.sections[1].grids[0].rows] == [0, 3]


def test_the_neuron_is_the_one_without_which_the_answer_falls_most(tmp_path: Path, even: Dataset) -> None:
    path, network = save(tmp_path, dense(9, "relu"), dense(7, "tanh"), dense(3))
    (kernel, bias), (inner, offset), (onward, last) = (layer.get_weights() for layer in network.layers[1:])
    outputs = np.maximum(even.test.images[4].reshape(-1) / 255 @ kernel + bias, 0)
    each = np.vstack([outputs, *(np.where(np.arange(9) == unit, 0, outputs) for unit in range(9))])
    z = np.tanh(each @ inner + offset) @ onward + last  # row 0: all units; row n: without unit n
    falls = (z[0] - z[1:])[:, z[0].argmax()]
    explanation = kerasnn.explain("neuron", model=path, dataset=even, index=4)
    assert explanation.sections[0].grids[0].title.endswith(f"unit {falls.argmax()}")
    assert f"{falls.max():.4f} lower" in explanation.sections[0].sentences[0]


def test_a_unit_that_responds_is_shown_where_none_raises_the_answer(tmp_path: Path, even: Dataset) -> None:
    path, network = save(tmp_path, dense(4, "relu"), dense(3))
    kernel, bias = network.layers[1].get_weights()
    bright = even.test.images.reshape(len(even.test), -1).sum(axis=1) / 255
    level = float(np.sort(bright)[-2:].mean())  # between the two brightest images
    for unit, (weight, start) in enumerate([(0, -1), (0, -1), (1, -level), (0, -1)]):
        kernel[:, unit], bias[unit] = weight, start
    network.layers[1].set_weights([kernel, bias])
    network.save(path)
    dark = int(bright.argmin())
    explanation = kerasnn.explain("neuron", model=path, dataset=even, index=dark)
    assert explanation.sections[0].grids[0].title.endswith("unit 2")
    assert "none of the 4 units raises" in explanation.sections[0].sentences[0]
    assert explanation.holds
    kernel[:, 2], bias[2] = 0, -1
    network.layers[1].set_weights([kernel, bias])
    network.save(path)
    dead = kerasnn.explain("neuron", model=path, dataset=even, index=dark).sections[-1]
    assert (dead.sentences[0].split(":")[0], dead.pictures) == (
        f"Its output is 0 for all {len(even.test)} test images",
        (),
    )


@pytest.mark.parametrize("scale", [50.0, 3000.0, -3000.0])
def test_large_scores_are_readable(scale: float, tmp_path: Path, even: Dataset) -> None:
    path, network = save(tmp_path, dense(3))
    kernel, bias = network.layers[1].get_weights()
    network.layers[1].set_weights([kernel, bias + scale])
    network.save(path)
    explanation = kerasnn.explain("sigmoid-softmax", model=path, dataset=even)
    assert explanation.holds
    grid = explanation.sections[2].grids[0]
    z, powers, probabilities = (np.array([row[place] for row in grid.rows]) for place in (1, 2, 3))
    assert np.allclose(powers, np.exp(z - z.max()))
    assert np.allclose(powers / powers.sum(), probabilities, atol=1e-6)
    assert max(map(len, rendered(explanation_view(explanation, answer=True)).splitlines())) <= 80


def test_a_unit_of_the_output_layer_passes_nothing_on(even: Dataset, tmp_path: Path) -> None:
    explanation = kerasnn.explain("neuron", model=save(tmp_path, dense(3))[0], dataset=even)
    assert "next layer" not in str(explanation)


def test_dropout_counts_more_networks_than_a_float_can_hold(tmp_path: Path, even: Dataset) -> None:
    path, _network = save(tmp_path, dense(2000, "sigmoid"), keras.layers.Dropout(0.5), dense(3))
    assert "2^2000 = 1.1e+602" in kerasnn.explain("dropout", model=path, dataset=even).answer


def test_sigmoids_at_the_end_are_no_softmax(tmp_path: Path, even: Dataset) -> None:
    path, _network = save(tmp_path, dense(3, "sigmoid"))
    with pytest.raises(UsageError, match="ends in sigmoids"):
        kerasnn.explain("sigmoid-softmax", model=path, dataset=even)


def test_a_run_is_explained_on_the_images_of_its_record(tmp_path: Path, garments: Dataset) -> None:
    explanation = kerasnn.explain("linear", dataset="garments", index=len(garments.test) - 1)
    assert explanation.image is not None
    assert explanation.image.label == garments.test.labels[-1]


def test_a_large_number_is_written_with_a_power_of_ten() -> None:
    assert [cell_text(value, 4) for value in (1234.5, 1e12, -2.5e300, 10**12)] == [
        "1,234.5000",
        "1.0000e+12",
        "-2.5000e+300",
        "1,000,000,000,000",
    ]
