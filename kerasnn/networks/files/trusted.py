"""Let Keras open a model that the user trusts: any layer, old `.h5` files, Keras 2.

Keras' safe mode refuses code in the file, but Keras and TensorFlow read it without limits on time or memory.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from math import prod
from pathlib import Path
from typing import Any, Final

import numpy as np

from kerasnn.errors import ModelFileError
from kerasnn.language import _
from kerasnn.lecture.activations import log_softmax
from kerasnn.lecture.layer import Shape
from kerasnn.networks.classifier import Images, Reals, batch_of, require_finite
from kerasnn.networks.files import Unsafe
from kerasnn.networks.files.outputs import notes_on, refuse_other_outputs
from kerasnn.networks.runtime import REFUSALS, keras, memory_watched, quiet
from kerasnn.records import LayerSummary, ModelSummary, ParameterCount

LONGEST: Final = 200  # characters quoted from Keras' messages
SMALLEST: Final = np.float32(1e-7)  # probabilities below it count as this much, as in Keras' cross-entropy
REFUSED: Final[tuple[type[Exception], ...]] = (*REFUSALS, OSError, AttributeError, ImportError)
ENDINGS: Final = ("softmax", "log_softmax", "linear", "sigmoid")  # activations whose outputs kerasnn can interpret


def open_trusted(path: Path, loss: str) -> "TrustedModel":
    """Load `path` in Keras' safe mode, not compiled. `loss`: that it was compiled with; "" if unknown.

    Raises: ModelFileError if Keras refuses it, or it is not a classifier.
    """
    with _refusals(path), quiet():
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
        inputs, outputs = model.input_shape, model.output_shape
    one_class = outputs == (None, 1) and _last_activation(model) != "sigmoid"  # a regression, or always 1
    if one_class or not (_is_shape(inputs) and _is_shape(outputs) and len(outputs) == 2):
        raise ModelFileError(
            _(
                "{path} is not a classifier: it takes {inputs} and gives {outputs}",
                path=path,
                inputs=inputs,
                outputs=outputs,
            ),
            expected=_("one image in, one probability per class out"),
        )
    try:
        refuse_other_outputs(_last_activation(model), outputs[1], prod(inputs[1:]), loss)
    except Unsafe as reason:
        raise ModelFileError(_("{path} cannot be opened: {reason}", path=path, reason=reason)) from None
    return TrustedModel(model, path, loss)


def _is_shape(shape: Any) -> bool:
    """Return True for one shape with known sizes after the batch axis; several inputs have a list of shapes."""
    return isinstance(shape, tuple) and len(shape) > 1 and all(isinstance(size, int) for size in shape[1:])


class TrustedModel:
    """A Classifier that Keras opened and computes."""

    def __init__(self, model: Any, path: Path, loss: str) -> None:
        self.model, self.path = model, path
        self.input_shape: Shape = model.input_shape[1:]
        self.input_size = prod(self.input_shape)
        self.classes: int = max(2, model.output_shape[1])  # one sigmoid tells two classes apart
        self.parameters: int = model.count_params()
        self.batch = batch_of(max(_widest(model), self.input_size))
        self.activation = _last_activation(model)
        self.notes = notes_on(self.activation, model.output_shape[1], loss=loss)
        # a model that begins with a Rescaling layer takes 0..255, any other one is assumed to take [0, 1]
        before = takewhile(_has_no_weights, _layers(model))
        self.scales_pixels = any(type(layer).__name__ == "Rescaling" for layer in before)

    def log_probabilities(self, images: Images) -> Reals:
        """Return the logarithms of the probabilities, as in Classifier.

        Raises: ModelFileError if Keras cannot compute the model, or its outputs are not probabilities.
        """
        inputs = images.reshape(len(images), *self.input_shape).astype(np.float32)
        if not self.scales_pixels:
            inputs /= np.float32(255)
        with _refusals(self.path):
            outputs = require_finite(np.asarray(self.model(inputs, training=False), np.float32))
        if outputs.shape[1] == 1:
            outputs = np.concatenate([1 - outputs, outputs], axis=1)
        if self.activation in ("linear", "log_softmax"):
            return require_finite(log_softmax(outputs))
        sums = outputs.sum(axis=1, keepdims=True)
        if (outputs < 0).any() or (self.activation != "sigmoid" and (np.abs(sums - 1) > 1e-3).any()):
            raise ModelFileError(_("{path} is not a classifier: its outputs are not probabilities", path=self.path))
        likely = np.maximum(outputs / np.maximum(sums, SMALLEST), SMALLEST)
        logarithms: Reals = np.log(likely / likely.sum(axis=1, keepdims=True))
        return logarithms

    def summary(self, name: str) -> ModelSummary:
        """Return each layer with its output shape and its number of parameters, as Keras counts them."""
        rows = tuple(
            LayerSummary(layer.name, type(layer).__name__, _output_shape(layer), layer.count_params(), "")
            for layer in self.model.layers
            if type(layer).__name__ != "InputLayer"
        )
        trainable = sum(prod(variable.shape) for variable in self.model.trainable_variables)
        count = ParameterCount(self.parameters, trainable, self.parameters - trainable)
        return ModelSummary(name, (None, *self.input_shape), rows, count)


def _layers(model: Any) -> Iterator[Any]:
    """Yield the layers of `model`, and those of the models inside it."""
    for layer in model.layers:
        yield from _layers(layer) if hasattr(layer, "layers") else (layer,)


def _has_no_weights(layer: Any) -> bool:
    return not layer.weights


def _output_shape(layer: Any) -> tuple[int | None, ...]:
    return tuple(getattr(getattr(layer, "output", None), "shape", ()))


def _widest(model: Any) -> int:
    """Return four times the most values that a layer gives for one image: Keras keeps several outputs at a time."""
    return 4 * max(prod(size or 1 for size in _output_shape(layer)[1:]) for layer in _layers(model))


def _last_activation(model: Any) -> str | None:
    """Return the name of the activation that computes the outputs; None if it is unknown."""
    last = list(_layers(model))[-1]
    if type(last).__name__ == "Softmax":
        return "softmax"
    name = getattr(getattr(last, "activation", None), "__name__", None)
    return name if name in ENDINGS else None


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """Turn exceptions of Keras or its backend into ModelFileError, and hide their warnings.

    Raises: ModelFileError; MemoryError.
    """
    try:
        with memory_watched(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except REFUSED as error:
        said = " ".join(str(error).split())[:LONGEST] or type(error).__name__
        raise ModelFileError(
            _("Keras refuses {path}: {said}", path=path, said=said),
            expected=_("a model that Keras opens in its safe mode"),
        ) from None
