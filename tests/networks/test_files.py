"""Model files with the lecture's layers are computed as in Keras, whoever saved them; all others are refused."""

import io
import json
import pickle
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from kerasnn.errors import ModelFileError
from kerasnn.lecture.layers import Dense
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.architecture import Architecture, design
from kerasnn.networks.builders import build, network_of, save_keras
from kerasnn.networks.classifier import Classifier, in_batches
from kerasnn.networks.files.archive import save_linear
from kerasnn.networks.files.config import MOST_PARAMETERS, MOST_PRODUCTS, MOST_VALUES
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.forward import Network, OneVsRest
from kerasnn.networks.runtime import keras
from kerasnn.records import ParameterCount
from kerasnn.records.codes import Code
from kerasnn.records.note import sentence
from tests.conftest import stripes

layers = keras.layers


def small(**overrides: Any) -> Architecture:
    settings, _ = resolve(find_stage("dropout"), {"hidden": [5, 4], **overrides})
    return design(settings, image_shape=(6, 6), classes=3)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    save_keras(build(small()), tmp_path / "모형 1.keras")
    return tmp_path / "모형 1.keras"


def probabilities(classifier: Classifier, count: int = 10) -> Any:
    return np.exp(in_batches(stripes(count).images, classifier))


def at_random(model: Any) -> Any:
    """`model` with random positive weights, so that none of them is without effect."""
    random = np.random.RandomState(0)
    model.set_weights([random.uniform(0.1, 1, weight.shape) for weight in model.get_weights()])
    return model


def images_for(model: Any, scale: float = 255, count: int = 10) -> Any:
    images = stripes(count).images.astype("float32") / np.float32(scale)
    return images.reshape(count, *model.input_shape[1:])


# --- what kerasnn saves


def test_a_network_comes_back(tmp_path: Path) -> None:
    model = build(small())
    save_keras(model, tmp_path / "m.keras")
    back = open_classifier(tmp_path / "m.keras")
    images = stripes(20).images
    assert isinstance(back, Network)
    assert back.architecture == small()
    assert back.notes == ()
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


# --- what others save: Keras itself tells what is right


def inside_a_model() -> Any:
    """As TensorFlow's tutorial for beginners builds it."""
    inner = keras.Sequential(
        [keras.Input((6, 6)), layers.Flatten(), layers.Dense(5), layers.BatchNormalization(), layers.Dense(3)]
    )
    inner.layers[1].trainable = False
    return keras.Sequential([keras.Input((6, 6)), layers.Rescaling(2.0), inner, layers.Softmax()])


def functional(*parts: Any) -> Any:
    inputs = keras.Input((6, 6))
    values = inputs
    for part in parts:
        values = part(values)
    return keras.Model(inputs, values)


def sequential(*parts: Any, shape: tuple[int | None, ...] = (6, 6)) -> Any:
    return keras.Sequential([keras.Input(shape), *parts])


def deep_functional() -> Any:
    inner = functional(layers.Flatten(), layers.Dense(7, "selu"), layers.BatchNormalization(), layers.Dense(4, "gelu"))
    return functional(inner, layers.Dropout(0.3), layers.BatchNormalization(), layers.Dense(3, "softmax"))


