"""An architecture built as a Keras Sequential, and compiled as the lecture compiles it."""

from kerasnn.lecture.hyperparameters import Settings
from kerasnn.networks.architecture import Architecture, Dense, Dropout, Flatten, Layer
from kerasnn.networks.runtime import keras


def build(architecture: Architecture, *, paired: bool = False) -> keras.Sequential:
    """A Sequential of `architecture`, with fresh weights from Keras' seeded initialisers, not compiled.

    `paired`: layers of the same shapes begin with the same weights, with dropout or without; else with those that
    the same lines of Keras give.

    It takes float32 of shape (n, *architecture.input_shape) in [0, 1] and gives probabilities of shape (n, classes).
    """
    # Dropout draws a seed from the same source as the weights do: made last, it leaves them as they are without it
    order = sorted(architecture.layers, key=lambda layer: paired and isinstance(layer, Dropout))
    made = {layer: _build_layer(layer) for layer in order}
    return keras.Sequential([keras.Input(architecture.input_shape), *map(made.__getitem__, architecture.layers)])


def _build_layer(layer: Layer) -> keras.Layer:
    match layer:
        case Flatten(name):
            return keras.layers.Flatten(name=name)
        case Dense(name, units, activation):
            return keras.layers.Dense(units, activation=activation, name=name)
        case Dropout(name, rate):
            return keras.layers.Dropout(rate, name=name)


def compile_model(model: keras.Sequential, settings: Settings) -> None:
    """Give `model` its loss (cross-entropy of whole-number labels), its metric and its optimizer."""
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"], optimizer=build_optimizer(settings))


def build_optimizer(settings: Settings) -> keras.optimizers.Optimizer:
    """The optimizer that `settings` name, with their learning rate and momentum."""
    rate, momentum = settings.learning_rate, settings.momentum
    match settings.optimizer:
        case "sgd":
            return keras.optimizers.SGD(rate, momentum=momentum, nesterov=settings.nesterov)
        case "adagrad":
            return keras.optimizers.Adagrad(rate)
        case "rmsprop":
            return keras.optimizers.RMSprop(rate, momentum=momentum)
        case "adam":
            return keras.optimizers.Adam(rate)
    raise ValueError(f"settings name the optimizer '{settings.optimizer}', which resolve() would have refused")
