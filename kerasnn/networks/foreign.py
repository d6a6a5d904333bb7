"""Keras models as classifiers: one just trained, or one from a file with layers that only Keras computes."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from typing import Any, Final

import numpy as np

from kerasnn.errors import ModelFileError
from kerasnn.language import _
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.classifier import Images, Reals, batch_of
from kerasnn.networks.container import Unsafe
from kerasnn.networks.forward import Network
from kerasnn.networks.kinds import KINDS
from kerasnn.networks.plan import Plan
from kerasnn.networks.runtime import REFUSALS, keras, memory_watched
from kerasnn.networks.weights import WeightFile

LONGEST: Final = 200  # letters of what Keras says


def network_of(model: keras.Sequential, architecture: Architecture) -> Network:
    """The trained `model`, which was built from `architecture`, as NumPy computes it."""
    variables = tuple(tuple(np.asarray(variable) for variable in layer.weights) for layer in model.layers)
    return Network(architecture, variables)


class ForeignModel:
    """A model of layers the lecture does not have, computed by Keras. Its outputs are taken for probabilities."""

    def __init__(self, model: Any, plan: Plan) -> None:
        self.model = model
        self.plan = plan
        self.scale = np.float32(1 if any(layer.kind == "Rescaling" for layer in plan.layers) else 255)
        self.batch = batch_of(plan.held)

    @property
    def input_size(self) -> int:
        return prod(self.plan.input_shape)

    @property
    def classes(self) -> int:
        return self.plan.layers[-1].output[-1]

    @property
    def parameters(self) -> int:
        return self.plan.parameters

    def work(self, images: int) -> int:
        return images * self.plan.products + -(-images // self.batch) * self.plan.products_a_batch

    def log_probabilities(self, images: Images) -> Reals:
        """As in Classifier. Raises: ModelFileError where Keras does not compute it, or to no numbers."""
        inputs = images.reshape(len(images), *self.plan.input_shape).astype(np.float32) / self.scale
        starts = range(0, len(inputs), self.batch)
        try:
            parts = [self._computed(inputs[start : start + self.batch]) for start in starts]
        except Unsafe as error:
            raise ModelFileError(_("the model cannot be computed: {reason}", reason=error)) from error
        probabilities = np.concatenate(parts)
        logarithms: Reals = np.log(np.maximum(probabilities, np.float32(1e-7)))
        return logarithms

    def _computed(self, inputs: Reals) -> Reals:
        with _refusals():
            probabilities = np.asarray(self.model(inputs, training=False), np.float32)
        if not np.isfinite(probabilities).all():
            raise Unsafe(_("its probabilities are not numbers"))
        return probabilities


@contextmanager
def _refusals() -> Iterator[None]:
    """Take what Keras or its backend refuses in a file's network for what it is: no fault of kerasnn's.

    What they only warn of is the network's own affair.

    Raises: Unsafe; MemoryError.
    """
    try:
        with memory_watched(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except REFUSALS as error:
        said = " ".join(str(error).split())[:LONGEST]
        raise Unsafe(_("Keras does not take it: {said}", said=said or type(error).__name__)) from error


@_refusals()
def build_foreign(plan: Plan, weights: WeightFile) -> ForeignModel:
    """The model that `plan` describes, built anew from Keras' own layers, with its weights from the file.

    Raises: Unsafe where the weights are not what the plan says, or Keras does not take it.
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
