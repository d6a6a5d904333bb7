"""Let Keras open a model that the user trusts: any layer, old `.h5` files, Keras 2.

Keras' safe mode refuses code in the file, but Keras and TensorFlow read it without limits on time or memory.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
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
from kerasnn.networks.files.outputs import loss_name, notes_on, refuse_other_outputs
from kerasnn.networks.files.trusted_layers import ending, operations, output_shape, steps, takes_whole_numbers, widest
from kerasnn.networks.pixels import notes_on_pixels, step_for_bytes
from kerasnn.networks.runtime import REFUSALS, keras, memory_watched, quiet
from kerasnn.records import LayerSummary, ModelSummary, ParameterCount

LONGEST: Final = 200  # characters quoted from Keras' messages
SMALLEST: Final = np.float32(1e-7)  # probabilities below it count as this much, as in Keras' cross-entropy
REFUSED: Final[tuple[type[Exception], ...]] = (*REFUSALS, OSError, AttributeError, ImportError)
ROUNDING: Final = {"float16": 1e-2, "bfloat16": 5e-2}  # how far a sum of rounded probabilities may be from 1
EXACT: Final = 1e-3  # of float32


def open_trusted(path: Path, compiled: Any) -> "TrustedModel":
    """Load `path` in Keras' safe mode, not compiled. `compiled`: its compile configuration; None if unknown.

    Raises: ModelFileError if Keras refuses it, or it is not a classifier.
    """
    with _refusals(path), quiet():
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
        inputs, outputs = ([each.shape for each in ends] for ends in (model.inputs, model.outputs))
        if len(inputs) == len(outputs) == 1 and not isinstance(model, keras.Sequential):
            model = keras.Model(model.inputs[0], model.outputs[0])  # without the names that its author gave them
    if not (_is_shape(inputs) and _is_shape(outputs) and len(outputs[0]) == 2):
        raise _no_classifier(path, inputs, outputs)
    opened = TrustedModel(model, path, compiled)
    loss, classes = loss_name(compiled), outputs[0][1]
    one_number = "crossentropy" not in loss and opened.activation != "sigmoid"
    if classes == 1 and (one_number or opened.activation in ("softmax", "log_softmax")):  # a regression, or always 1
        raise _no_classifier(path, inputs, outputs)
    try:
        refuse_other_outputs(opened.activation, classes, opened.input_size, loss)
    except Unsafe as reason:
        raise ModelFileError(_("{path} cannot be opened: {reason}", path=path, reason=reason)) from None
    return opened


def _is_shape(shapes: list[Any]) -> bool:
    """Return True if there is one shape, with known sizes after the batch axis."""
    return len(shapes) == 1 and len(shapes[0]) > 1 and all(isinstance(size, int) for size in shapes[0][1:])


def _no_classifier(path: Path, *ends: list[Any]) -> ModelFileError:
    inputs, outputs = (", ".join(map(str, shapes)) for shapes in ends)
    return ModelFileError(
        _(
            "{path} is not a classifier: it takes {inputs} and gives {outputs}",
            path=path,
            inputs=inputs,
            outputs=outputs,
        ),
        expected=_("one image in, one probability per class out"),
    )


class TrustedModel:
    """A Classifier that Keras opened and computes.

    `activation`: what gave the outputs; None if they are probabilities, as far as is known. `scales_pixels`: whether it
    takes pixels from 0 to 255.
    """

    def __init__(self, model: Any, path: Path, compiled: Any) -> None:
        self.model, self.path = model, path
        self.input_shape: Shape = model.input_shape[1:]
        self.input_size = prod(self.input_shape)
        self.classes: int = max(2, model.output_shape[1])  # one output tells two classes apart
        self.parameters: int = model.count_params()
        self.batch = batch_of(max(widest(model), self.input_size))
        step, whole = step_for_bytes(steps(model)), takes_whole_numbers(model)
        self.scales_pixels = whole or step is not None
        self.rounding = max(ROUNDING.get(getattr(each, "compute_dtype", ""), EXACT) for each in operations(model))
        self.activation: str | None = None
        images = np.random.RandomState(0).randint(0, 256, (4, *self.input_shape)).astype(np.uint8)
        self.activation = ending(model, compiled, lambda: self._are_probabilities(self._outputs(images)))
        self.notes = (
            *notes_on(self.activation, model.output_shape[1], loss=loss_name(compiled)),
            *notes_on_pixels(step, whole=whole),
        )

    def _outputs(self, images: Images) -> Reals:
        """Return what Keras computes. Raises: ModelFileError if it cannot, or some are not finite."""
        inputs = images.reshape(len(images), *self.input_shape).astype(np.float32)
        if not self.scales_pixels:
            inputs /= np.float32(255)
        with _refusals(self.path):
            outputs = keras.ops.convert_to_numpy(self.model(inputs, training=False))
        return require_finite(outputs.astype(np.float32))

    def _are_probabilities(self, outputs: Reals) -> bool:
        independent = self.activation == "sigmoid"
        return bool((outputs >= 0).all() and (independent or (abs(outputs.sum(axis=1) - 1) <= self.rounding).all()))

    def log_probabilities(self, images: Images) -> Reals:
        """Return the logarithms of the probabilities, as in Classifier.

        Raises: ModelFileError if Keras cannot compute the model, or its outputs are not probabilities.
        """
        outputs, logits = self._outputs(images), self.activation in ("linear", "log_softmax")
        if outputs.shape[1] == 1:  # softmax of (0, z) is sigmoid(-z), sigmoid(z)
            outputs = np.concatenate([0 * outputs if logits else 1 - outputs, outputs], axis=1)
        if logits:
            return require_finite(log_softmax(outputs))
        if not self._are_probabilities(outputs):
            raise ModelFileError(_("{path} is not a classifier: its outputs are not probabilities", path=self.path))
        sums = outputs.sum(axis=1, keepdims=True)
        likely = np.maximum(outputs / np.maximum(sums, SMALLEST), SMALLEST)
        logarithms: Reals = np.log(likely / likely.sum(axis=1, keepdims=True))
        return logarithms

    def on_other_pixels(self) -> "TrustedModel":
        """Return the model as it would be if it took pixels from 0 to 1 instead of 0 to 255, or the reverse."""
        other = copy(self)
        other.scales_pixels = not self.scales_pixels
        return other

    def summary(self, name: str) -> ModelSummary:
        """Return each layer with its output shape and its number of parameters, as Keras counts them."""
        rows = tuple(
            LayerSummary(layer.name, type(layer).__name__, output_shape(layer), layer.count_params(), "")
            for layer in self.model.layers
            if type(layer).__name__ != "InputLayer"
        )
        trainable = sum(prod(variable.shape) for variable in self.model.trainable_variables)
        count = ParameterCount(self.parameters, trainable, self.parameters - trainable)
        return ModelSummary(name, (None, *self.input_shape), rows, count)


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
