"""LiteRT, known as TensorFlow Lite: its metadata are a zip at the end of the file, as is usual there."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from kerasnn.exports.keras_model import keras_model, refusals
from kerasnn.exports.network import Leaving
from kerasnn.files.seal import BLANK
from kerasnn.networks.classifier import Images, Reals

FORM: Final = "LiteRT"
ABOUT: Final = "kerasnn.json"
LABELS: Final = "labels.txt"  # as apps look for it


def write(network: Leaving, path: Path) -> None:
    """Write `network` to `path`."""
    with refusals(FORM):
        keras_model(network).export(path, format="litert", verbose=False)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(LABELS, "".join(f"{name}\n" for name in network.names))
        archive.writestr(ABOUT, network.about_text)
        archive.comment = BLANK.encode()


def reader(path: Path, network: Leaving) -> Callable[[Images], Reals]:
    with refusals(FORM):
        from ai_edge_litert.interpreter import Interpreter

        interpreter = Interpreter(str(path))
    (taken,), (given,) = interpreter.get_input_details(), interpreter.get_output_details()

    def compute(images: Images) -> Reals:
        values = network.inputs(images)
        with refusals(FORM):
            interpreter.resize_tensor_input(taken["index"], values.shape)
            interpreter.allocate_tensors()
            interpreter.set_tensor(taken["index"], values)
            interpreter.invoke()
        return np.asarray(interpreter.get_tensor(given["index"]))

    return compute
