"""Models that Keras opens with --trust: same outputs as Keras, refusals in one sentence, and never without --trust."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kerasnn.data.dataset import Dataset
from kerasnn.errors import ModelFileError
from kerasnn.exports.keras_model import keras_model
from kerasnn.exports.network import leaving
from kerasnn.lecture.layers import Dense
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.classifier import MOST_VALUES, in_batches
from kerasnn.networks.diagram import model_diagram, weight_maps
from kerasnn.networks.evaluation import evaluate
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.files.trusted import TrustedModel
from kerasnn.networks.forward import Network, Weights
from kerasnn.networks.runtime import keras, tf
from kerasnn.records import ParameterCount
from kerasnn.records.codes import Code
from kerasnn.records.note import sentence
from tests.conftest import stripes

layers = keras.layers
pytestmark = pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")


def saved(path: Path, *parts: Any, shape: tuple[int, ...] = (6, 6, 1), suffix: str = ".keras") -> Path:
    keras.Sequential([keras.Input(shape), *parts]).save(path / f"m{suffix}")
    return path / f"m{suffix}"


def trusted(path: Path) -> TrustedModel:
    model = open_classifier(path, trust=True)
    assert isinstance(model, TrustedModel)
    return model


def mixed(activation: str, *more: Any) -> Any:
    """As networks end that compute with half precision."""
    return keras.Sequential([layers.Dense(3, activation=activation), *more, layers.Activation("linear")])


def branches(inputs: Any) -> Any:
    image = layers.ZeroPadding2D(1)(layers.Reshape((6, 6, 1))(inputs))
    wide = layers.Conv2D(4, 3, strides=2, padding="same", activation="relu")(image)
    deep = layers.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=4)(image)
    both = layers.Concatenate()([layers.Add()([wide, deep]), layers.Average()([wide, deep])])
    pooled = layers.MaxPooling2D(2)(layers.LeakyReLU(0.1)(layers.BatchNormalization()(both)))
    narrow = layers.SeparableConv2D(5, 2, depth_multiplier=2)(layers.SpatialDropout2D(0.2)(pooled))
    known = layers.GlobalAveragePooling2D()(layers.ELU()(layers.LayerNormalization()(narrow)))
    return layers.Softmax()(layers.Dense(3)(layers.Activation("tanh")(layers.GaussianNoise(0.1)(known))))


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_a_network_with_branches_is_opened_on_the_users_word_alone(tmp_path: Path, suffix: str) -> None:
    inputs = keras.Input((6, 6))
    model = keras.Model(inputs, branches(inputs))
    model.set_weights([np.random.RandomState(0).uniform(0.1, 1, weight.shape) for weight in model.get_weights()])
    path = tmp_path / f"m{suffix}"
    model.save(path)
    with pytest.raises(ModelFileError, match="its layers are not a chain"):
        open_classifier(path)
    images = stripes(10).images
    theirs = model.predict(images.astype("float32") / 255, verbose=0)
    assert np.abs(np.exp(in_batches(images, trusted(path))) - theirs).max() < 1e-5


def test_it_is_summarised_as_keras_does_and_not_drawn(tmp_path: Path) -> None:
    inputs = keras.Input((6, 6))
    model = keras.Model(inputs, branches(inputs))
    model.save(tmp_path / "m.keras")
    opened = trusted(tmp_path / "m.keras")
    summary = opened.summary("mine")
    assert summary.stage == "mine"
    assert [layer.output_shape for layer in summary.layers] == [tuple(each.output.shape) for each in model.layers[1:]]
    assert [layer.parameters for layer in summary.layers] == [layer.count_params() for layer in model.layers[1:]]
    trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert summary.parameters == ParameterCount(model.count_params(), trainable, model.count_params() - trainable)
    assert model_diagram(opened, "mine") is None
    assert weight_maps(opened, (6, 6), "abc", title="mine", path="m.keras") is None


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (layers.Dense(3), keras.ops.softmax),
        (layers.Dense(3, activation="log_softmax"), keras.ops.exp),
        (layers.Dense(3, activation="sigmoid"), lambda outputs: outputs / outputs.sum(axis=1, keepdims=True)),
        (layers.Dense(3, activation="softmax"), lambda outputs: outputs),
        (layers.Dense(1, activation="sigmoid"), lambda outputs: np.hstack([1 - outputs, outputs])),
        *((mixed("softmax"), lambda outputs: outputs), (mixed("linear", layers.Softmax()), lambda outputs: outputs)),
        (mixed("sigmoid"), lambda outputs: outputs / outputs.sum(axis=1, keepdims=True)),
        (mixed("linear", layers.Dropout(0.5)), keras.ops.softmax),
        (mixed("linear", layers.Rescaling(0.05)), keras.ops.softmax),
        (mixed("linear", layers.BatchNormalization(beta_initializer="ones")), keras.ops.softmax),
    ],
)
def test_every_ending_becomes_probabilities(ending: Any, expected: Any, tmp_path: Path) -> None:
    opened = trusted(saved(tmp_path, layers.Conv2D(2, 3), layers.Flatten(), ending))
    images = stripes(10).images
    theirs = expected(opened.model.predict(images[..., None].astype("float32") / 255, verbose=0))
    np.testing.assert_allclose(np.exp(in_batches(images, opened)), np.asarray(theirs), atol=1e-5)
    assert any("divided by their sum" in sentence(note) for note in opened.notes) == (
        opened.activation == "sigmoid" and opened.model.output_shape[1] > 1
    )


def test_a_model_that_divides_by_255_itself_receives_bytes(tmp_path: Path) -> None:
    opened = trusted(saved(tmp_path, layers.Rescaling(1 / 255), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3)))
    images = stripes(10).images
    theirs = keras.ops.softmax(opened.model.predict(images[..., None].astype("float32"), verbose=0))
    np.testing.assert_allclose(np.exp(in_batches(images, opened)), np.asarray(theirs), atol=1e-5)


def test_what_the_lecture_has_is_read_with_numpy_also_with_trust(tmp_path: Path) -> None:
    assert isinstance(open_classifier(saved(tmp_path, layers.Flatten(), layers.Dense(3)), trust=True), Network)


@pytest.mark.parametrize("named", [False, True])
def test_arithmetic_between_the_layers_is_opened_on_trust(named: bool, tmp_path: Path) -> None:
    inputs = keras.Input((6, 6, 1), name="image")
    features = layers.Flatten()(layers.Conv2D(4, 3)(inputs / 255.0))
    outputs = keras.ops.softmax(layers.Dense(3, name="answer")(keras.ops.multiply(features, 2.0)))
    model = keras.Model({"image": inputs} if named else inputs, {"softmax": outputs} if named else outputs)
    model.save(tmp_path / "m.keras")
    with pytest.raises(ModelFileError, match="true_divide"):
        open_classifier(tmp_path / "m.keras")
    images = stripes(10).images
    values = images[..., None].astype("float32")
    theirs = keras.tree.flatten(model.predict({"image": values} if named else values, verbose=0))[0]
    np.testing.assert_allclose(np.exp(in_batches(images, trusted(tmp_path / "m.keras"))), theirs, atol=1e-5)


def test_several_inputs_are_refused_with_that_reason(tmp_path: Path) -> None:
    image, more = keras.Input((6, 6), name="a"), keras.Input((3,), name="b")
    both = layers.Concatenate()([layers.Flatten()(image), more])
    keras.Model({"a": image, "b": more}, layers.Dense(3)(both)).save(tmp_path / "m.keras")
    with pytest.raises(ModelFileError, match="some have several inputs or outputs"):
        open_classifier(tmp_path / "m.keras")
    with pytest.raises(ModelFileError, match=r"it takes \(None, 6, 6\), \(None, 3\) and gives \(None, 3\)"):
        open_classifier(tmp_path / "m.keras", trust=True)


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_code_in_a_file_is_refused_with_trust_too(tmp_path: Path, suffix: str) -> None:
    code = layers.Lambda(lambda values: values)
    path = saved(tmp_path, layers.Flatten(), code, layers.Dense(3, activation="softmax"), suffix=suffix)
    with pytest.raises(ModelFileError, match=r"Keras refuses .*Lambda"):
        open_classifier(path, trust=True)


@pytest.mark.parametrize(
    "parts",
    [
        [layers.Conv2D(2, 3)],
        [layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1)],
    ],
)
def test_what_is_no_classifier_is_refused(tmp_path: Path, parts: list[Any]) -> None:
    with pytest.raises(ModelFileError, match="is not a classifier"):
        open_classifier(saved(tmp_path, *parts), trust=True)


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_the_loss_decides_about_linear_outputs(tmp_path: Path, suffix: str) -> None:
    model = keras.Sequential([keras.Input((6, 6, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3)])
    path = tmp_path / f"m{suffix}"
    model.save(path)
    assert [note.code for note in trusted(path).notes] == [Code.ASSUMED_LOGITS]
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.save(path)
    assert trusted(path).notes == ()
    model.compile(loss="mse")
    model.save(path)
    with pytest.raises(ModelFileError, match="its loss, mse, is one for predicting numbers"):
        open_classifier(path, trust=True)


@pytest.mark.parametrize(
    ("parts", "loss", "expected"),
    [
        ([layers.Conv2D(3, 3), layers.GlobalAveragePooling2D()], "SparseCategoricalCrossentropy", keras.ops.softmax),
        ([layers.Conv2D(3, 3), layers.GlobalAveragePooling2D()], None, keras.ops.softmax),
        ([layers.Conv2D(3, 3, activation="softmax"), layers.GlobalAveragePooling2D()], None, lambda outputs: outputs),
        (
            [layers.Conv2D(1, 6), layers.Flatten()],
            "BinaryCrossentropy",
            lambda outputs: np.hstack([1 / (1 + np.exp(outputs)), 1 / (1 + np.exp(-outputs))]),
        ),
    ],
)
def test_the_loss_decides_where_the_layers_do_not(parts: list[Any], loss: Any, expected: Any, tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((6, 6, 1)), *parts])
    if loss is not None:
        model.compile(loss=getattr(keras.losses, loss)(from_logits=True))
    model.save(tmp_path / "m.keras")
    opened, images = trusted(tmp_path / "m.keras"), stripes(10).images
    theirs = np.asarray(expected(model.predict(images[..., None].astype("float32") / 255, verbose=0)))
    np.testing.assert_allclose(np.exp(in_batches(images, opened)), theirs, atol=1e-5)
    told = [note.code for note in opened.notes]
    assert told == ([Code.ASSUMED_LOGITS] if loss is None and opened.activation == "linear" else [])
    exported = keras_model(leaving(opened, "inside", names=("a", "b", "c"), image_shape=(6, 6), command=""))
    again = exported.predict(images[..., None].astype("float32"), verbose=0)
    np.testing.assert_allclose(again, theirs[:, -again.shape[1] :], atol=1e-5)


@pytest.mark.parametrize("policy", ["float16", "mixed_float16", "bfloat16", "mixed_bfloat16"])
def test_probabilities_of_half_precision_are_told_apart_from_other_numbers(policy: str, tmp_path: Path) -> None:
    parts = [layers.Conv2D(8, 3, dtype=policy), layers.Flatten(dtype=policy)]
    path = saved(tmp_path, *parts, layers.Dense(100, activation="softmax", dtype=policy))
    images = stripes(500).images
    theirs = keras.saving.load_model(path).predict(images[..., None].astype("float32") / 255, verbose=0)
    assert abs(theirs.astype("float32").sum(axis=1) - 1).max() > 1e-4
    np.testing.assert_allclose(np.exp(in_batches(images, trusted(path))), theirs.astype("float32"), atol=1e-2)


def test_outputs_that_are_no_probabilities_are_refused(tmp_path: Path) -> None:
    model = trusted(saved(tmp_path, layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3, activation="relu")))
    with pytest.raises(ModelFileError, match="its outputs are not probabilities"):
        model.log_probabilities(np.zeros((1, 6, 6), np.uint8))


def convolution(path: Path) -> TrustedModel:
    return trusted(saved(path, layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3)))


def raising(error: Exception) -> Callable[..., None]:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    "error", [ValueError("so\nnot"), TypeError("not"), tf.errors.InvalidArgumentError(None, None, "not so")]
)
def test_what_keras_refuses_to_compute_is_refused(error: Exception, tmp_path: Path) -> None:
    model = convolution(tmp_path)
    model.model = raising(error)
    with pytest.raises(ModelFileError, match=r"Keras refuses .*: (so )?not"):
        model.log_probabilities(np.zeros((1, 6, 6), np.uint8))


def test_too_little_memory_is_no_fault_of_the_file(tmp_path: Path) -> None:
    model = convolution(tmp_path)
    model.model = raising(tf.errors.ResourceExhaustedError(None, None, "OOM when allocating"))
    with pytest.raises(MemoryError, match="OOM"):
        model.log_probabilities(np.zeros((1, 6, 6), np.uint8))


def test_probabilities_that_are_not_numbers_are_refused(tmp_path: Path) -> None:
    dense = layers.Dense(3, activation="exponential", bias_initializer=keras.initializers.Constant(1e4))
    model = trusted(saved(tmp_path, layers.Conv2D(2, 3), layers.Flatten(), dense))
    with pytest.raises(ModelFileError, match="values that are not finite numbers"):
        model.log_probabilities(np.zeros((1, 6, 6), np.uint8))


def test_a_large_convolutional_network_sees_many_images_at_a_time(tmp_path: Path, tiny: Dataset) -> None:
    """As students build them: two convolutions and a pooling, three times over."""
    parts: list[Any] = []
    for filters in (128, 256, 512):
        parts += [layers.Conv2D(filters, 3, padding="same", activation="relu") for _ in range(2)]
        parts += [layers.BatchNormalization(), layers.MaxPooling2D(2, padding="same"), layers.Dropout(0.3)]
    parts += [layers.Flatten(), layers.Dense(512, activation="relu"), layers.Dense(10, activation="softmax")]
    assert trusted(saved(tmp_path, *parts, shape=(28, 28, 1))).batch > 32
    assert evaluate(convolution(tmp_path), tiny, model="m", path="m").test.loss > 0


def test_a_wide_network_sees_few_images_at_a_time() -> None:
    wide = Architecture((4,), (Dense("wide", 1 << 20, "relu"), Dense("output", 2, "softmax")))
    shapes = ((4, 1 << 20), (1 << 20, 2))
    weights = tuple(Weights(np.zeros(shape, np.float32), np.zeros(shape[1], np.float32)) for shape in shapes)
    assert Network(wide, weights).batch == MOST_VALUES >> 20
