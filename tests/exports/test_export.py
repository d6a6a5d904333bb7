"""What is exported predicts as the Keras model that it was made from, under the names it was given."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import kerasnn
from kerasnn.errors import CheckFailed, EnvironmentFault, ModelFileError, UsageError
from kerasnn.exports import keras_file
from kerasnn.exports.forms import FORMS
from kerasnn.exports.network import Leaving
from kerasnn.lecture.stages import STAGES
from kerasnn.networks.runtime import keras, tf
from kerasnn.records import Run
from tests.conftest import prefer_keras, save_npz, stripes, working_in

IMAGES = stripes(40, seed=7).images
NAMES = ("가로줄 1", "stripe two", "줄 3")


def with_extra(name: str, package: str) -> Any:
    missing = pytest.mark.skipif(find_spec(package) is None, reason=f"wants {package}, the extra kerasnn[{name}]")
    return pytest.param(name, marks=[pytest.mark.full, missing])


EXTRAS = [with_extra("onnx", "onnxruntime"), with_extra("litert", "ai_edge_litert")]
BY_KERAS = ["keras", "h5", "saved-model", *EXTRAS]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A network with everything that kerasnn trains, in the working folder of this file's fixtures."""
    with working_in(tmp_path_factory.mktemp("exports")) as folder, pytest.MonkeyPatch.context() as patch:
        prefer_keras(patch)
        save_npz(folder / "stripes.npz", count=160)
        (folder / "classes.txt").write_text("\n".join(NAMES), encoding="utf-8")
        layers: dict[str, Any] = {"hidden": [9, 5], "batch_norm": True, "activation": "tanh"}
        trained = kerasnn.train("dropout", dataset=folder / "stripes.npz", epochs=2, **layers)
        yield replace(trained, model=str(Path(trained.model or "").absolute()))


def truth(model: str, images: Any = IMAGES) -> Any:
    """What Keras says of the saved model, which takes pixels from 0 to 1."""
    loaded = keras.saving.load_model(model, compile=False)
    return np.asarray(loaded(images.reshape(len(images), *loaded.input_shape[1:]) / np.float32(255)))


def computed_by_litert(path: str, values: Any) -> Any:
    """What LiteRT says of one image after the other, as an app asks it."""
    interpreter = import_module("ai_edge_litert.interpreter").Interpreter(path)
    interpreter.allocate_tensors()
    given, found = interpreter.get_output_details()[0]["index"], []
    for each in values:
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], each[None])
        interpreter.invoke()
        found.append(interpreter.get_tensor(given)[0])
    return np.array(found)


def opened(path: str) -> Any:
    """What computes the outputs of an export for float32 inputs."""
    if Path(path).is_dir():
        loaded = tf.saved_model.load(path)
        return lambda values: np.asarray(loaded.serve(values))
    if path.endswith(".onnx"):
        session = import_module("onnxruntime").InferenceSession(path, providers=["CPUExecutionProvider"])
        return lambda values: session.run(None, {session.get_inputs()[0].name: values})[0]
    if path.endswith(".tflite"):
        return lambda values: computed_by_litert(path, values)
    model = keras.saving.load_model(path, compile=False)
    return lambda values: np.asarray(model(values))


@pytest.mark.parametrize("to", BY_KERAS)
def test_it_predicts_as_keras_does(to: str, run: Run) -> None:
    values = IMAGES.astype(np.float32)
    for scaling, scale in (("inside", 1), ("outside", 255)):
        made = kerasnn.export(str(run.model), to=to, scaling=scaling, force=True)
        np.testing.assert_allclose(opened(made.path)(values / np.float32(scale)), truth(str(run.model)), atol=2e-6)
        assert made.largest_difference < 1e-5
        assert (made.model, made.format, made.images, made.classes) == (run.model, to, 31, NAMES)
        assert made.bytes == sum(Path(each).stat().st_size for each in made.files) > 1000
        assert made.pixels == ("0..255" if scaling == "inside" else "0..1")


@pytest.mark.parametrize("to", ["keras", "h5"])
def test_kerasnn_opens_it_again_with_its_names(to: str, run: Run, surroundings: Path) -> None:
    keras.utils.save_img(surroundings / "a.png", IMAGES[0][..., None], scale=False)
    made = kerasnn.export(str(run.model), to=to, file=f"elsewhere/model.{to}")
    (before,) = kerasnn.predict(str(run.model), ["a.png"])
    (after,) = kerasnn.predict(made.path, ["a.png"])
    assert after.names == NAMES
    assert after.notes == before.notes
    np.testing.assert_allclose(after.probabilities, before.probabilities, atol=1e-6)


def test_a_saved_model_says_what_it_takes(run: Run) -> None:
    made = kerasnn.export(str(run.model), to="saved_model", file="mine", scaling="outside")
    about = json.loads(Path("mine", "assets.extra", "kerasnn.json").read_text(encoding="utf-8"))
    assert about["classes"] == list(NAMES)
    assert about["input"] == "float32 of shape (n, 6, 6)"
    assert "divided by 255" in about["pixels"]
    assert about["shape"] == [6, 6]
    assert made.path == "mine"


