"""ONNX, computed by onnxruntime when read back; its metadata are `metadata_props`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from kerasnn.exports.keras_model import keras_model, refusals
from kerasnn.exports.network import INPUT, Leaving
from kerasnn.files.seal import BLANK
from kerasnn.networks.classifier import Images, Reals
from kerasnn.networks.runtime import keras

FORM: Final = "ONNX"


def write(network: Leaving, path: Path) -> None:
    """Write `network` to `path`."""
    import onnx

    takes = keras.InputSpec(shape=(None, *network.input_shape), dtype="float32", name=INPUT)
    with refusals(FORM):
        keras_model(network).export(path, format="onnx", verbose=False, input_signature=[takes])
    written = onnx.load(path)
    about = {**network.about, "seal": BLANK}
    told = {key: json.dumps(each, ensure_ascii=False).strip('"') for key, each in about.items()}
    onnx.helper.set_model_props(written, told)
    onnx.save(written, path)


def reader(path: Path, network: Leaving) -> Callable[[Images], Reals]:
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return lambda images: np.asarray(session.run(None, {INPUT: network.inputs(images)})[0])
