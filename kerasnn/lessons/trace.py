"""What a model file holds: its Dense layers, what each of them computes, and the epochs of its training."""

from dataclasses import dataclass, replace

from kerasnn.language import _
from kerasnn.lecture.activations import ACTIVATIONS
from kerasnn.lecture.layers import Dense, Dropout
from kerasnn.networks.classifier import Reals
from kerasnn.networks.forward import Network, OneVsRest
from kerasnn.records import Epoch, counts_from_1
from kerasnn.runs.find_model import FoundModel, damaged, read_card


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
    use_bias: bool = True  # if False, `bias` is zeros

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
            own = next(weights)  # layers without weights have no entry
            layers.append(DenseLayer(layer.name, *own, layer.activation, use_bias=layer.use_bias))
        elif isinstance(layer, Dropout) and layers:
            layers[-1] = replace(layers[-1], dropout=layer.rate)
    return tuple(layers)


def stored_arrays(model: Network | OneVsRest) -> tuple[tuple[Reals, ...], ...]:
    """Return the arrays of each layer of `model`, as they are in its file."""
    return model.variables if isinstance(model, Network) else ((model.coefficients, model.intercepts),)


def trace(layers: tuple[DenseLayer, ...], values: Reals) -> tuple[LayerTrace, ...]:
    """Feed `values`, float32 of shape (n, inputs), through `layers`, and return what each of them computed."""
    traces = []
    for layer in layers:
        z = layer.z(values)
        traces.append(LayerTrace(layer, values, z, ACTIVATIONS[layer.activation].function(z)))
        values = traces[-1].outputs
    return tuple(traces)


def history_of(found: FoundModel) -> tuple[Epoch, ...]:
    """Return the epochs that a model's card records; empty if it records none.

    Raises: ModelFileError if they are damaged.
    """
    recorded = found.card.get("history")
    if recorded is None:
        return ()
    history = read_card(found, tuple[Epoch, ...], recorded)
    if not counts_from_1(history):
        raise damaged(found, _("its epochs do not count from 1"))
    return history
