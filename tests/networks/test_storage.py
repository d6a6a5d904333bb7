"""Model files: what was saved is read back without Keras; what is no model is refused."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from kerasnn.networks.foreign import ForeignModel, network_of
from kerasnn.networks.storage import open_classifier, read_architecture, save_keras, save_linear, summarise

from kerasnn.errors import ModelFileError
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.architecture import Architecture, design
from kerasnn.networks.builders import build
from kerasnn.networks.classifier import in_batches
from kerasnn.networks.forward import Network
from kerasnn.networks.linear import OneVsRest
from kerasnn.networks.runtime import keras
from kerasnn.records import ParameterCount
from tests.conftest import stripes


def small(**overrides: Any) -> Architecture:
    settings, _ = resolve(find_stage("dropout"), {"hidden": [5, 4], **overrides})
    return design(settings, image_shape=(6, 6), classes=3)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    save_keras(build(small()), tmp_path / "모형 1.keras")
    return tmp_path / "모형 1.keras"


def test_a_network_comes_back(tmp_path: Path) -> None:
    model = build(small())
    save_keras(model, tmp_path / "m.keras")
    back = open_classifier(tmp_path / "m.keras")
    images = stripes(20).images
    assert isinstance(back, Network)
    assert back.architecture == small() == read_architecture(tmp_path / "m.keras")
    assert (in_batches(images, back) == in_batches(images, network_of(model, small()))).all()


def test_one_vs_rest_comes_back(tmp_path: Path) -> None:
    model = OneVsRest(np.arange(12, dtype=np.float32).reshape(3, 4), np.ones(3, np.float32))
    save_linear(model, tmp_path / "m.npz")
    back = open_classifier(tmp_path / "m.npz")
    assert isinstance(back, OneVsRest)
    assert (back.coefficients == model.coefficients).all()
    assert (back.classes, back.input_size, back.parameters) == (3, 4, 15)


def test_saving_leaves_no_draft(saved: Path) -> None:
    save_keras(build(small()), saved)
    assert [path.name for path in saved.parent.iterdir() if path.is_file()] == [saved.name]


@pytest.mark.parametrize(
    "layers",
    [
        [keras.layers.Conv2D(2, 3), keras.layers.Flatten()],
        [keras.layers.Rescaling(1 / 255), keras.layers.Flatten()],
        [keras.layers.Flatten(), keras.layers.Dense(4, use_bias=False)],
        [keras.layers.Flatten(), keras.layers.Dense(4), keras.layers.ReLU()],
    ],
)
def test_other_layers_go_through_keras(tmp_path: Path, layers: list[Any]) -> None:
    model = keras.Sequential([keras.Input((6, 6, 1)), *layers, keras.layers.Dense(3, activation="softmax")])
    model.save(tmp_path / "m.keras")
    back = open_classifier(tmp_path / "m.keras")
    assert isinstance(back, ForeignModel)
    images = stripes(10).images
    scale = 1 if isinstance(layers[0], keras.layers.Rescaling) else 255
    theirs = model.predict(images[..., None].astype("float32") / scale, verbose=0)
    assert np.abs(np.exp(in_batches(images, back)) - theirs).max() < 1e-5
    assert back.parameters == model.count_params()


def branches(inputs: Any) -> Any:
    layers = keras.layers
    image = layers.ZeroPadding2D(1)(layers.Reshape((6, 6, 1))(inputs))
    wide = layers.Conv2D(4, 3, strides=2, padding="same", activation="relu")(image)
    deep = layers.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=4)(image)
    both = layers.Concatenate()([layers.Add()([wide, deep]), layers.Average()([wide, deep])])
    pooled = layers.MaxPooling2D(2)(layers.LeakyReLU(0.1)(layers.BatchNormalization()(both)))
    narrow = layers.SeparableConv2D(5, 2, depth_multiplier=2)(layers.SpatialDropout2D(0.2)(pooled))
    known = layers.GlobalAveragePooling2D()(layers.ELU()(layers.LayerNormalization()(narrow)))
    return layers.Softmax()(layers.Dense(3)(layers.Activation("tanh")(layers.GaussianNoise(0.1)(known))))


def test_a_network_with_branches_is_rebuilt(tmp_path: Path) -> None:
    inputs = keras.Input((6, 6))
    model = keras.Model(inputs, branches(inputs))
    model.set_weights([np.random.RandomState(0).uniform(0.1, 1, weight.shape) for weight in model.get_weights()])
    model.save(tmp_path / "m.keras")
    images = stripes(10).images
    theirs = model.predict(images.astype("float32") / 255, verbose=0)
    assert np.abs(np.exp(in_batches(images, open_classifier(tmp_path / "m.keras"))) - theirs).max() < 1e-5


def test_a_foreign_network_is_summarised_without_keras_as_keras_does(tmp_path: Path) -> None:
    inputs = keras.Input((6, 6))
    model = keras.Model(inputs, branches(inputs))
    model.save(tmp_path / "m.keras")
    summary = summarise(tmp_path / "m.keras", "mine")
    assert summary.stage == "mine"
    shapes = [tuple(layer.output.shape) for layer in model.layers[1:]]
    assert [layer.output_shape for layer in summary.layers] == shapes
    assert [layer.parameters for layer in summary.layers] == [layer.count_params() for layer in model.layers[1:]]
    trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert summary.parameters == ParameterCount(model.count_params(), trainable, model.count_params() - trainable)


@pytest.mark.parametrize(
    ("shape", "layers", "words"),
    [
        ((6, 6), [keras.layers.LSTM(2)], "has a layer LSTM, which is not on the list"),
        ((None, 4), [keras.layers.Dense(2)], "takes images of shape [None, 4]"),
        ((6, 6), [keras.layers.Dense(2)], "gives values of shape (6, 2)"),
        ((6, 6), [keras.layers.Flatten(), keras.layers.Dense(2, dtype="float16")], "is not float32"),
        ((6, 6), [keras.layers.Flatten(), keras.layers.Dropout(0.1, noise_shape=(None, 1))], "noise_shape"),
    ],
)
def test_a_model_that_cannot_be_opened_is_refused(
    tmp_path: Path, shape: tuple[int | None, ...], layers: list[Any], words: str
) -> None:
    keras.Sequential([keras.Input(shape), *layers]).save(tmp_path / "m.keras")
    with pytest.raises(ModelFileError) as caught:
        open_classifier(tmp_path / "m.keras")
    assert words in caught.value.message


def test_images_of_another_size_are_refused(saved: Path) -> None:
    with pytest.raises(ModelFileError, match="takes images of 36 pixels, and these are 5 x 5"):
        in_batches(np.zeros((1, 5, 5), np.uint8), open_classifier(saved))


def repacked(path: Path, change: Callable[[dict[str, bytes]], None], compression: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def edit_weights(members: dict[str, bytes], edit: Callable[[h5py.File], None]) -> None:
    content = io.BytesIO(members["model.weights.h5"])
    with h5py.File(content, "r+") as file:
        edit(file)
    members["model.weights.h5"] = content.getvalue()


def wrong_shape(file: h5py.File) -> None:
    del file["layers/dense/vars/0"]
    file["layers/dense/vars/0"] = np.zeros((2, 2), np.float32)


def not_a_number(file: h5py.File) -> None:
    file["layers/dense/vars/1"][0] = np.nan


def more_units(members: dict[str, bytes]) -> None:
    config = json.loads(members["config.json"])
    config["config"]["layers"][2]["config"]["units"] = 600_000
    members["config.json"] = json.dumps(config).encode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda members: members.pop("metadata.json"), "it holds"),
        (lambda members: members.update({"extra": b""}), "too many"),
        (lambda members: members.update({"config.json": b"{"}), "no model"),
        (lambda members: members.update({"config.json": b"[" * 5_000_000}), "its config.json is 5,000,000 bytes"),
        (lambda members: members.update({"model.weights.h5": b"nothing"}), "no model"),
        (
            lambda members: edit_weights(members, wrong_shape),
            "are of shape (2, 2) where its configuration says (36, 5)",
        ),
        (lambda members: edit_weights(members, not_a_number), "not numbers"),
        (
            lambda members: edit_weights(members, lambda file: file.pop("layers/dense_2")),
            "layers/dense_2/vars/0 are missing",
        ),
        (more_units, "was built for [None, 5] and receives [(600000,)]"),
    ],
)
def test_a_changed_file_is_refused(saved: Path, change: Callable[[dict[str, bytes]], None], words: str) -> None:
    repacked(saved, change)
    with pytest.raises(ModelFileError) as caught:
        open_classifier(saved)
    assert words in caught.value.message


def test_a_compressed_file_is_refused(saved: Path) -> None:
    repacked(saved, lambda members: None, zipfile.ZIP_DEFLATED)
    with pytest.raises(ModelFileError, match="compressed"):
        open_classifier(saved)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", b"\x93NUMPY"])
def test_what_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.keras").write_bytes(content)
    with pytest.raises(ModelFileError, match="no model"):
        open_classifier(tmp_path / "m.keras")


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="is not there"):
        open_classifier(tmp_path / "m.keras")
    with pytest.raises(ModelFileError, match="is not a file"):
        open_classifier(tmp_path)


@pytest.mark.parametrize(
    ("coefficients", "intercepts"),
    [
        (np.zeros(4, np.float32), np.zeros(4, np.float32)),
        (np.zeros((3, 4), np.float32), np.zeros(2, np.float32)),
        (np.zeros((3, 4)), np.zeros(3)),
        (np.full((3, 4), np.nan, np.float32), np.zeros(3, np.float32)),
    ],
)
def test_coefficients_of_the_wrong_form_are_refused(tmp_path: Path, coefficients: Any, intercepts: Any) -> None:
    np.savez(tmp_path / "m.npz", coefficients=coefficients, intercepts=intercepts)
    with pytest.raises(ModelFileError):
        open_classifier(tmp_path / "m.npz")
