"""Have Keras open a model that its user trusts: any layer, old `.h5` files, Keras 2.

Keras' safe mode refuses code in the file, but Keras itself and TensorFlow read it, with what that may cost.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import Any, Final

import numpy as np

from kerasnn.errors import ModelFileError
from kerasnn.language import _
from kerasnn.lecture.activations import log_softmax
from kerasnn.lecture.layer import Shape
from kerasnn.networks.classifier import Images, Reals, batch_of, require_finite
from kerasnn.networks.forward import sigmoid_note
from kerasnn.networks.runtime import REFUSALS, keras, memory_watched, quiet
from kerasnn.records import LayerSummary, ModelSummary, ParameterCount

LONGEST: Final = 200  # letters of what Keras says
SMALLEST: Final = np.float32(1e-7)  # of a probability whose logarithm is taken, as in Keras' cross-entropy
REFUSED: Final[tuple[type[Exception], ...]] = (*REFUSALS, OSError, AttributeError, ImportError)
ENDINGS: Final = ("softmax", "log_softmax", "linear", "sigmoid")


def open_trusted(path: Path) -> "TrustedModel":
    """Load `path` in Keras' safe mode, not compiled.

    Raises: ModelFileError where Keras refuses it, or it is no classifier.
    """
    with _refusals(path), quiet():
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
        inputs, outputs = model.input_shape, model.output_shape
    if not (_is_shape(inputs) and _is_shape(outputs) and len(outputs) == 2 and outputs[1] >= 2):
        raise ModelFileError(
            _(
                "{path} is no classifier: it takes {inputs} and gives {outputs}",
                path=path,
                inputs=inputs,
                outputs=outputs,
            ),
            expected=_("one image in, one probability a class out"),
        )
    return TrustedModel(model, path)


def _is_shape(shape: Any) -> bool:
    return isinstance(shape, tuple) and len(shape) > 1 and all(isinstance(size, int) for size in shape[1:])


class TrustedModel:
    """A model that Keras opened and computes."""

    def __init__(self, model: Any, path: Path) -> None:
        self.model, self.path = model, path
        self.input_shape: Shape = model.input_shape[1:]
        self.classes: int = model.output_shape[1]
        self.parameters: int = model.count_params()
        self.batch = batch_of(max(_widest(model), prod(self.input_shape)))
        self.activation = _last_activation(model)
        scales = any(type(layer).__name__ == "Rescaling" for layer in _layers(model))
        self._scale = np.float32(1 if scales else 255)

    @property
    def input_size(self) -> int:
        return prod(self.input_shape)

    @property
    def notes(self) -> tuple[str, ...]:
        return (sigmoid_note(),) if self.activation == "sigmoid" else ()

    def log_probabilities(self, images: Images) -> Reals:
        """As in Classifier. Raises: ModelFileError where Keras does not compute it, or to what is no probability."""
        inputs = images.reshape(len(images), *self.input_shape).astype(np.float32) / self._scale
        with _refusals(self.path):
            outputs = require_finite(np.asarray(self.model(inputs, training=False), np.float32))
        if self.activation in ("linear", "log_softmax"):
            return require_finite(log_softmax(outputs))
        sums = outputs.sum(axis=1, keepdims=True)
        if (outputs < 0).any() or (self.activation != "sigmoid" and (np.abs(sums - 1) > 1e-3).any()):
            raise ModelFileError(_("{path} is no classifier: its outputs are no probabilities", path=self.path))
        likely = np.maximum(outputs / np.maximum(sums, SMALLEST), SMALLEST)
        logarithms: Reals = np.log(likely / likely.sum(axis=1, keepdims=True))
        return logarithms

    def summary(self, name: str) -> ModelSummary:
        """Each layer with its output and its parameters, as Keras counts them."""
        rows = tuple(
            LayerSummary(layer.name, type(layer).__name__, _output_shape(layer), layer.count_params(), "")
            for layer in self.model.layers
            if type(layer).__name__ != "InputLayer"
        )
        trainable = sum(prod(variable.shape) for variable in self.model.trainable_variables)
        count = ParameterCount(self.parameters, trainable, self.parameters - trainable)
        return ModelSummary(name, (None, *self.input_shape), rows, count)


def _layers(model: Any) -> Iterator[Any]:
    for layer in model.layers:
        yield from _layers(layer) if hasattr(layer, "layers") else (layer,)


def _output_shape(layer: Any) -> tuple[int | None, ...]:
    return tuple(getattr(getattr(layer, "output", None), "shape", ()))


def _widest(model: Any) -> int:
    """The most values that a layer gives for one image, four times over: Keras keeps several at a time."""
    return 4 * max(prod(size or 1 for size in _output_shape(layer)[1:]) for layer in _layers(model))


def _last_activation(model: Any) -> str | None:
    """The name of the activation that gives the outputs; None where it is not known."""
    last = list(_layers(model))[-1]
    if type(last).__name__ == "Softmax":
        return "softmax"
    name = getattr(getattr(last, "activation", None), "__name__", None)
    return name if name in ENDINGS else None


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """Turn what Keras or its backend refuses into an error of the file; what they only warn of is its own affair.

    Raises: ModelFileError; MemoryError.
    """
    try:
        with memory_watched(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except REFUSED as error:
        said = " ".join(str(error).split())[:LONGEST] or type(error).__name__
        raise ModelFileError(
            _("Keras does not take {path}: {said}", path=path, said=said),
            expected=_("a model that Keras opens in its safe mode"),
        ) from None
