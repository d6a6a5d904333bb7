"""The Dense layers of a model with their weights, and what each of them computes for given inputs."""

from dataclasses import dataclass

from kerasnn.lecture.activations import ACTIVATIONS
from kerasnn.lecture.layers import Dense, Dropout
from kerasnn.networks.classifier import Reals
from kerasnn.networks.forward import Network


@dataclass(frozen=True)
class DenseLayer:
    """A Dense layer with its weights: `kernel` float32 of shape (inputs, units), `bias` of shape (units,).

    `dropout`: the share of its outputs that training drops.
    """

    name: str
    kernel: Reals
    bias: Reals
    activation: str
    dropout: float = 0.0

    def z(self, values: Reals) -> Reals:
        """Return the linear function of `values`, shape (n, inputs), before the activation: shape (n, units)."""
        return values @ self.kernel + self.bias


@dataclass(frozen=True)
class LayerTrace:
    """What a layer computed for n images: `inputs` of shape (n, inputs), `z` and `outputs` of shape (n, units)."""

    layer: DenseLayer
    inputs: Reals
    z: Reals
    outputs: Reals


def layers_of(network: Network) -> tuple[DenseLayer, ...]:
    """Return the Dense layers of `network` in order, each with the rate of the Dropout layer that follows it."""
    layers: list[DenseLayer] = []
    weights = iter(network.weights)
    for layer in network.architecture.layers:
        if isinstance(layer, Dense):
            own = next(weights)
            layers.append(DenseLayer(layer.name, own.kernel, own.bias, layer.activation))
        elif isinstance(layer, Dropout) and layers:
            last = layers[-1]
            layers[-1] = DenseLayer(last.name, last.kernel, last.bias, last.activation, layer.rate)
    return tuple(layers)


def trace(layers: tuple[DenseLayer, ...], values: Reals) -> tuple[LayerTrace, ...]:
    """Feed `values`, float32 of shape (n, inputs), through `layers`, and return what each of them computed."""
    traces = []
    for layer in layers:
        z = layer.z(values)
        outputs = ACTIVATIONS[layer.activation].function(z)
        traces.append(LayerTrace(layer, values, z, outputs))
        values = outputs
    return tuple(traces)
