"""Keras models as classifiers: one just trained, or one from a file that needs Keras itself to be opened."""

from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from kerasnn.errors import ModelFileError
from kerasnn.language import _
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.classifier import Images, Reals
from kerasnn.networks.forward import Network, Weights
from kerasnn.networks.runtime import keras

# Keras passes on whatever its layers, h5py and the zip reader raise
_OPENING_FAILS = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ImportError,
    RuntimeError,
    ArithmeticError,
)


def network_of(model: keras.Sequential, architecture: Architecture) -> Network:
    """The trained `model`, which was built from `architecture`, as NumPy computes it."""
    dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    return Network(architecture, tuple(Weights(*map(np.asarray, layer.get_weights())) for layer in dense))


class ForeignModel:
    """A model of layers the lecture does not have, computed by Keras. Its outputs are taken for probabilities."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.shape = tuple(model.input_shape[1:])
        rescales = any(isinstance(layer, keras.layers.Rescaling) for layer in model.layers)
        self.scale = np.float32(1 if rescales else 255)

    @property
    def input_size(self) -> int:
        return prod(self.shape)

    @property
    def classes(self) -> int:
        return int(self.model.output_shape[-1])

    @property
    def parameters(self) -> int:
        return int(self.model.count_params())

    def log_probabilities(self, images: Images) -> Reals:
        inputs = images.reshape(len(images), *self.shape).astype(np.float32) / self.scale
        probabilities = np.asarray(self.model(inputs, training=False), np.float32)
        logarithms: Reals = np.log(np.maximum(probabilities, np.float32(1e-7)))
        return logarithms


def open_foreign(path: Path) -> ForeignModel:
    """The model in `path`, opened by Keras in safe mode.

    Raises: ModelFileError where Keras cannot or will not open it, or it does not classify images.
    """
    try:
        model = keras.models.load_model(path, compile=False, safe_mode=True)
    except _OPENING_FAILS as error:
        reason = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        raise ModelFileError(
            _("Keras cannot open {path}: {reason}", path=path, reason=reason),
            expected=_("a .keras file of Keras' own layers"),
        ) from None
    shape, output = getattr(model, "input_shape", None), getattr(model, "output_shape", None)
    if not (_fixed(shape) and _fixed(output) and output is not None and len(output) == 2):
        raise ModelFileError(
            _("{path} takes {shape} and gives {output}", path=path, shape=shape, output=output),
            expected=_("one image in, one probability a class out"),
        )
    return ForeignModel(model)


def _fixed(shape: Any) -> bool:
    return isinstance(shape, tuple) and len(shape) > 1 and all(isinstance(size, int) for size in shape[1:])
