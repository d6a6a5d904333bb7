"""The forward pass of trained models in NumPy: of networks, with Keras' predictions, and of one-vs-rest regression."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kerasnn.lecture.activations import log_softmax
from kerasnn.lecture.layer import Activation, Rescaling, Reshape, Shape, Softmax
from kerasnn.lecture.layers import BatchNormalization, Dense, Dropout, Flatten
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.classifier import Images, Reals, batch_of, finite_throughout, require_finite, unrolled
from kerasnn.networks.pixels import Step, normalising, step_for_bytes
from kerasnn.records import LayerSummary, ModelSummary, Note, ParameterCount


class Weights(NamedTuple):
    """A Dense layer's `kernel`, float32 of shape (inputs, units), and `bias`, of shape (units,)."""

    kernel: Reals
    bias: Reals


ENDINGS: Final = ("linear", "sigmoid", "softmax", "log_softmax")


class Ending(NamedTuple):
    """How a network ends: the index of the layer that gives its outputs, and that layer's activation."""

    place: int
    activation: str


def ending_of(architecture: Architecture) -> Ending | None:
    """Return how the outputs become probabilities; None if they cannot.

    `softmax` and `log_softmax` give probabilities, `linear` gives logits. `sigmoid` gives the probability of each class
    against the rest; these are divided by their sum. A single sigmoid, or its logit, is for the second of two classes.
    Layers after the ending change no value, or scale logits.
    """
    if len(architecture.output_shape) != 1:
        return None
    scaled = False  # by a temperature, which gives other logits
    for place, (layer, inputs) in reversed(list(enumerate(architecture.with_inputs()))):
        match layer:
            case Dropout() | Activation(activation="linear"):
                continue
            case Flatten() | Reshape() if inputs[-1] == prod(inputs):
                continue
            case Rescaling():
                scaled = True
                continue
            case Softmax() if layer.axis in (-1, len(inputs)):
                found = "softmax"
            case Dense() | Activation():
                found = layer.activation
            case _:
                return None
        endings = ENDINGS[:2] if architecture.classes == 1 else ENDINGS  # softmax of one value is always 1
        return Ending(place, found) if found in endings and (found == "linear" or not scaled) else None
    return None


