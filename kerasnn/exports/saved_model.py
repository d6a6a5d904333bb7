"""TensorFlow's SavedModel, a folder; its metadata are in the folder for extra assets."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from kerasnn.exports.keras_model import keras_model, refusals
from kerasnn.exports.network import Leaving
from kerasnn.files.seal import IN_FOLDER
from kerasnn.networks.classifier import Images, Reals
from kerasnn.networks.runtime import tf

FORM: Final = "SavedModel"


def write(network: Leaving, path: Path) -> None:
    """Write `network` to the folder `path`."""
    with refusals(FORM):
        keras_model(network).export(path, format="tf_saved_model", verbose=False)
    about = path / IN_FOLDER  # TensorFlow leaves the folder assets.extra to its users
    about.parent.mkdir()
    about.write_text(network.sealed_text + "\n", encoding="utf-8")


def reader(path: Path, network: Leaving) -> Callable[[Images], Reals]:
    with refusals(FORM):
        loaded = tf.saved_model.load(path)  # its variables live as long as it does
    return lambda images: np.asarray(loaded.serve(network.inputs(images)))
