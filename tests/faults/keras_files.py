"""A small network as Keras saves it, the same in newer forms of HDF5, and what it answers according to h5py alone."""

import io
import json
import os
import resource
import signal
import sys
import warnings
import zipfile
from functools import cache
from logging import getLogger
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import h5py
import numpy as np
from numpy.typing import NDArray

WEIGHTS: Final = "model.weights.h5"
# h5py's bounds for superblocks 2 and 3; Keras writes 0, and 1 is for settings that h5py does not have
FORMS: Final = {"superblock 2": ("v108", "v108"), "superblock 3": ("v110", "latest")}
LONGEST: Final = 5  # seconds that h5py may take to read a mutated file
MOST_ADDED: Final = 1 << 30  # bytes
Arrays = list[NDArray[Any]]


@cache
def saved_by_keras() -> dict[str, bytes]:
    """The network as `.keras` and `.h5`: 36 inputs, 5 units, 3 classes; with Adam's state, so that a group is large."""
    from kerasnn.networks.runtime import keras

    layers = [keras.layers.Flatten(), keras.layers.Dense(5, "relu"), keras.layers.Dense(3, "softmax")]
    model = keras.Sequential([keras.Input((6, 6)), *layers], name="small")
    model.compile("adam")
    model.optimizer.build(model.trainable_variables)
    getLogger("absl").setLevel("ERROR")  # Keras tells that .h5 is old
    with TemporaryDirectory() as folder, warnings.catch_warnings(action="ignore"):
        for name in ("model.keras", "model.h5"):
            model.save(Path(folder) / name)
        return {path.suffix: path.read_bytes() for path in Path(folder).iterdir()}


def weights_of(archive: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.read(WEIGHTS)


def with_weights(archive: bytes, weights: bytes) -> bytes:
    """The `.keras` file `archive` with other weights, stored as Keras stores them."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as opened, zipfile.ZipFile(result, "w") as written:
        for name in opened.namelist():
            written.writestr(name, weights if name == WEIGHTS else opened.read(name))
    return result.getvalue()


def in_form(content: bytes, form: str) -> bytes:
    """The same groups, arrays and attributes, written anew by h5py in another form."""
    result = io.BytesIO()
    with h5py.File(io.BytesIO(content)) as source, h5py.File(result, "w", libver=FORMS[form]) as copy:
        _copy(source, copy)
    return result.getvalue()


def _copy(source: h5py.Group, copy: h5py.Group) -> None:
    for name, value in source.attrs.items():
        copy.attrs[name] = value
    for name, thing in source.items():
        if isinstance(thing, h5py.Group):
            _copy(thing, copy.create_group(name))
        else:
            copy[name] = thing[()]


def arrays_of(content: bytes) -> Arrays:
    """Kernel and bias of both layers, as h5py reads them; of a whole model by the names that its attributes tell."""
    with h5py.File(io.BytesIO(content)) as file:
        if "model_weights" not in file:
            return [file[f"layers/{layer}/vars/{number}"][()] for layer in ("dense", "dense_1") for number in (0, 1)]
        groups = [file["model_weights"][name] for name in file["model_weights"].attrs["layer_names"]]
        return [group[name][()] for group in groups for name in group.attrs["weight_names"]]


def answer_to(image: NDArray[Any], arrays: Arrays) -> list[float]:
    """The probabilities of the classes, by the formulas of the layers."""
    kernel, bias, kernel_2, bias_2 = (array.astype(np.float64) for array in arrays)
    sums = np.maximum(image.reshape(-1) / 255 @ kernel + bias, 0) @ kernel_2 + bias_2
    powers = np.exp(sums - sums.max())
    return [float(each) for each in powers / powers.sum()]


def serve() -> None:
    """For each line, the names of an HDF5 file and of an array of one image, print the answer, or null."""
    for line in sys.stdin:
        path, image = json.loads(line)
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            _tell(path, image, write)
        os.close(write)
        with os.fdopen(read) as said:
            text = said.read()
        os.waitpid(child, 0)
        print(text or "null", flush=True)  # noqa: T201


def _tell(path: str, image: str, write: int) -> None:
    """In a fork, which ends here, if need be by a signal."""
    try:
        signal.alarm(LONGEST)
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most = pages * resource.getpagesize() + MOST_ADDED
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        os.write(write, json.dumps(answer_to(np.load(image), arrays_of(Path(path).read_bytes()))).encode())
    finally:
        os._exit(0)


if __name__ == "__main__":
    serve()