INNER = "functional inside a functional"
READ: dict[str, Callable[[], Any]] = {
    "functional": lambda: functional(layers.Flatten(), layers.Dense(4, "relu"), layers.Dense(3, "softmax")),
    "model inside a model": inside_a_model,
    INNER: deep_functional,
    "no bias": lambda: sequential(
        layers.Flatten(), layers.Dense(4, use_bias=False), layers.Dense(3, activation="softmax")
    ),
    "activations as layers": lambda: sequential(
        *(layers.Flatten(), layers.Dense(4), layers.ReLU(max_value=2.0), layers.Dense(4), layers.LeakyReLU(0.1)),
        *(layers.Dense(4), layers.ELU(0.5), layers.Dense(3), layers.Activation("softmax")),
    ),
    "normalised": lambda: sequential(
        *(layers.BatchNormalization(), layers.Flatten(), layers.Dense(4), layers.BatchNormalization(scale=False)),
        *(layers.BatchNormalization(center=False), layers.Dense(3, activation="softmax")),
    ),
    "reshaped, with a channel": lambda: sequential(
        *(layers.Reshape((36,)), layers.Dense(3, activation="softmax"), layers.Dropout(0.2)), shape=(6, 6, 1)
    ),
    "a dropout of columns": lambda: sequential(
        layers.Flatten(), layers.Dropout(0.3, noise_shape=(None, 36)), layers.Dense(3, "softmax")
    ),
    "dense on rows": lambda: sequential(layers.Dense(4, "relu"), layers.Flatten(), layers.Dense(3, "softmax")),
    "flattened after softmax": lambda: sequential(
        layers.Reshape((1, 36)), layers.Dense(3, activation="softmax"), layers.Flatten()
    ),
}


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.parametrize("name", READ)
@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
def test_a_model_is_computed_as_keras_does(name: str, suffix: str, tmp_path: Path) -> None:
    model = at_random(READ[name]())
    model.save(tmp_path / f"m{suffix}")
    back = open_classifier(tmp_path / f"m{suffix}")
    assert isinstance(back, Network)
    theirs = model.predict(images_for(model), verbose=0)
    np.testing.assert_allclose(probabilities(back), theirs, atol=1e-5)
    assert back.parameters == model.count_params()


def test_an_input_and_an_output_may_have_names(tmp_path: Path) -> None:
    inputs = keras.Input((6, 6), name="image")
    outputs = layers.Dense(3, activation="softmax")(layers.Flatten()(inputs))
    model = at_random(keras.Model({"image": inputs}, {"kind": outputs}))
    model.save(tmp_path / "m.keras")
    theirs = model.predict({"image": stripes(10).images.astype("float32") / 255}, verbose=0)["kind"]
    np.testing.assert_allclose(probabilities(open_classifier(tmp_path / "m.keras")), theirs, atol=1e-5)


def frozen(make: Callable[[], Any], *places: int) -> Any:
    model = make()
    for place in places:
        model.layers[place].trainable = False
    return model


def all_layers(model: Any) -> list[Any]:
    return [leaf for layer in model.layers for leaf in (all_layers(layer) if hasattr(layer, "layers") else [layer])]


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.parametrize(
    ("name", "places"), [("normalised", []), ("normalised", [0, 2]), ("model inside a model", []), (INNER, [1])]
)
@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
def test_a_summary_counts_as_keras_does(name: str, places: list[int], suffix: str, tmp_path: Path) -> None:
    model = frozen(READ[name], *places)
    model.save(tmp_path / f"m{suffix}")
    summary = open_classifier(tmp_path / f"m{suffix}").summary("mine")
    assert summary.stage == "mine"
    leaves = [layer for layer in all_layers(model) if not isinstance(layer, layers.InputLayer)]
    assert [layer.output_shape for layer in summary.layers] == [tuple(layer.output.shape) for layer in leaves]
    assert [layer.parameters for layer in summary.layers] == [layer.count_params() for layer in leaves]
    told = [layer.formula.endswith(", frozen") for layer in summary.layers]
    assert told == [bool(layer.weights) and not layer.trainable for layer in leaves]
    trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert summary.parameters == ParameterCount(model.count_params(), trainable, model.count_params() - trainable)