@dataclass(frozen=True)
class Network:
    """A trained network: an architecture that ends as `ending_of` requires, and its weights.

    `variables`: for each layer, an array for each of `Layer.variables`. `notes`: as in Classifier. `takes_bytes`: that
    it takes pixels from 0 to 255, or from 0 to 1; None if only its first layers can tell.
    """

    architecture: Architecture
    variables: tuple[tuple[Reals, ...], ...]
    notes: tuple[Note, ...] = ()
    takes_bytes: bool | None = None

    @property
    def input_shape(self) -> Shape:
        return self.architecture.input_shape

    @property
    def input_size(self) -> int:
        return prod(self.input_shape)

    @property
    def classes(self) -> int:
        return max(2, self.architecture.classes)  # one output tells two classes apart

    @property
    def parameters(self) -> int:
        return self.architecture.parameters

    @property
    def batch(self) -> int:
        return batch_of(self.architecture.widest)

    @cached_property
    def ending(self) -> Ending:
        """The ending of the architecture. Raises: ValueError if it has none, which is a bug of the caller."""
        found = ending_of(self.architecture)
        if found is None:
            last = self.architecture.layers[-1]
            raise ValueError(f"the network ends with {last}, where a Dense layer with softmax was expected")
        return found

    @property
    def weights(self) -> tuple[Weights, ...]:
        """Kernel and bias of each Dense layer, in order; the bias of a layer without one is zeros."""
        layers = zip(self.architecture.layers, self.variables, strict=True)
        return tuple(
            Weights(own[0], own[1] if layer.use_bias else np.zeros(layer.units, np.float32))
            for layer, own in layers
            if isinstance(layer, Dense)
        )

    def summary(self, name: str) -> ModelSummary:
        return self.architecture.summary(name)

    def logits(self, images: Images) -> NDArray[np.float32]:
        """Compute the input of softmax: float32 of shape (n, classes). Dropout does nothing.

        Raises: ModelFileError if the weights are so large that a value is not finite.
        """
        place, activation = self.ending
        # to the end if it is linear, for a temperature may follow
        values = deque(self.outputs(images, None if activation == "linear" else place), maxlen=1).pop()
        with finite_throughout():
            last, own = self.architecture.layers[place], self.variables[place]
            # before its activation; an Activation or Softmax layer has nothing but its activation
            z = last.z(values, own) if isinstance(last, Dense) and activation != "linear" else values
            z = z.reshape(len(images), -1)
            if z.shape[1] == 1:  # softmax of (0, z) is sigmoid(-z), sigmoid(z)
                z = np.concatenate([np.zeros_like(z), z], axis=1)
            elif activation == "sigmoid":
                z = -np.logaddexp(np.float32(0), -z)  # log(sigmoid(z)), whose softmax is sigmoid(z) over its sum
        return require_finite(z)

    def outputs(self, images: Images, end: int | None = None) -> Iterator[Reals]:
        """Yield the images as the first layer takes them, then what each layer in front of layer `end` computes.

        Shapes: (n, *input_shape), then (n, *output_shape) of the layer.
        """
        values = self._inputs(images)
        yield values
        for layer, own in zip(self.architecture.layers[:end], self.variables, strict=False):
            with finite_throughout():
                values = layer.compute(values, own)
            yield values

    def log_probabilities(self, images: Images) -> Reals:
        logits = self.logits(images)
        with finite_throughout():
            logarithms: Reals = log_softmax(logits)
        return require_finite(logarithms)

    @cached_property
    def scales_pixels(self) -> bool:
        """Whether the network takes pixels from 0 to 255, and scales them itself."""
        return self.step_for_bytes is not None if self.takes_bytes is None else self.takes_bytes

    @property
    def step_for_bytes(self) -> Step | None:
        """The layer that shows that the network takes pixels from 0 to 255; None if there is none."""
        return step_for_bytes(self._steps())

    def _steps(self) -> Iterator[Step]:
        """Yield how the layers in front of the first weights learnt from labels scale pixels."""
        for layer, own in zip(self.architecture.layers, self.variables, strict=True):
            match layer:
                case Rescaling():
                    yield Step(layer.name, layer.scale, layer.offset)
                case BatchNormalization():
                    yield normalising(layer.name, own[-2], own[-1], layer.epsilon)
                    return
                case Dense():
                    return

    def on_other_pixels(self) -> "Network":
        """Return the network as it would be if it took pixels from 0 to 1 instead of 0 to 255, or the reverse."""
        return replace(self, takes_bytes=not self.scales_pixels)

    def _inputs(self, images: Images) -> Reals:
        """Return the images as the first layer takes them: in [0, 1], or 0..255 if the network itself scales them."""
        values = images.astype(np.float32) if self.scales_pixels else unrolled(images)
        return values.reshape(len(images), *self.architecture.input_shape)


@dataclass(frozen=True)
class OneVsRest:
    """A trained model: `coefficients`, float32 of shape (classes, inputs), and `intercepts`, of shape (classes,).

    Each row separates one class from all others; the probabilities are the rows' sigmoids divided by their sum.
    """

    coefficients: Reals
    intercepts: Reals

    @property
    def input_shape(self) -> Shape:
        return (self.input_size,)

    @property
    def input_size(self) -> int:
        return int(self.coefficients.shape[1])

    @property
    def classes(self) -> int:
        return len(self.coefficients)

    @property
    def parameters(self) -> int:
        return int(self.coefficients.size + self.intercepts.size)

    @property
    def batch(self) -> int:
        return batch_of(max(self.coefficients.shape))

    @property
    def notes(self) -> tuple[Note, ...]:
        return ()

    def summary(self, name: str) -> ModelSummary:
        """Return its single layer in the form of a network's summary."""
        layer = Dense("one-vs-rest", self.classes, "sigmoid")
        inputs = (self.input_size,)
        row = LayerSummary(layer.name, "SGDClassifier", (None, self.classes), self.parameters, layer.formula(inputs))
        return ModelSummary(name, (None, *inputs), (row,), ParameterCount(self.parameters, self.parameters, 0))

    def log_probabilities(self, images: Images) -> Reals:
        with finite_throughout():
            z = require_finite(unrolled(images) @ self.coefficients.T + self.intercepts).astype(np.float64)
        log_sigmoid = -np.logaddexp(0.0, -z)
        logarithms: Reals = (log_sigmoid - np.logaddexp.reduce(log_sigmoid, axis=1, keepdims=True)).astype(np.float32)
        # float32 may round the logarithms of several large z to the same value; as in scikit-learn, the highest z wins
        rows, answers = np.arange(len(z)), z.argmax(axis=1)
        highest = logarithms.max(axis=1)
        tied = logarithms.argmax(axis=1) != answers
        logarithms[rows[tied], answers[tied]] = np.nextafter(highest[tied], np.float32(np.inf))
        return logarithms
