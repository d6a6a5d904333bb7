"""Which pixels a network gets, 0 to 255 or 0 to 1: those that it shows, whether NumPy or Keras computes it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.networks.classifier import in_batches
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.runtime import keras
from kerasnn.records.codes import Code
from kerasnn.runs.find_model import FoundModel
from kerasnn.runs.record_check import checked_evaluation
from tests.conftest import stripes

layers = keras.layers
RAW = stripes(60).images[..., None].astype("float32")


def normalised(scale: float) -> Any:
    layer = layers.Normalization()
    layer.adapt(RAW / scale)
    return layer


def batch_normalised(scale: float) -> Any:
    layer = layers.BatchNormalization()
    layer.build((None, 6, 6, 1))
    layer.moving_mean.assign([RAW.mean() / scale])
    layer.moving_variance.assign([RAW.var() / scale**2])
    return layer


FRONTS: list[tuple[list[Any], float, list[str]]] = [
    ([layers.Rescaling(1 / 255)], 1, []),
    ([layers.Rescaling(1 / 127.5, offset=-1)], 1, []),
    ([layers.Rescaling(1.0, offset=-127.5)], 1, []),
    ([layers.Rescaling(2.0, offset=-1)], 255, []),
    ([layers.Rescaling(1.0)], 255, []),
    ([layers.Rescaling(-1.0, offset=1)], 255, []),
    ([batch_normalised(1)], 1, [Code.BYTES_BY_MEAN]),
    ([batch_normalised(255)], 255, []),
    ([layers.Rescaling(255.0), batch_normalised(1)], 255, []),
    ([layers.BatchNormalization()], 255, []),
    ([normalised(1)], 1, [Code.BYTES_BY_MEAN]),
    ([normalised(255)], 255, []),
]


@pytest.mark.parametrize("convolution", [False, True])
@pytest.mark.parametrize(("front", "scale", "told"), FRONTS)
def test_a_network_gets_the_pixels_that_its_first_layers_are_made_for(
    front: list[Any], scale: float, told: list[str], convolution: bool, tmp_path: Path
) -> None:
    parts = [*front, *([layers.Conv2D(2, 3)] if convolution else []), layers.Flatten(), layers.Dense(3, "softmax")]
    assert_computed(keras.Sequential([keras.Input((6, 6, 1)), *parts]), scale, told, tmp_path)


@pytest.mark.parametrize("convolution", [False, True])
def test_a_network_of_whole_numbers_gets_bytes(convolution: bool, tmp_path: Path) -> None:
    seen = [layers.Rescaling(1.0), layers.Conv2D(2, 3)] if convolution else []
    parts = [keras.Input((6, 6, 1), dtype="uint8"), *seen, layers.Flatten(), layers.Dense(3, "softmax")]
    assert_computed(keras.Sequential(parts), 1, [Code.BYTES_BY_TYPE], tmp_path)


@pytest.mark.parametrize(
    ("scaled", "scale"),
    [
        (lambda pixels: (pixels - 127.5) / 127.5, 1),
        (lambda pixels: 255.0 - pixels, 1),
        (lambda pixels: keras.ops.multiply(pixels, 1 / 255), 1),
        (lambda pixels: keras.ops.multiply(2.0, pixels) - 1.0, 255),
        (lambda pixels: 1.0 - pixels, 255),
        (lambda pixels: pixels + pixels, 255),
    ],
)
def test_arithmetic_on_the_pixels_is_understood(scaled: Any, scale: float, tmp_path: Path) -> None:
    inputs = keras.Input((6, 6, 1))
    model = keras.Model(inputs, layers.Dense(3, "softmax")(layers.Flatten()(scaled(inputs))))
    assert_computed(model, scale, [], tmp_path)


def assert_computed(model: Any, scale: float, told: list[str], path: Path) -> None:
    """`model` is computed as Keras does it, from raw pixels divided by `scale`."""
    model.save(path / "m.keras")
    opened = open_classifier(path / "m.keras", trust=True)
    theirs = model.predict(RAW / np.float32(scale), verbose=0)
    np.testing.assert_allclose(np.exp(in_batches(stripes(60).images, opened)), theirs, atol=1e-5)
    assert [note.code for note in opened.notes] == told


@pytest.mark.parametrize("convolution", [False, True])
def test_evaluate_tells_that_a_network_would_be_right_on_other_pixels(
    convolution: bool, tiny: Dataset, tmp_path: Path
) -> None:
    parts = [*([layers.Conv2D(1, 1)] if convolution else []), layers.Reshape((3, 12)), layers.Dense(1)]
    model = keras.Sequential([keras.Input((6, 6, 1)), *parts, layers.Flatten(), layers.Dense(3, "softmax")])
    thirds = np.full((12, 1), 1 / 12)  # each third's mean brightness
    last = [thirds, np.zeros(1), np.eye(3), np.array([30, 0, 0])]  # outweighs pixels from 0 to 1
    model.set_weights([*([np.ones((1, 1, 1, 1)), np.zeros(1)] if convolution else []), *last])
    model.save(tmp_path / "m.keras")
    opened = open_classifier(tmp_path / "m.keras", trust=True)
    found = FoundModel("m", tmp_path / "m.keras", {})
    note = checked_evaluation(found, opened, tiny, named=True).notes[-1]
    right = model.predict(tiny.test.images[..., None].astype("float32"), verbose=0).argmax(axis=1) == tiny.test.labels
    assert (note.code, note.values["other"]) == (Code.OTHER_PIXELS, right.mean())
    keras.Sequential([keras.Input((6, 6, 1)), layers.Rescaling(float(note.values["scale"])), model]).save(found.path)
    mended = checked_evaluation(found, open_classifier(found.path, trust=True), tiny, named=True)
    assert mended.test.accuracy == right.mean()


@pytest.mark.parametrize("convolution", [False, True])
def test_an_exported_network_of_whole_numbers_still_shows_what_it_takes(
    convolution: bool, tiny: Dataset, tmp_path: Path
) -> None:
    seen = [layers.Rescaling(1.0), layers.Conv2D(2, 3)] if convolution else []
    parts = [keras.Input((6, 6, 1), dtype="uint8"), *seen, layers.Flatten(), layers.Dense(3, "softmax")]
    model = keras.Sequential(parts)
    model.save(tmp_path / "m.keras")
    kerasnn.export(tmp_path / "m.keras", to="keras", file=tmp_path / "again.keras", dataset=tiny, trust=True)
    again = open_classifier(tmp_path / "again.keras", trust=True)
    np.testing.assert_allclose(
        np.exp(in_batches(stripes(60).images, again)), model.predict(RAW.astype("uint8"), verbose=0), atol=1e-4
    )