@pytest.mark.parametrize("to", EXTRAS)
def test_names_and_input_travel_in_the_one_file(to: str, run: Run) -> None:
    path = kerasnn.export(str(run.model), to=to, file=f"mine{FORMS[to].ending}").path
    if to == "onnx":
        about = {each.key: each.value for each in import_module("onnx").load(path).metadata_props}
        names, shape = json.loads(about["classes"]), about["input"]
    else:
        with zipfile.ZipFile(path) as archive:
            names = archive.read("labels.txt").decode().splitlines()
            shape = json.loads(archive.read("kerasnn.json"))["input"]
    assert (names, shape) == (list(NAMES), "float32 of shape (n, 6, 6)")


@pytest.mark.full
@pytest.mark.parametrize("to", BY_KERAS)
@pytest.mark.parametrize("stage", [stage.name for stage in STAGES])
def test_every_reference_model(stage: str, to: str) -> None:
    made = kerasnn.export(stage, to=to, dataset="garments")
    assert (made.images, len(made.classes)) == (2000, 10)
    assert made.largest_difference < 2e-5


@pytest.mark.parametrize("to", ["keras", *EXTRAS])
def test_the_model_of_scikit_learn_leaves_with_its_probabilities(to: str, npz: Path) -> None:
    trained = kerasnn.train("sgd", dataset=npz)
    made = kerasnn.export(trained.run, to=to)
    with np.load(str(trained.model)) as file:
        stored = dict(file)
    z = IMAGES.reshape(40, -1) / 255 @ stored["coefficients"].T + stored["intercepts"]
    each = 1 / (1 + np.exp(-z))
    found = opened(made.path)(IMAGES.reshape(40, -1).astype(np.float32))
    np.testing.assert_allclose(found, each / each.sum(axis=1, keepdims=True), atol=1e-5)


@pytest.mark.parametrize(("units", "activation"), [(3, None), (3, "log_softmax"), (1, "sigmoid"), (1, None)])
def test_others_networks_leave_with_probabilities(units: int, activation: str | None, npz: Path) -> None:
    layers = [keras.layers.Flatten(), keras.layers.Dense(units, activation=activation, name="출력")]
    model = keras.Sequential([keras.Input((6, 6)), *layers])
    model.compile(loss="binary_crossentropy" if units == 1 else "sparse_categorical_crossentropy")
    model.save("others.keras")
    dataset = npz
    if units == 1:
        part = stripes(40, classes=2)
        np.savez("two.npz", x_train=part.images, y_train=part.labels, x_test=part.images, y_test=part.labels)
        dataset = Path("two.npz")
        Path("classes.txt").write_text("one\ntwo\n", encoding="utf-8")
    made = kerasnn.export("others.keras", to="saved-model", dataset=dataset)
    z = np.asarray(model(IMAGES / np.float32(255)))
    powers = np.exp(z)
    says = {None: powers / powers.sum(axis=1, keepdims=True), "log_softmax": powers, "sigmoid": z}[activation]
    if (units, activation) == (1, None):
        says = 1 / (1 + np.exp(-z))
    np.testing.assert_allclose(opened(made.path)(IMAGES.astype(np.float32)), says, atol=2e-6)


