"""A NumPy script with the weights in a `.npz` file beside it; read back by a Python process that has no kerasnn."""

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from kerasnn.errors import EnvironmentFault
from kerasnn.exports.network import DIVISION, Leaving
from kerasnn.exports.python_script import script
from kerasnn.files import working_folder
from kerasnn.files.seal import BLANK
from kerasnn.language import _
from kerasnn.lecture.layers import BatchNormalization, Dense
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.classifier import Images, Reals
from kerasnn.networks.forward import Network, OneVsRest

_ASK: Final = """
import runpy, sys
sys.modules["kerasnn"] = None
import numpy as np
program, images, answers = sys.argv[1:]
np.save(answers, runpy.run_path(program)["predict"](np.load(images)), allow_pickle=False)
"""
LONGEST: Final = 200  # characters quoted from a traceback


def write(network: Leaving, path: Path) -> None:
    """Write the script to `path`, and its weights to the `.npz` file of the same name."""
    computed = _as_taught(network)
    text = script(network, computed.architecture, path.name, shares=isinstance(network.classifier, OneVsRest))
    path.write_text(text, encoding="utf-8", newline="\n")
    weights = path.with_suffix(".npz")
    np.savez(weights, classes=np.array(network.names), **_weights(computed))  # type: ignore[arg-type]
    with zipfile.ZipFile(weights, "a") as archive:
        archive.comment = BLANK.encode()


def reader(path: Path, network: Leaving) -> Callable[[Images], Reals]:
    def compute(images: Images) -> Reals:
        with tempfile.TemporaryDirectory() as folder:
            asked, answered = Path(folder, "images.npy"), Path(folder, "answers.npy")
            np.save(asked, images.reshape(len(images), *network.image_shape))
            words = [sys.executable, "-P", "-c", _ASK, *map(str, (path, asked, answered))]
            variables = {**os.environ, **working_folder.variables()}
            done = subprocess.run(words, env=variables, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603
            if done.returncode != 0:
                said = done.stderr.strip().splitlines()[-1:] or [str(done.returncode)]
                raise EnvironmentFault(_("the script does not run: {said}", said=said[0][:LONGEST]))
            answers: Reals = np.load(answered)
            return answers

    return compute


def _as_taught(network: Leaving) -> Network:
    """Return the network as the script writes it; that of scikit-learn with its sigmoids."""
    assert network.network is not None  # `Form.by_keras` is False
    model = network.classifier
    if not isinstance(model, OneVsRest):
        return network.network
    layers = (DIVISION, Dense("one_vs_rest", model.classes, "sigmoid"))
    weights = (model.coefficients.T, model.intercepts)
    return Network(Architecture((model.input_size,), layers), ((), weights))


def _weights(network: Network) -> Mapping[str, Reals]:
    """Return the weights as the script names them; what a layer does without stands there too, as 0 or 1."""
    found: dict[str, Reals] = {}
    for (layer, inputs), own in zip(network.architecture.with_inputs(), network.variables, strict=True):
        for variable, values in zip(layer.variables(inputs), own, strict=True):
            found[f"{layer.name}.{variable.name}"] = values
        match layer:
            case Dense():
                found.setdefault(f"{layer.name}.bias", np.zeros(layer.units, np.float32))
            case BatchNormalization():
                found[f"{layer.name}.epsilon"] = np.array(layer.epsilon, np.float32)
                found.setdefault(f"{layer.name}.gamma", np.ones(1, np.float32))
                found.setdefault(f"{layer.name}.beta", np.zeros(1, np.float32))
    return found
