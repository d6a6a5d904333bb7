"""What each pixel of an image does to the score of a class: the slope of the class's z, times the pixel.

Source: lecture, "logistic regression": in a model of one layer these are the terms w x of the sum.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.lecture.activations import ACTIVATIONS
from kerasnn.lecture.layer import Activation, Layer, Softmax
from kerasnn.lecture.layers import Dense
from kerasnn.networks.classifier import Classifier, Images, unrolled
from kerasnn.networks.forward import Network, OneVsRest

Values = NDArray[np.float64]

STEP: Final = 1e-5  # of central differences in float64, whose error is then about 1e-10


def pixel_effects(classifier: Classifier, image: Images, label: int) -> Values | None:
    """Return the slope of z of class `label` by each value of `image`, times that value: float64 of its shape.

    In a network with one output, z of the first class is that of the second with the other sign. None for a model whose
    slopes kerasnn does not compute: opened by Keras, or with softmax between its layers.
    """
    if isinstance(classifier, OneVsRest):
        return np.asarray(classifier.coefficients[label] * unrolled(image[np.newaxis]), np.float64).reshape(image.shape)
    if not isinstance(classifier, Network):
        return None
    slopes = _slopes(classifier, image, label)
    if slopes is None:
        return None
    values = next(classifier.outputs(image[np.newaxis])).astype(np.float64)
    return np.asarray(slopes * values).reshape(image.shape)


def _slopes(network: Network, image: Images, label: int) -> Values | None:
    """Return the slopes of z by the network's inputs, of shape (1, *input_shape), from the last layer to the first."""
    place, activation = network.ending
    end = len(network.architecture.layers) if activation == "linear" else place
    *inputs, last = network.outputs(image[np.newaxis], end)
    ending = network.architecture.layers[place]
    before_activation = activation != "linear" and isinstance(ending, Dense)
    units = ending.units if before_activation and isinstance(ending, Dense) else last.size
    slopes: Values = np.zeros((1, units))
    slopes[0, 0 if units == 1 else label] = -1 if units == 1 and label == 0 else 1
    if before_activation:
        slopes = np.asarray(slopes @ network.variables[place][0].T, np.float64)
    slopes = slopes.reshape(last.shape)
    for index in reversed(range(end)):
        found = _through(network.architecture.layers[index], network.variables[index], inputs[index], slopes)
        if found is None:
            return None
        slopes = found
    return slopes


def _through(layer: Layer, own: tuple[Any, ...], inputs: NDArray[Any], slopes: Values) -> Values | None:
    """Return the slopes by the `inputs` of a layer from those by its outputs."""
    values: Any = inputs.astype(np.float64)
    match layer:
        case Softmax() | Dense(activation="softmax" | "log_softmax") | Activation(activation="softmax" | "log_softmax"):
            return None
        case Dense():
            known = ACTIVATIONS[layer.activation]
            z: Any = layer.z(values, own)
            slopes = slopes * (known.slope(z) if known.slope else _difference(known.function, z))
            return np.asarray(slopes @ own[0].T, np.float64)
    if layer.output_shape(inputs.shape[1:]) != inputs.shape[1:]:
        return slopes.reshape(inputs.shape)  # Flatten and Reshape
    return slopes * _difference(lambda each: layer.compute(each, own), values)


def _difference(function: Callable[[Any], NDArray[Any]], values: Values) -> Values:
    """Return the slope of a function of single values at each of `values`."""
    return np.asarray((function(values + STEP) - function(values - STEP)) / (2 * STEP))
