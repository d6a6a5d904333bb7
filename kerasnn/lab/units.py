"""The Dense layers of a model, and what their units compute."""

from typing import NamedTuple

from kerasnn.lecture.activations import ACTIVATIONS
from kerasnn.lecture.layers import Dense
from kerasnn.networks.classifier import Classifier, Images, Reals, finite_throughout, unrolled
from kerasnn.networks.forward import Network, OneVsRest


class Units(NamedTuple):
    """A Dense layer: its `kernel`, (inputs, units), and `bias`, (units,). `place`: among all layers of the network."""

    name: str
    activation: str
    kernel: Reals
    bias: Reals
    place: int


def dense_layers(classifier: Classifier) -> list[Units]:
    """Return the Dense layers in order; none for a model that kerasnn does not compute itself."""
    if isinstance(classifier, OneVsRest):
        return [Units("one-vs-rest", "sigmoid", classifier.coefficients.T, classifier.intercepts, 0)]
    if not isinstance(classifier, Network):
        return []
    dense = [(place, each) for place, each in enumerate(classifier.architecture.layers) if isinstance(each, Dense)]
    return [
        Units(layer.name, layer.activation, weights.kernel, weights.bias, place)
        for (place, layer), weights in zip(dense, classifier.weights, strict=True)
    ]


def responses(classifier: Classifier, images: Images, layer: Units) -> tuple[Reals, Reals]:
    """Return z and output of each unit of `layer` for each image: two arrays of shape (n, units)."""
    if isinstance(classifier, Network):
        *_before, values = classifier.outputs(images, layer.place)
    else:
        values = unrolled(images)
    with finite_throughout():
        z: Reals = values @ layer.kernel + layer.bias
        outputs: Reals = ACTIVATIONS[layer.activation].function(z)
    return z.reshape(len(images), -1), outputs.reshape(len(images), -1)


def last_hidden(classifier: Classifier, images: Images) -> Reals | None:
    """Return the outputs of the last hidden Dense layer, (n, units); None for a model without one."""
    layers = dense_layers(classifier)
    return responses(classifier, images, layers[-2])[1] if len(layers) > 1 else None
