"""Models as files: `.keras` for networks, `.npz` for scikit-learn's coefficients. Never a pickle.

A `.keras` file is a zip of `config.json`, `metadata.json` and `model.weights.h5`, in which the weights of the
i-th layer of a kind stand at `layers/<kind>[_i]/vars/`. One that holds nothing but the lecture's layers is read
without Keras, in a fifth of a second; any other goes through Keras, with `safe_mode` on.
"""

import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import h5py
import numpy as np

from kerasnn.atomic import replacing
from kerasnn.errors import ModelFileError
from kerasnn.networks.architecture import Architecture, Dense, Dropout, Flatten, Layer
from kerasnn.networks.classifier import Classifier
from kerasnn.networks.forward import ACTIVATION_FUNCTIONS, Network, Weights
from kerasnn.networks.linear import OneVsRest

if TYPE_CHECKING:
    from kerasnn.networks.runtime import keras

LARGEST_FILE: Final = 1 << 30
LARGEST_CONFIG: Final = 4 << 20
KERAS_MEMBERS: Final = {"config.json", "metadata.json", "model.weights.h5"}
LINEAR_MEMBERS: Final = {"coefficients.npy", "intercepts.npy"}


class _NotOurs(Exception):
    """The file may be a good Keras model, but not one of the lecture's layers alone."""


def save_keras(model: "keras.Model", path: Path) -> None:
    """Write `model` to `path`, which ends in .keras; a file that was there before stays until the new one is whole."""
    with replacing(path) as draft:
        model.save(draft)


def save_linear(model: OneVsRest, path: Path) -> None:
    """Write the coefficients to `path`, which ends in .npz."""
    with replacing(path) as draft:
        np.savez(draft, coefficients=model.coefficients, intercepts=model.intercepts)


def open_classifier(path: Path) -> Classifier:
    """The model in the file `path`.

    Raises: ModelFileError where the file is missing, is no model, or is not safe to open.
    """
    members = _member_sizes(path)
    if set(members) == LINEAR_MEMBERS:
        return _read_linear(path)
    if set(members) != KERAS_MEMBERS:
        raise _no_model(path, f"it holds {', '.join(sorted(members)[:5]) or 'nothing'}")
    if members["config.json"] > LARGEST_CONFIG:
        raise _no_model(path, f"its config.json is {members['config.json']:,} bytes")
    try:
        return _read_network(path)
    except _NotOurs:
        from kerasnn.networks.foreign import open_foreign  # loads TensorFlow

        return open_foreign(path)


def read_architecture(path: Path) -> Architecture:
    """The layers of the `.keras` file `path`, where they are the lecture's.

    Raises: ModelFileError where it cannot be read or has other layers.
    """
    if set(_member_sizes(path)) != KERAS_MEMBERS:
        raise _no_model(path, "it is not a .keras file")
    try:
        with zipfile.ZipFile(path) as archive:
            return _parse_architecture(archive.read("config.json"))
    except _NotOurs as reason:
        raise ModelFileError(f"{path} is not made of the lecture's layers: {reason}") from None
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        raise _no_model(path, str(error)) from None


def _no_model(path: Path, reason: str) -> ModelFileError:
    return ModelFileError(
        f"{path} is no model kerasnn can open: {reason}",
        expected="a .keras file, or the .npz of stage sgd",
        hint="kerasnn train makes one; a stage's name, as in 'dropout', names the one that comes with kerasnn",
    )


def _member_sizes(path: Path) -> dict[str, int]:
    if not path.is_file():
        raise ModelFileError(f"{path} is not there" if not path.exists() else f"{path} is not a file")
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _no_model(path, f"it is {path.stat().st_size:,} bytes")
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        raise _no_model(path, str(error)) from None
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries) or len(entries) > 3:
        raise _no_model(path, "its parts are compressed or too many, which no model written by Keras has")
    return {entry.filename: entry.file_size for entry in entries}


