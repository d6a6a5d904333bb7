"""Build an architecture as a Keras Sequential, compile it as the lecture does, and save it."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from kerasnn.files.atomic import replacing
from kerasnn.lecture.hyperparameters import INITIALIZERS, Settings, optimizer_settings
from kerasnn.lecture.layer import Layer
from kerasnn.lecture.layers import Dense
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.forward import Network
from kerasnn.networks.runtime import keras

LOSS: Final = "sparse_categorical_crossentropy"  # for integer labels


def build(
    architecture: Architecture,
    *,
    paired: bool = False,
    initializer: str = INITIALIZERS[0],
    input_name: str | None = None,
) -> keras.Sequential:
    """Build an uncompiled Sequential of `architecture`, with initial weights from Keras' seeded initialisers.

    It takes float32 of shape (n, *architecture.input_shape) in [0, 1] and returns probabilities of shape (n, classes).

    `paired`: give layers of equal shapes equal initial weights in networks with and without dropout; otherwise the
    weights are those that the same lines of Keras give. `initializer`: what Keras draws the Dense weights with.
    `input_name`: None leaves it to Keras.
    """
    # Dropout takes its seed from the stream that seeds the initialisers; created last, it leaves their seeds unchanged
    order = sorted(architecture.layers, key=lambda layer: paired and layer.draws_mask)
    made = {layer: _build_layer(layer, initializer) for layer in order}
    return keras.Sequential(
        [keras.Input(architecture.input_shape, name=input_name), *map(made.__getitem__, architecture.layers)]
    )


def _build_layer(layer: Layer, initializer: str) -> keras.Layer:
    drawn = {"kernel_initializer": initializer} if isinstance(layer, Dense) else {}
    return getattr(keras.layers, layer.kind)(name=layer.name, **layer.options, **drawn)


def losses_of(labels: Any, probabilities: Any) -> Any:
    """Return the loss of each image, a tensor of shape (n,): what compiled models and the engine `fused` minimise."""
    return getattr(keras.losses, LOSS)(labels, probabilities)


def compile_model(model: keras.Sequential, settings: Settings) -> None:
    """Compile `model` with cross-entropy for integer labels, accuracy, and the optimizer of `settings`."""
    model.compile(loss=LOSS, metrics=["accuracy"], optimizer=build_optimizer(settings))


def build_optimizer(settings: Settings) -> keras.optimizers.Optimizer:
    """Build the Keras optimizer that `settings` name, with the arguments that `settings` set."""
    optimizer, arguments = optimizer_settings(settings)
    return getattr(keras.optimizers, optimizer.keras_class)(**arguments)


def network_of(model: keras.Sequential, architecture: Architecture) -> Network:
    """Return the trained `model`, built from `architecture`, as a network that NumPy computes."""
    variables = tuple(tuple(np.asarray(variable) for variable in layer.weights) for layer in model.layers)
    return Network(architecture, variables)


def save_keras(model: keras.Model, path: Path) -> None:
    """Write `model` to `path`, which ends in .keras; an existing file stays until the new one is complete."""
    with replacing(path) as draft:
        model.save(draft)
