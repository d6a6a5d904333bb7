"""The NumPy script computes what Keras computes, in at most 60 lines, whatever kerasnn trains."""

import re
import runpy
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import kerasnn
from kerasnn.errors import ModelFileError, UsageError
from kerasnn.lecture.activations import ACTIVATIONS
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.architecture import design
from kerasnn.networks.builders import build
from kerasnn.networks.runtime import keras
from tests.conftest import stripes

IMAGES = stripes(40, seed=7).images


def saved(model: Any, path: str = "model.keras") -> Any:
    """Save `model` with weights and averages that are neither 0 nor 1, and return what it says of IMAGES."""
    random = np.random.default_rng(3)
    for variable in model.weights:
        low = 0.5 if "variance" in variable.name else -0.5
        variable.assign(random.uniform(low, 1, variable.shape))
    model.save(path)
    return np.asarray(model(IMAGES.reshape(40, *model.input_shape[1:]) / np.float32(255)))


def designed(**changes: Any) -> Any:
    settings, _changed = resolve(find_stage("dropout"), changes)
    return build(design(settings, image_shape=(6, 6), classes=3))


def answers(path: str = "model.py") -> Any:
    return runpy.run_path(path)["predict"](IMAGES)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation(activation: str, npz: Path) -> None:
    layers = [keras.layers.Dense(5, activation=activation), keras.layers.Dense(3, activation="softmax", use_bias=False)]
    expected = saved(keras.Sequential([keras.Input((6, 6)), keras.layers.Flatten(), *layers]))
    made = kerasnn.export("model.keras", to="python", dataset=npz)
    np.testing.assert_allclose(answers(), expected, atol=2e-6)
    assert [Path(each).name for each in made.files] == ["model.py", "model.npz"]


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("hidden", [[7], [7] * 3, [4] * 20, [5, 4] * 10])
def test_every_depth_in_sixty_lines(hidden: list[int], batch_norm: bool, npz: Path) -> None:
    expected = saved(designed(hidden=hidden, batch_norm=batch_norm, activation="tanh"))
    kerasnn.export("model.keras", to="python", dataset=npz)
    np.testing.assert_allclose(answers(), expected, atol=5e-6)
    lines = Path("model.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("last", ["softmax", "sigmoid", "linear"])
def test_a_dropout_at_the_end(last: str, npz: Path) -> None:
    layers = [keras.layers.Flatten(), keras.layers.Dense(3, activation=last), keras.layers.Dropout(0.2)]
    outputs = saved(keras.Sequential([keras.Input((6, 6)), *layers]))
    kerasnn.export("model.keras", to="python", dataset=npz)
    expected = np.asarray(keras.ops.softmax(outputs)) if last == "linear" else outputs
    np.testing.assert_allclose(answers(), expected, atol=2e-6)


@pytest.mark.parametrize(
    "numbers", [range(1, 65, 2), range(40, 0, -1), [*range(30), *range(50, 90)], [*range(36), 40, 39]]
)
@pytest.mark.parametrize("ends", [False, True])
def test_hidden_layers_of_any_numbers(numbers: Sequence[int], ends: bool, npz: Path) -> None:
    """Also a network that has nothing behind its hidden layers."""
    names = [f"hidden_{number}" for number in numbers]
    hidden = [keras.layers.Dense(3, activation="softmax", name=name) for name in names]
    output = [] if ends else [keras.layers.Dense(3, activation="softmax")]
    expected = saved(keras.Sequential([keras.Input((36,)), *hidden, *output]))
    kerasnn.export("model.keras", to="python", dataset=npz)
    np.testing.assert_allclose(answers(), expected, atol=5e-6)


def test_the_names_of_a_strangers_layers_are_no_code(npz: Path) -> None:
    names = ['x"]; print("pwned") #', "class", "dense", 'a""" + print("pwned")']
    layers = [keras.layers.Dense(4, activation="relu", name=name) for name in names]
    model = keras.Sequential(
        [keras.Input((36,)), *layers, keras.layers.Dropout(0.1, name="d; print()"), keras.layers.Dense(3, name="z")]
    )
    logits = saved(model)
    kerasnn.export("model.keras", to="python", dataset=npz)
    powers = np.exp(logits)
    np.testing.assert_allclose(answers(), powers / powers.sum(axis=1, keepdims=True), atol=2e-6)
    assert "pwned" not in Path("model.py").read_text(encoding="utf-8")


def test_it_runs_by_itself(surroundings: Path, npz: Path) -> None:
    """On a picture that is dark on light, which the script turns round, as a process that has no kerasnn."""
    expected = saved(designed(hidden=[7]))
    kerasnn.export("model.keras", to="python", dataset=npz, file='elsewhere/a"""b.py')
    shown = np.zeros((6, 6), np.uint8)
    shown[2] = 240
    Image.fromarray(255 - shown).save(surroundings / "picture.png")
    program = [sys.executable, "-P", 'elsewhere/a"""b.py', "picture.png"]
    done = subprocess.run(program, capture_output=True, encoding="utf-8", check=True, env={"PYTHONUTF8": "1"})
    says = runpy.run_path(program[-2])["predict"](shown[None])[0]
    best = int(says.argmax())
    assert done.stdout.startswith(f"picture.png  stripe {best} {says[best]:.4f}  stripe")
    assert expected.shape == (40, 3)


def test_scikit_learns_model_and_a_network_of_rows_of_values(npz: Path) -> None:
    trained = kerasnn.train("sgd", dataset=npz)
    made = kerasnn.export(trained.run, to="python", file="sgd.py")
    with np.load(str(trained.model)) as file:
        stored = dict(file)
    each = 1 / (1 + np.exp(-(IMAGES.reshape(40, -1) / 255 @ stored["coefficients"].T + stored["intercepts"])))
    np.testing.assert_allclose(answers("sgd.py"), each / each.sum(axis=1, keepdims=True), atol=1e-6)
    assert made.largest_difference < 1e-5


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        (keras.layers.LeakyReLU(), "LeakyReLU()"),
        (keras.layers.BatchNormalization(axis=1), "BatchNormalization(axis=1)"),
        (keras.layers.Softmax(axis=1), "Softmax(axis=1)"),
        (keras.layers.ReLU(max_value=1), "ReLU(max_value=1.0)"),
    ],
)
def test_a_layer_that_it_does_not_have_is_named_with_its_options(layer: Any, told: str, npz: Path) -> None:
    layers = [layer, keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")]
    saved(keras.Sequential([keras.Input((6, 6)), *layers]))
    with pytest.raises(UsageError, match=re.escape(f"is {told}, which the script does not have")):
        kerasnn.export("model.keras", to="python", dataset=npz)


def test_what_it_does_not_have_is_refused(npz: Path) -> None:
    with pytest.raises(UsageError, match="divides the pixels"):
        kerasnn.export("softmax", to="python", scaling="outside", dataset="garments")
    layers = [
        keras.layers.Reshape((6, 6, 1)),
        keras.layers.Conv2D(2, 3),
        keras.layers.Flatten(),
        keras.layers.Dense(3, activation="softmax"),
    ]
    saved(keras.Sequential([keras.Input((6, 6)), *layers]), "convolution.keras")
    with pytest.raises(ModelFileError, match="python"):
        kerasnn.export("convolution.keras", to="python", dataset=npz, trust=True)
    assert not list(Path().glob("*.py"))


def test_weights_of_somebody_else_stay(npz: Path) -> None:
    saved(designed(hidden=[7]))
    np.savez("model.npz", mine=np.arange(3))
    with pytest.raises(UsageError, match=r"model\.npz"):
        kerasnn.export("model.keras", to="python", dataset=npz)
    with np.load("model.npz") as kept:
        assert [*kept] == ["mine"]
