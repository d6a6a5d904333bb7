"""The arithmetic of the page's scripts, run by Node.js, against NumPy."""

import json
import shutil
import subprocess
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest

from kerasnn.lecture.activations import softmax

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="wants Node.js")
CALL = """
const [name, ...given] = JSON.parse(require("node:fs").readFileSync(0, "utf-8"));
import(process.argv[1]).then((module) => console.log(JSON.stringify(module[name](...given))));
"""
random = np.random.default_rng(3)


def computed(name: str, *given: Any) -> Any:
    """Return what the function `name` of arithmetic.js makes of `given`."""
    source = files("kerasnn.lab").joinpath("page", "arithmetic.js").read_text(encoding="utf-8")
    plain = json.dumps([name, *(each.tolist() if isinstance(each, np.ndarray) else each for each in given)])
    words = [str(NODE), "--eval", CALL, f"data:text/javascript,{quote(source)}"]
    return json.loads(subprocess.run(words, input=plain, capture_output=True, text=True, check=True).stdout)


@pytest.mark.parametrize("z", [[0.0, 0.0], [1.0, -2.0, 3.5], [1000.0, 1001.0, -1000.0]])
def test_softmax(z: list[float]) -> None:
    assert computed("softmax", z) == pytest.approx(softmax(np.array(z)), abs=1e-12)
    assert computed("softmax", np.array(z) + 100) == pytest.approx(computed("softmax", z), abs=1e-12)


def test_sigmoid() -> None:
    z = np.array([-800.0, -2.0, 0.0, 2.0, 800.0])
    assert computed("sigmoid", z) == pytest.approx([0, 1 / (1 + np.exp(2)), 0.5, 1 / (1 + np.exp(-2)), 1])


def test_a_linear_layer_and_two_in_a_row() -> None:
    x, first, second = random.normal(size=3), random.normal(size=(3, 4)), random.normal(size=(4, 2))
    b1, b2 = random.normal(size=4), random.normal(size=2)
    assert computed("linear", x, first, b1) == pytest.approx(x @ first + b1)
    assert np.array(computed("multiply", first, second)) == pytest.approx(first @ second)
    layers = ({"matrix": first.tolist(), "bias": b1.tolist()}, {"matrix": second.tolist(), "bias": b2.tolist()})
    one = computed("collapsed", *layers)
    assert x @ np.array(one["matrix"]) + one["bias"] == pytest.approx((x @ first + b1) @ second + b2)
    assert computed("relu", [-1.5, 0, 2]) == [0, 0, 2]


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.9])
def test_a_mask_drops_its_share_and_the_scaled_mean_stays(rate: float) -> None:
    mask = computed("drawMask", 20_000, rate)
    share = 1 - np.mean(mask)
    assert abs(share - rate) <= 5 * np.sqrt(rate * (1 - rate) / 20_000)
    units = [1.0] * 20_000
    scaled, plain = (computed("masked", units, mask, rate, each) for each in (True, False))
    assert scaled == pytest.approx(np.where(mask, 1 / (1 - rate), 0))
    assert computed("total", plain) == pytest.approx(np.sum(mask))
    assert computed("total", scaled) == pytest.approx(np.sum(mask) / (1 - rate))


@pytest.mark.parametrize("axis", [0, 1])
def test_argmax_along_an_axis(axis: int) -> None:
    matrix = random.normal(size=(3, 10))
    matrix[:, 4] = 9.0  # equals in a column
    assert computed("argmaxAlong", matrix, axis) == matrix.argmax(axis=axis).tolist()
    assert computed("argmax", [0.4, 0.2, 0.4]) == 0
