"""Networks from anywhere: each is refused or predicts, and what one may take of time and memory is bounded."""

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from kerasnn.networks.foreign import ForeignModel
from kerasnn.networks.kinds import ACTIVATIONS, KINDS, Kind

from kerasnn.data.dataset import Dataset
from kerasnn.errors import ModelFileError
from kerasnn.lecture.layers import Dense
from kerasnn.networks import kinds
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.classifier import MOST_VALUES, MOST_WORK, refuse_endless
from kerasnn.networks.evaluation import evaluate
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.forward import Network, Weights
from kerasnn.networks.runtime import keras, tf
from tests.networks import random_models

SEEDS = 250
layers = keras.layers


def saved(path: Path, *parts: Any, shape: tuple[int, ...] = (6, 6, 1)) -> Path:
    keras.Sequential([keras.Input(shape), *parts]).save(path / "m.keras")
    return path / "m.keras"


def test_models_at_random_are_refused_or_predict(tmp_path: Path) -> None:
    ends = [random_models.outcome(tmp_path / "m.keras", seed) for seed in range(SEEDS)]
    assert ends.count("predicts") > SEEDS / 2
    assert not [end for end in ends if "Keras does not take it" in end]


def test_every_kind_is_drawn() -> None:
    drawn = b"".join(random_models.configuration(Random(seed)) for seed in range(2000)).decode()
    assert not [kind for kind in KINDS if f'"class_name": "{kind}"' not in drawn]
    assert not [name for name in ACTIVATIONS if f'"activation": "{name}"' not in drawn]


def test_what_keras_refuses_to_build_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slack = Kind({**KINDS["GaussianNoise"].options, "stddev": lambda value: True}, kinds.same)
    monkeypatch.setitem(KINDS, "GaussianNoise", slack)
    noise = layers.GaussianNoise(0.5)
    noise.stddev = 7
    path = saved(tmp_path, noise, layers.Flatten(), layers.Dense(3))
    with pytest.raises(ModelFileError, match="Keras does not take it: Invalid value received for argument `stddev`"):
        open_classifier(path)


@pytest.mark.parametrize(
    "error", [ValueError("so\nnot"), TypeError("not"), tf.errors.InvalidArgumentError(None, None, "not so")]
)
def test_what_keras_refuses_to_compute_is_refused(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    model = open_classifier(saved(tmp_path, layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3)))
    monkeypatch.setattr(model, "model", fail)
    with pytest.raises(ModelFileError, match=r"the model cannot be computed: Keras does not take it: (so )?not"):
        model.log_probabilities(np.zeros((1, 6, 6), np.uint8))


def test_too_little_memory_is_no_fault_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = open_classifier(saved(tmp_path, layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3)))

    def exhausted(*_: Any, **__: Any) -> None:
        raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating")

    monkeypatch.setattr(model, "model", exhausted)
    with pytest.raises(MemoryError, match="OOM"):
        model.log_probabilities(np.zeros((1, 6, 6), np.uint8))


def test_probabilities_that_are_not_numbers_are_refused(tmp_path: Path) -> None:
    dense = layers.Dense(3, activation="exponential", bias_initializer=keras.initializers.Constant(1e4))
    model = open_classifier(saved(tmp_path, layers.Conv2D(2, 3), layers.Flatten(), dense))
    with pytest.raises(ModelFileError, match="its probabilities are not numbers"):
        model.log_probabilities(np.zeros((1, 6, 6), np.uint8))


def convolutional(filters: int) -> list[Any]:
    """As students build them: two convolutions and a pooling, three times over."""
    parts: list[Any] = []
    for wider in (1, 2, 4):
        parts += [layers.Conv2D(wider * filters, 3, padding="same", activation="relu") for _ in range(2)]
        parts += [layers.BatchNormalization(), layers.MaxPooling2D(2, padding="same"), layers.Dropout(0.3)]
    return [*parts, layers.Flatten(), layers.Dense(512, activation="relu"), layers.Dense(10, activation="softmax")]


def test_a_large_convolutional_network_may_see_the_whole_data_set(tmp_path: Path) -> None:
    model = open_classifier(saved(tmp_path, *convolutional(128), shape=(28, 28, 1)))
    assert isinstance(model, ForeignModel)
    assert 5e8 < model.plan.products < 1e9
    refuse_endless(model, 70_000)
    assert model.batch > 32


def test_work_without_end_is_refused_before_it_begins(tmp_path: Path, tiny: Dataset) -> None:
    model = open_classifier(saved(tmp_path, layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3)))
    assert evaluate(model, tiny, model="m", path="m").test.loss > 0

    class Endless(ForeignModel):
        def work(self, images: int) -> int:
            return MOST_WORK // 70 * images

        def log_probabilities(self, images: Any) -> Any:
            raise AssertionError("computed")

    assert isinstance(model, ForeignModel)
    with pytest.raises(ModelFileError, match="72 images take the model 102,857,142,857,112 products, more than"):
        evaluate(Endless(model.model, model.plan), tiny, model="m", path="m")


@pytest.mark.parametrize(
    ("part", "products"),
    [
        (layers.Conv2D(4, 3), 4 * 4 * 4 * 9 * 2),
        (layers.Conv2D(4, (2, 3), strides=2, padding="same"), 3 * 3 * 4 * 6 * 2),
        (layers.Conv2D(4, 3, groups=2), 4 * 4 * 4 * 9 * kinds.SLOWER_IN_GROUPS),
        (layers.DepthwiseConv2D(3, depth_multiplier=5), 4 * 4 * 2 * 5 * 9),
        (layers.DepthwiseConv2D(2, strides=2, dilation_rate=2), 2 * 2 * 2 * 4 * 4),
        (layers.SeparableConv2D(7, 3, depth_multiplier=5), 4 * 4 * 2 * 5 * (9 + 7)),
        (layers.MaxPooling2D(3, strides=1), 4 * 4 * 2 * 9),
        (layers.AveragePooling2D(2), 3 * 3 * 2 * 4),
        (layers.Dense(4), 6 * 6 * 2 * 4),
        (layers.ReLU(), 0),
    ],
)
def test_products_are_counted(part: Any, products: int, tmp_path: Path) -> None:
    model = open_classifier(saved(tmp_path, part, layers.Flatten(), layers.Dense(3), shape=(6, 6, 2)))
    assert isinstance(model, ForeignModel)
    planned = model.plan.layers[0]
    assert planned.products == products + 32 * (6 * 6 * 2 + int(np.prod(planned.output)))


def test_a_wide_network_sees_few_images_at_a_time() -> None:
    wide = Architecture((4,), (Dense("wide", 1 << 20, "relu"), Dense("output", 2, "softmax")))
    shapes = ((4, 1 << 20), (1 << 20, 2))
    weights = tuple(Weights(np.zeros(shape, np.float32), np.zeros(shape[1], np.float32)) for shape in shapes)
    assert Network(wide, weights).batch == MOST_VALUES >> 20
