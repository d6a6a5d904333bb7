"""Keras models as classifiers: one just trained, or one from a file with layers that only Keras computes."""

from math import prod
from typing import Any, Final

import numpy as np

from kerasnn.networks.architecture import Architecture
from kerasnn.networks.classifier import Images, Reals
from kerasnn.networks.forward import Network, Weights
from kerasnn.networks.kinds import KINDS
from kerasnn.networks.plan import Plan
from kerasnn.networks.runtime import keras
from kerasnn.networks.weights import WeightFile

MOST_VALUES: Final = 1 << 24  # float32 between two layers at one time: 64 MiB


def network_of(model: keras.Sequential, architecture: Architecture) -> Network:
    """The trained `model`, which was built from `architecture`, as NumPy computes it."""
    dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    return Network(architecture, tuple(Weights(*map(np.asarray, layer.get_weights())) for layer in dense))


class ForeignModel:
    """A model of layers the lecture does not have, computed by Keras. Its outputs are taken for probabilities."""

    def __init__(self, model: Any, plan: Plan) -> None:
        self.model = model
        self.plan = plan
        self.scale = np.float32(1 if any(layer.kind == "Rescaling" for layer in plan.layers) else 255)
        largest = max(prod(shape) for shape in (plan.input_shape, *(layer.output for layer in plan.layers)))
        self.batch = max(1, MOST_VALUES // largest)

    @property
    def input_size(self) -> int:
        return prod(self.plan.input_shape)

    @property
    def classes(self) -> int:
        return self.plan.layers[-1].output[-1]

    @property
    def parameters(self) -> int:
        return self.plan.parameters

    def log_probabilities(self, images: Images) -> Reals:
        inputs = images.reshape(len(images), *self.plan.input_shape).astype(np.float32) / self.scale
        starts = range(0, len(inputs), self.batch)
        parts = [self.model(inputs[start : start + self.batch], training=False) for start in starts]
        probabilities = np.concatenate([np.asarray(part, np.float32) for part in parts])
        logarithms: Reals = np.log(np.maximum(probabilities, np.float32(1e-7)))
        return logarithms


def build_foreign(plan: Plan, weights: WeightFile) -> ForeignModel:
    """The model that `plan` describes, built anew from Keras' own layers, with its weights from the file.

    Raises: Unsafe where the weights are not what the plan says.
    """
    inputs = keras.Input(plan.input_shape)
    values = {plan.input_name: inputs}
    for layer in plan.layers:
        built = getattr(keras.layers, layer.kind)(**layer.options)
        received = [values[name] for name in layer.inputs]
        values[layer.name] = built(received if KINDS[layer.kind].merges else received[0])
        if layer.variables:
            built.set_weights([weights.array(place, shape) for place, shape in layer.variables.items()])
    return ForeignModel(keras.Model(inputs, values[plan.layers[-1].name]), plan)