def test_a_network_that_divides_by_itself_stays_as_it_is(npz: Path) -> None:
    layers = [keras.layers.Rescaling(1 / 255), keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")]
    model = keras.Sequential([keras.Input((6, 6)), *layers])
    model.save("own.keras")
    made = kerasnn.export("own.keras", to="h5", dataset=npz)
    loaded = keras.saving.load_model(made.path, compile=False)
    assert [type(layer).__name__ for layer in loaded.layers] == ["Rescaling", "Flatten", "Dense"]
    with pytest.raises(UsageError, match="scales the pixels itself"):
        kerasnn.export("own.keras", to="h5", dataset=npz, scaling="outside", force=True)


@pytest.mark.parametrize("to", ["keras", "saved-model", *EXTRAS])
def test_what_only_keras_computes_leaves_on_trust(to: str, npz: Path) -> None:
    layers = [keras.layers.Reshape((6, 6, 1)), keras.layers.Conv2D(2, 3), keras.layers.Flatten()]
    model = keras.Sequential([keras.Input((6, 6)), *layers, keras.layers.Dense(3, activation="softmax")])
    model.save("convolution.keras")
    file = f"out{FORMS[to].ending}"
    with pytest.raises(ModelFileError, match="Conv2D"):
        kerasnn.export("convolution.keras", to=to, dataset=npz, file=file)
    made = kerasnn.export("convolution.keras", to=to, dataset=npz, file=file, trust=True)
    expected = np.asarray(model(IMAGES / np.float32(255)))
    np.testing.assert_allclose(opened(made.path)(IMAGES.astype(np.float32)), expected, atol=2e-6)


@pytest.mark.parametrize("to", BY_KERAS)
def test_nobody_elses_file_is_replaced(to: str, run: Run) -> None:
    made = kerasnn.export(str(run.model), to=to)
    again = kerasnn.export(str(run.model), to=to)  # its own
    assert again.path == made.path
    other = "softmax"
    with pytest.raises(UsageError, match="not overwritten"):
        kerasnn.export(other, to=to, file=made.path, dataset="garments")
    kerasnn.export(other, to=to, file=made.path, dataset="garments", force=True)
    with pytest.raises(UsageError, match="not overwritten"):
        kerasnn.export(str(run.model), to=to)
    assert not list(Path().glob(".*"))


def test_no_folder_but_a_saved_model_is_replaced(run: Run) -> None:
    Path("holiday").mkdir()
    Path("holiday", "photo.jpg").write_bytes(b"dear")
    Path("link").symlink_to("holiday")
    made = kerasnn.export(str(run.model), to="saved-model")
    Path(made.path, "notes.txt").write_text("dear")  # beside what kerasnn wrote itself
    for name in ("holiday", "link", made.path):
        with pytest.raises(UsageError, match=name):
            kerasnn.export(str(run.model), to="saved-model", file=name, force=True)
    assert Path("holiday", "photo.jpg").read_bytes() == b"dear"
    assert Path(made.path, "notes.txt").read_text() == "dear"


def test_nothing_is_left_of_what_predicts_otherwise(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    made = kerasnn.export(str(run.model), to="keras")
    before = Path(made.path).read_bytes()
    write = keras_file.write

    def spoiled(network: Leaving, path: Path) -> None:
        assert network.network is not None
        *before, (kernel, bias) = network.network.variables
        other = replace(network.network, variables=(*before, (kernel, bias + np.array([0.01, 0, 0], np.float32))))
        write(replace(network, network=other), path)

    monkeypatch.setattr(keras_file, "write", spoiled)
    with pytest.raises(CheckFailed, match="other probabilities"):
        kerasnn.export(str(run.model), to="keras")
    assert Path(made.path).read_bytes() == before
    assert [each.name for each in Path().iterdir()] == [made.path]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"to": None}, "--to is missing"),
        ({"to": "kears"}, "--to is 'kears'"),
        ({"to": "keras", "scaling": "somewhere"}, "--scaling is 'somewhere'"),
        ({"to": "keras", "file": "model.onnx"}, "--out is 'model.onnx'"),
        ({"to": "keras", "file": "."}, "--out is '.'"),
    ],
)
def test_what_is_refused(words: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says) as refused:
        kerasnn.export("softmax", dataset="garments", **words)
    assert refused.value.expected
    assert not list(Path().iterdir())


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    form = replace(FORMS["keras"], extra="zoo", packages=("no_such_package",))
    monkeypatch.setitem(FORMS, "keras", form)
    with pytest.raises(EnvironmentFault, match="no_such_package") as fault:
        kerasnn.export("softmax", to="keras", dataset="garments")
    assert fault.value.hint == "pip install 'kerasnn[zoo]'"


@pytest.mark.parametrize("names", [["a\x1b[2J", "b", "c"], ["a", "b"], "abc", [1, 2, 3], ["a", "b", ""]])
def test_names_in_a_strangers_file_are_not_believed(names: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Leaving.about
    monkeypatch.setattr(Leaving, "about", property(lambda own: {**real.fget(own), "classes": names}))  # type: ignore[attr-defined]
    made = kerasnn.export(str(run.model), to="keras")
    keras.utils.save_img("a.png", IMAGES[0][..., None], scale=False)
    (answer,) = kerasnn.predict(made.path, ["a.png"])
    assert answer.names == ("class 0", "class 1", "class 2")


def test_size_and_background_of_the_images_travel_in_the_file(surroundings: Path) -> None:
    random = np.random.default_rng(0)
    images = np.full((60, 6, 4), 240, np.uint8)  # dark on light, and no square
    images[:, 1:5, 1:3] = random.integers(0, 120, (60, 4, 2))
    labels = np.arange(60) % 2
    np.savez("light.npz", x_train=images, y_train=labels, x_test=images[:20], y_test=labels[:20])
    run = kerasnn.train("softmax", dataset="light.npz", engine="keras", epochs=1)
    Image.fromarray(random.integers(0, 255, (60, 40), np.uint8)).save("picture.png")
    for form in ("keras", "h5"):
        written = kerasnn.export(run.run, to=form, file=f"taken.{form}")
        assert kerasnn.predict(written.path, ["picture.png"])[0].probabilities == pytest.approx(
            kerasnn.predict(run.run, ["picture.png"])[0].probabilities, abs=1e-6
        )