@pytest.mark.parametrize("rescaling", [layers.Rescaling(1 / 255), layers.Rescaling(1 / 127.5, offset=-1)])
def test_a_network_that_divides_by_255_itself_receives_bytes(rescaling: Any, tmp_path: Path) -> None:
    model = at_random(sequential(rescaling, layers.Flatten(), layers.Dense(3, activation="softmax")))
    model.save(tmp_path / "m.keras")
    theirs = model.predict(images_for(model, scale=1), verbose=0)
    np.testing.assert_allclose(probabilities(open_classifier(tmp_path / "m.keras")), theirs, atol=1e-5)


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        ([layers.Dense(3)], keras.ops.softmax),
        ([layers.Dense(3, activation="log_softmax")], keras.ops.exp),
        ([layers.Dense(2, activation="softmax")], lambda outputs: outputs),
        ([layers.Dense(3), layers.Rescaling(1 / 20)], keras.ops.softmax),
        ([layers.Dense(3), layers.Rescaling(1 / 20), layers.Softmax()], lambda outputs: outputs),
        ([layers.Dense(1, activation="sigmoid")], lambda outputs: np.hstack([1 - outputs, outputs])),
        ([layers.Dense(1), layers.Activation("sigmoid")], lambda outputs: np.hstack([1 - outputs, outputs])),
        ([layers.Dense(1)], lambda outputs: keras.ops.softmax(np.hstack([0 * outputs, outputs]))),
        ([layers.Dense(3), layers.Activation("linear"), layers.Dropout(0.1)], keras.ops.softmax),
        ([layers.Dense(3), layers.Activation("sigmoid")], lambda outputs: outputs / outputs.sum(axis=1, keepdims=True)),
        (
            [layers.Dense(3, activation="sigmoid")],
            lambda outputs: outputs / outputs.sum(axis=1, keepdims=True),
        ),
    ],
)
def test_other_endings_become_probabilities(ending: list[Any], expected: Any, tmp_path: Path) -> None:
    model = sequential(layers.Flatten(), *ending)
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), optimizer="adam")
    model.save(tmp_path / "m.keras")
    back = open_classifier(tmp_path / "m.keras")
    ours, theirs = probabilities(back), model.predict(images_for(model), verbose=0)
    np.testing.assert_allclose(ours, np.asarray(expected(theirs)), atol=1e-5)
    np.testing.assert_allclose(ours.sum(axis=1), 1, atol=1e-5)
    sigmoid = "sigmoid" in json.dumps(model.get_config()) and model.output_shape[1] > 1
    assert ["divided by their sum" in sentence(note) for note in back.notes] == [True] * sigmoid


def test_a_sequential_without_an_input_takes_any_number_of_images(tmp_path: Path) -> None:
    model = keras.Sequential([layers.Flatten(), layers.Dense(3, activation="softmax")])
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
    model.fit(stripes(32).images / 255, stripes(32).labels, batch_size=16, verbose=0)
    model.save(tmp_path / "m.keras")
    assert model.get_config()["layers"][0]["config"]["batch_shape"] != [None, 6, 6]
    back = open_classifier(tmp_path / "m.keras")
    theirs = np.asarray(model(stripes(5).images.astype("float32") / 255))
    np.testing.assert_allclose(probabilities(back, 5), theirs, atol=1e-5)


def test_what_changes_no_prediction_is_not_looked_at(tmp_path: Path) -> None:
    class Mine(keras.regularizers.Regularizer):  # type: ignore[misc]  # Keras is untyped
        def get_config(self) -> dict[str, Any]:
            return {}

    def my_loss(truth: Any, outputs: Any) -> Any:
        return keras.ops.mean(truth - outputs)

    model = sequential(layers.Flatten(), layers.Dense(3, "softmax", kernel_regularizer=Mine()))
    model.compile(loss=my_loss, optimizer="adam", metrics=[my_loss])
    model.save(tmp_path / "m.keras")
    theirs = model.predict(images_for(model), verbose=0)
    np.testing.assert_allclose(probabilities(open_classifier(tmp_path / "m.keras")), theirs, atol=1e-5)


# --- other releases, imitated: each of them kept its configuration in a form of its own