def _read_linear(path: Path) -> OneVsRest:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            coefficients, intercepts = archive["coefficients"], archive["intercepts"]
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise _no_model(path, str(error)) from None
    if coefficients.ndim != 2 or intercepts.shape != coefficients.shape[:1] or coefficients.dtype != np.float32:
        raise _no_model(path, f"coefficients of shape {coefficients.shape}, intercepts of {intercepts.shape}")
    if not (np.isfinite(coefficients).all() and np.isfinite(intercepts).all()):
        raise _no_model(path, "some of its coefficients are not numbers")
    return OneVsRest(coefficients, intercepts.astype(np.float32))


def _read_network(path: Path) -> Network:
    try:
        with zipfile.ZipFile(path) as archive:
            architecture = _parse_architecture(archive.read("config.json"))
            content = archive.read("model.weights.h5")
        with h5py.File(io.BytesIO(content), "r") as file:
            return Network(architecture, _read_weights(file, architecture))
    except (OSError, KeyError, TypeError, ValueError, RecursionError, zipfile.BadZipFile) as error:
        raise _no_model(path, str(error)) from None


def _parse_architecture(config: bytes) -> Architecture:
    """Raises: _NotOurs for any layer or option beyond the lecture's; ValueError where it is no JSON."""
    try:
        model = json.loads(config)
        if model["class_name"] != "Sequential":
            raise _NotOurs(f"a {model['class_name']}")
        first, *rest = model["config"]["layers"]
        shape = tuple(first["config"]["batch_shape"][1:]) if first["class_name"] == "InputLayer" else ()
        layers = tuple(_parse_layer(entry["class_name"], entry["config"]) for entry in rest)
    except (KeyError, TypeError, AttributeError) as error:
        raise _NotOurs(f"its configuration lacks {error}") from None
    return _checked_architecture(Architecture(shape, layers))


def _parse_layer(kind: str, config: dict[str, Any]) -> Layer:
    if config["dtype"] != "float32" and config["dtype"]["config"]["name"] != "float32":
        raise _NotOurs("a layer that is not float32")
    name = str(config["name"])
    if kind == "Flatten":
        return Flatten(name)
    if kind == "Dropout":
        return Dropout(name, float(config["rate"]))
    if kind == "Dense" and config["use_bias"] is True and isinstance(config["activation"], str):
        return Dense(name, int(config["units"]), config["activation"])
    raise _NotOurs(f"a layer {kind} '{name}'")


def _checked_architecture(architecture: Architecture) -> Architecture:
    shape, layers = architecture.input_shape, architecture.layers
    dense = [layer for layer in layers if isinstance(layer, Dense)]
    flat = len(shape) == 1 or (bool(layers) and isinstance(layers[0], Flatten))
    if not all(isinstance(size, int) and size > 0 for size in shape) or not shape or not flat:
        raise _NotOurs(f"an input of shape {shape}")
    if not dense or layers[-1] is not dense[-1] or dense[-1].activation != "softmax":
        raise _NotOurs("no softmax at its end")
    if not all(layer.activation in ACTIVATION_FUNCTIONS for layer in dense[:-1]):
        raise _NotOurs("an activation that is not the lecture's")
    return architecture


def _read_weights(file: h5py.File, architecture: Architecture) -> tuple[Weights, ...]:
    weights = []
    summary = architecture.summary("")
    inputs = int(np.prod(architecture.input_shape))
    dense_rows = [row for row in summary.layers if row.type == "Dense"]
    for number, row in enumerate(dense_rows):
        place = f"layers/dense{f'_{number}' if number else ''}/vars"
        units = row.output_shape[-1]
        kernel, bias = file[f"{place}/0"], file[f"{place}/1"]
        if kernel.shape != (inputs, units) or bias.shape != (units,):
            raise ValueError(f"weights of shape {kernel.shape} where its configuration says {(inputs, units)}")
        weights.append(Weights(np.asarray(kernel, np.float32), np.asarray(bias, np.float32)))
        inputs = units or 0
    if not all(np.isfinite(part.kernel).all() and np.isfinite(part.bias).all() for part in weights):
        raise ValueError("some of its weights are not numbers")
    return tuple(weights)
