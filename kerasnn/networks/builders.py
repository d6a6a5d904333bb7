"""An architecture built as a Keras Sequential, and compiled as the lecture compiles it."""

import numpy as np

from kerasnn.lecture.hyperparameters import Settings, optimizer_settings
from kerasnn.lecture.layer import Layer
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.forward import Network
from kerasnn.networks.runtime import keras


def build(architecture: Architecture, *, paired: bool = False) -> keras.Sequential:
    """A Sequential of `architecture`, with fresh weights from Keras' seeded initialisers, not compiled.

    `paired`: layers of the same shapes begin with the same weights, with dropout or without; else with those that
    the same lines of Keras give.

    It takes float32 of shape (n, *architecture.input_shape) in [0, 1] and gives probabilities of shape (n, classes).
    """
    # Dropout draws a seed from the same source as the weights do: made last, it leaves them as they are without it
    order = sorted(architecture.layers, key=lambda layer: paired and layer.draws_mask)
    made = {layer: _build_layer(layer) for layer in order}
    return keras.Sequential([keras.Input(architecture.input_shape), *map(made.__getitem__, architecture.layers)])


def _build_layer(layer: Layer) -> keras.Layer:
    return getattr(keras.layers, layer.kind)(name=layer.name, **layer.options)


def compile_model(model: keras.Sequential, settings: Settings) -> None:
    """Give `model` its loss (cross-entropy of whole-number labels), its metric and its optimizer."""
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"], optimizer=build_optimizer(settings))


def build_optimizer(settings: Settings) -> keras.optimizers.Optimizer:
    """Build the Keras optimizer that `settings` name, with the settings that it takes."""
    optimizer, arguments = optimizer_settings(settings)
    return getattr(keras.optimizers, optimizer.keras_class)(**arguments)


def network_of(model: keras.Sequential, architecture: Architecture) -> Network:
    """Return the trained `model`, which was built from `architecture`, as NumPy computes it."""
    variables = tuple(tuple(np.asarray(variable) for variable in layer.weights) for layer in model.layers)
    return Network(architecture, variables)