def repacked(path: Path, change: Callable[[dict[str, bytes]], None], compression: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def with_config(path: Path, change: Callable[[Any], None]) -> None:
    def edit(members: dict[str, bytes]) -> None:
        config = json.loads(members["config.json"])
        change(config)
        members["config.json"] = json.dumps(config).encode()

    repacked(path, edit)


def layer_configs(config: Any) -> list[Any]:
    return list(config["config"]["layers"])


def as_keras_3_0(config: Any) -> None:
    """Modules as they are called within Keras, every class registered, policies by their names."""
    config["module"] = "keras.src.models.sequential"
    for entry in [config, *layer_configs(config)]:
        entry["registered_name"] = entry["class_name"]
        entry["config"]["dtype"] = "float32"
    for entry in layer_configs(config):
        entry["module"] = f"keras.src.layers.core.{entry['class_name'].lower()}"
        entry.pop("build_config", None)
        for option in ("quantization_config", "optional", "ragged", "renorm"):
            entry["config"].pop(option, None)


def as_later(config: Any) -> None:
    """Options that later releases add, switched off."""
    for entry in layer_configs(config):
        entry["config"]["option_of_the_future"] = None


@pytest.mark.parametrize("change", [as_keras_3_0, as_later])
def test_any_release_of_keras_3_is_read(change: Callable[[Any], None], tmp_path: Path) -> None:
    model = at_random(READ["normalised"]())
    model.save(tmp_path / "m.keras")
    with_config(tmp_path / "m.keras", change)
    theirs = model.predict(images_for(model), verbose=0)
    np.testing.assert_allclose(probabilities(open_classifier(tmp_path / "m.keras")), theirs, atol=1e-5)


@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
def test_an_h5_of_keras_2_is_read(tmp_path: Path) -> None:
    """Keras 2 had no module names, told the shape in `batch_input_shape`, listed axes, and called a slope alpha."""
    model = at_random(
        sequential(
            *(layers.Flatten(), layers.Dense(4), layers.LeakyReLU(0.1), layers.BatchNormalization()),
            layers.Dense(3, activation="softmax"),
        )
    )
    path = tmp_path / "m.h5"
    model.save(path)
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        first, *rest = layer_configs(config)
        config["config"]["layers"] = rest
        rest[0]["config"]["batch_input_shape"] = first["config"]["batch_shape"]
        rest[2]["config"]["alpha"] = rest[2]["config"].pop("negative_slope")
        rest[3]["config"]["axis"] = [1]
        for entry in rest:
            entry["config"]["dtype"] = "float32"
        config["config"].pop("build_input_shape")
        file.attrs["model_config"] = np.bytes_(json.dumps(config))
    theirs = model.predict(images_for(model), verbose=0)
    np.testing.assert_allclose(probabilities(open_classifier(path)), theirs, atol=1e-5)


def test_a_keras_file_of_keras_2_is_told_and_tried_on_the_users_word(saved: Path) -> None:
    repacked(saved, lambda members: members.update({"metadata.json": b'{"keras_version": "2.15.0"}'}))
    with pytest.raises(ModelFileError, match="Keras 2 wrote it") as caught:
        open_classifier(saved)
    assert "model.h5" in caught.value.message
    assert isinstance(open_classifier(saved, trust=True), Network)


def test_weights_alone_are_told(tmp_path: Path) -> None:
    build(small()).save_weights(tmp_path / "m.weights.h5")
    with pytest.raises(ModelFileError, match="weights without the network"):
        open_classifier(tmp_path / "m.weights.h5")


# --- what is refused


def two_ways() -> Any:
    inputs = keras.Input((6, 6))
    flat = layers.Flatten()(inputs)
    return keras.Model(inputs, layers.Softmax()(layers.Add()([layers.Dense(3)(flat), layers.Dense(3)(flat)])))


@keras.saving.register_keras_serializable("mine")  # type: ignore[untyped-decorator]  # Keras is untyped
def my_activation(values: Any) -> Any:
    return values


def activated(activation: Any) -> Any:
    return sequential(layers.Flatten(), layers.Dense(4, activation), layers.Dense(3, "softmax"))


def called_in_training() -> Any:
    inputs = keras.Input((6, 6))
    dropped = layers.Dropout(0.5)(layers.Flatten()(inputs), training=True)
    return keras.Model(inputs, layers.Dense(3, activation="softmax")(dropped))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: sequential(layers.LSTM(2), layers.Dense(3, "softmax")), "is a LSTM, which the lecture does not have"),
        (lambda: sequential(layers.Dense(2), shape=(None, 4)), "takes images of shape [None, 4]"),
        (lambda: sequential(layers.Flatten(), layers.Dense(2, "softmax", dtype="float16")), "is not float32"),
        (lambda: activated(layers.LeakyReLU(negative_slope=0.1)), "has activation LeakyReLU"),
        (lambda: activated(my_activation), "has activation mine>my_activation"),
        (lambda: activated(lambda values: values), "has activation lambda"),
        (lambda: sequential(layers.Flatten(), layers.Dense(3, "mish"), layers.Dense(3)), "has activation mish"),
        (two_ways, "its layers are not a chain"),
        (called_in_training, "its layers are not a chain"),
    ],
)
@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`")
def test_what_the_lecture_does_not_have_is_refused_by_name(make: Callable[[], Any], words: str, tmp_path: Path) -> None:
    make().save(tmp_path / "m.keras")
    with pytest.raises(ModelFileError) as caught:
        open_classifier(tmp_path / "m.keras")
    assert words in caught.value.message
    assert "--trust" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("parts", "loss"),
    [
        ([layers.Flatten(), layers.Dense(1)], "mse"),
        ([layers.Flatten(), layers.Dense(1)], "binary_accuracy"),
        ([layers.Flatten(), layers.Dense(1, "softmax")], "binary_crossentropy"),
        ([layers.Flatten(), layers.Dense(3, "softmax"), layers.Rescaling(0.5)], "categorical_crossentropy"),
        ([layers.Flatten(), layers.Dense(6), layers.Reshape((2, 3)), layers.Softmax()], "categorical_crossentropy"),
        ([layers.Flatten(), layers.Dense(3, "relu")], "sparse_categorical_crossentropy"),
        ([layers.Flatten(), layers.Dense(3), layers.BatchNormalization()], "sparse_categorical_crossentropy"),
        ([layers.Dense(2, "softmax")], "sparse_categorical_crossentropy"),
        ([layers.Flatten(), layers.Dense(10_001, "softmax")], "sparse_categorical_crossentropy"),
    ],
)
def test_what_is_no_classifier_is_refused(parts: list[Any], loss: Any, tmp_path: Path) -> None:
    model = sequential(*parts)
    model.compile(loss=loss, optimizer="adam")
    model.save(tmp_path / "m.keras")
    with pytest.raises(ModelFileError, match="it is not a classifier: it ends in"):
        open_classifier(tmp_path / "m.keras")


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.parametrize(
    ("loss", "told"),
    [
        (["mse"], "mse"),
        ({"o": "mse"}, "mse"),
        ({"o": keras.losses.MeanSquaredError()}, "mean_squared_error"),
        (keras.losses.MeanSquaredError(name="my_loss"), "mean_squared_error"),
        (keras.losses.mean_squared_error, "mean_squared_error"),
        ("MSE", "mse"),
        ("logcosh", "logcosh"),
        (keras.losses.LogCosh(), "log_cosh"),
        ("cosine_similarity", "cosine_similarity"),
    ],
)
@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
def test_a_regression_is_refused_however_its_loss_is_named(loss: Any, told: str, suffix: str, tmp_path: Path) -> None:
    model = sequential(layers.Flatten(), layers.Dense(3, name="o"))
    model.compile(loss=loss, optimizer="adam")
    model.save(tmp_path / f"m{suffix}")
    with pytest.raises(ModelFileError, match=f"it is not a classifier: its loss, {told}, is one"):
        open_classifier(tmp_path / f"m{suffix}")


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.parametrize(
    "loss",
    [
        *(["binary_crossentropy"], {"o": "binary_crossentropy"}),
        {"o": keras.losses.BinaryCrossentropy(from_logits=True)},
        keras.losses.BinaryCrossentropy(from_logits=True, name="bce"),
    ],
)
@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
def test_one_logit_is_a_classifier_however_its_loss_is_named(loss: Any, suffix: str, tmp_path: Path) -> None:
    model = at_random(sequential(layers.Flatten(), layers.Dense(1, name="o")))
    model.compile(loss=loss, optimizer="adam")
    model.save(tmp_path / f"m{suffix}")
    theirs = keras.ops.sigmoid(model.predict(images_for(model), verbose=0))
    back = open_classifier(tmp_path / f"m{suffix}")
    np.testing.assert_allclose(probabilities(back)[:, 1:], theirs, atol=1e-5)
    assert back.notes == ()


@pytest.mark.parametrize(
    ("last", "loss"),
    [
        (layers.Dense(3), "mean_squared_error"),
        (layers.Dense(36, "sigmoid"), keras.losses.MeanSquaredError()),
    ],
)
def test_a_regression_is_refused_for_its_loss(last: Any, loss: Any, tmp_path: Path) -> None:
    model = sequential(layers.Flatten(), last)
    model.compile(loss=loss, optimizer="adam")
    model.save(tmp_path / "m.keras")
    with pytest.raises(ModelFileError, match="it is not a classifier: its loss, mean_squared_error,"):
        open_classifier(tmp_path / "m.keras")


def test_an_autoencoder_is_refused(tmp_path: Path) -> None:
    model = sequential(layers.Flatten(), layers.Dense(4, "relu"), layers.Dense(36, "sigmoid"))
    model.compile(loss="binary_crossentropy", optimizer="adam")
    model.save(tmp_path / "m.keras")
    with pytest.raises(ModelFileError, match="it gives one value per pixel"):
        open_classifier(tmp_path / "m.keras")


def test_sigmoids_that_learnt_with_squared_errors_are_a_classifier(tmp_path: Path) -> None:
    model = at_random(sequential(layers.Flatten(), layers.Dense(3, "sigmoid")))
    model.compile(loss="mse", optimizer="adam")
    model.save(tmp_path / "m.keras")
    theirs = model.predict(images_for(model), verbose=0)
    ours = probabilities(open_classifier(tmp_path / "m.keras"))
    np.testing.assert_allclose(ours, theirs / theirs.sum(axis=1, keepdims=True), atol=1e-5)


@pytest.mark.parametrize(
    ("last", "loss", "told"),
    [
        (layers.Dense(3), None, [Code.ASSUMED_LOGITS]),
        (layers.Dense(3), keras.losses.SparseCategoricalCrossentropy(from_logits=True), []),
        (layers.Dense(3, "softmax"), None, []),
        (layers.Dense(1, "sigmoid"), None, []),
    ],
)
@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
def test_what_the_file_does_not_say_is_told_as_an_assumption(
    last: Any, loss: Any, told: list[str], suffix: str, tmp_path: Path
) -> None:
    model = keras.models.clone_model(sequential(layers.Flatten(), last))
    if loss is not None:
        model.compile(loss=loss, optimizer="adam")
    model.save(tmp_path / f"m{suffix}")
    assert [note.code for note in open_classifier(tmp_path / f"m{suffix}").notes] == told


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "bfloat16", "float16"])
def test_half_precision_is_left_to_keras(policy: str, tmp_path: Path) -> None:
    model = at_random(sequential(layers.Flatten(dtype=policy), layers.Dense(3, "softmax", dtype=policy)))
    model.save(tmp_path / "m.keras")
    with pytest.raises(ModelFileError, match="is not float32"):
        open_classifier(tmp_path / "m.keras")
    theirs = np.asarray(model.predict(images_for(model), verbose=0), np.float32)
    ours = probabilities(open_classifier(tmp_path / "m.keras", trust=True))
    np.testing.assert_allclose(ours, theirs, atol=2e-2)
    np.testing.assert_allclose(ours.sum(axis=1), 1, atol=1e-5)


def test_a_class_registered_by_someone_is_not_kerass(saved: Path) -> None:
    with_config(saved, lambda config: config["config"]["layers"][2].update(registered_name="mine>Dense"))
    with pytest.raises(ModelFileError, match=r"is a mine>Dense, which the lecture does not have"):
        open_classifier(saved)


@pytest.mark.parametrize(
    ("parts", "shape", "words"),
    [
        ([layers.Dense(2)], (1001, 1000), "one image becomes 1,001,000 values in it, more than 1,000,000"),
        ([layers.Dense(1000), layers.Dense(1000)], (500, 1), "multiplications for one image, more than 200,000,000"),
    ],
)
def test_what_would_take_too_long_is_refused(
    parts: list[Any], shape: tuple[int, ...], words: str, tmp_path: Path
) -> None:
    sequential(*parts, shape=shape).save(tmp_path / "m.keras")
    with pytest.raises(ModelFileError) as caught:
        open_classifier(tmp_path / "m.keras")
    assert words in caught.value.message


def test_the_limits_leave_room_for_large_networks_of_the_lecture() -> None:
    large = Architecture((784,), (Dense("a", 5000, "relu"), Dense("b", 5000, "relu"), Dense("c", 10, "softmax")))
    assert large.parameters < MOST_PARAMETERS
    assert large.products < MOST_PRODUCTS
    assert large.widest < MOST_VALUES


def test_weights_that_overflow_give_no_numbers_and_no_warning(tmp_path: Path) -> None:
    model = sequential(layers.Flatten(), layers.Dense(5), layers.Dense(3, "softmax"))
    model.set_weights([np.full(weight.shape, 3e38, np.float32) for weight in model.get_weights()])
    model.save(tmp_path / "m.keras")
    with pytest.raises(ModelFileError, match="values that are not finite numbers"):
        probabilities(open_classifier(tmp_path / "m.keras"))


@pytest.mark.parametrize(
    ("shape", "images", "takes"),
    [
        ((6, 6), (5, 5), "images of 6 x 6"),
        ((3, 12), (6, 6), "images of 3 x 12"),
        ((3, 3, 4), (6, 6), "images of 3 x 3 x 4"),
        ((36,), (5, 5), "images of 36 pixels"),
    ],
)
def test_images_of_another_shape_are_refused(
    shape: tuple[int, ...], images: tuple[int, int], takes: str, tmp_path: Path
) -> None:
    sequential(layers.Flatten(), layers.Dense(3), shape=shape).save(tmp_path / "m.keras")
    with pytest.raises(ModelFileError, match=f"takes {takes}, and these are {images[0]} x {images[1]}"):
        in_batches(np.zeros((1, *images), np.uint8), open_classifier(tmp_path / "m.keras"))


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


def shorter_mantissa(file: h5py.File) -> None:
    """Four bytes that mean another number than as float32, which h5py would convert."""
    kind = h5py.h5t.IEEE_F32LE.copy()
    kind.set_fields(31, 23, 8, 0, 16)
    del file["layers/dense/vars/1"]
    array = h5py.h5d.create(file["layers/dense/vars"].id, b"1", kind, h5py.h5s.create_simple((5,)))
    array.write(h5py.h5s.ALL, h5py.h5s.ALL, np.ones(5, np.float32))


def more_units(members: dict[str, bytes]) -> None:
    config = json.loads(members["config.json"])
    config["config"]["layers"][2]["config"]["units"] = 600_000
    members["config.json"] = json.dumps(config).encode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda members: members.pop("metadata.json"), "it holds"),
        (lambda members: members.update({"extra": b""}), "more parts"),
        (lambda members: members.update({"config.json": b"{"}), "not a model"),
        (lambda members: members.update({"config.json": b"[" * 5_000_000}), "its config.json is 5,000,000 bytes"),
        (lambda members: members.update({"model.weights.h5": b"nothing"}), "not a model"),
        (
            lambda members: edit_weights(members, wrong_shape),
            "are of shape (2, 2) where its configuration says (36, 5)",
        ),
        (lambda members: edit_weights(members, not_a_number), "not numbers"),
        (lambda members: edit_weights(members, shorter_mantissa), "does not hold numbers"),
        (
            lambda members: edit_weights(members, lambda file: file.pop("layers/dense_2")),
            "layers/dense_2/vars/0 are missing",
        ),
        (more_units, "are of shape (36, 5) where its configuration says (36, 600000)"),
    ],
)
def test_a_changed_file_is_refused(saved: Path, change: Callable[[dict[str, bytes]], None], words: str) -> None:
    repacked(saved, change)
    with pytest.raises(ModelFileError) as caught:
        open_classifier(saved)
    assert words in caught.value.message


def test_a_compressed_file_is_left_to_keras(saved: Path) -> None:
    repacked(saved, lambda members: None, zipfile.ZIP_DEFLATED)
    with pytest.raises(ModelFileError, match=r"compressed.*zip -0") as caught:
        open_classifier(saved)
    assert "--trust" in str(caught.value.hint)
    theirs = keras.saving.load_model(saved, compile=False)
    expected = theirs.predict(images_for(theirs), verbose=0)
    np.testing.assert_allclose(probabilities(open_classifier(saved, trust=True)), expected, atol=1e-5)


def big_endian(file: h5py.File) -> None:
    for place in ("layers/dense/vars/0", "layers/dense_2/vars/1"):
        values = file[place][:]
        del file[place]
        file[place] = values.astype(">f4")


def test_weights_of_a_big_endian_machine_are_read(saved: Path) -> None:
    expected = probabilities(open_classifier(saved))
    repacked(saved, lambda members: edit_weights(members, big_endian))
    theirs = keras.saving.load_model(saved, compile=False)
    np.testing.assert_allclose(theirs.predict(images_for(theirs), verbose=0), expected, atol=1e-5)
    assert (probabilities(open_classifier(saved)) == expected).all()


def pytorch_zip() -> bytes:
    """The members of what `torch.save` writes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in ("data.pkl", "byteorder", "data/0", "version"):
            archive.writestr(f"model/{name}", b"")
    return content.getvalue()


def as_json() -> bytes:
    text: str = sequential(layers.Flatten(), layers.Dense(3)).to_json()
    return text.encode()


def cut_off(path: Path) -> bytes:
    save_keras(build(small()), path)
    return path.read_bytes()[:-100]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("m.pt", lambda _: pytorch_zip(), "it is a PyTorch file; kerasnn reads networks of Keras"),
        ("m.pkl", lambda _: pickle.dumps({"a": 1}), "it is a pickle, as scikit-learn saves models"),
        ("m.keras", lambda _: pickle.dumps({"a": 1}), "it is a pickle"),
        ("m.joblib", lambda _: zlib.compress(pickle.dumps([1])), "it is a pickle"),
        ("m.keras", lambda _: b"\x1c\x00\x00\x00TFL3", "it is a LiteRT file; where it was made, model.save"),
        ("m.onnx", lambda _: b"\x08\x07", "it is an ONNX file"),
        ("saved_model.pb", lambda _: b"\x08\x01", "SavedModel"),
        ("m.keras", lambda _: as_json(), "it is JSON, as model.to_json writes"),
        ("m.keras", lambda _: b"", "it is empty"),
        ("m.keras", cut_off, "its end is missing"),
        ("m.h5", lambda _: b"\x00\x01", "neither a zip, as .keras files are, nor HDF5"),
    ],
)
def test_other_programs_files_are_named(
    name: str, content: Callable[[Path], bytes], words: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content(path))
    with pytest.raises(ModelFileError) as caught:
        open_classifier(path)
    assert words in caught.value.message


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", b"\x93NUMPY", b"\x89HDF\r\n\x1a\n"])
def test_what_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.keras").write_bytes(content)
    with pytest.raises(ModelFileError, match="not a model"):
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
        (np.zeros((1, 4), np.float32), np.zeros(1, np.float32)),
        (np.zeros((10_001, 1), np.float32), np.zeros(10_001, np.float32)),
    ],
)
def test_coefficients_of_the_wrong_form_are_refused(tmp_path: Path, coefficients: Any, intercepts: Any) -> None:
    np.savez(tmp_path / "m.npz", coefficients=coefficients, intercepts=intercepts)
    with pytest.raises(ModelFileError):
        open_classifier(tmp_path / "m.npz")
