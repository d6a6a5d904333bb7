"""Read from the layers of a model that Keras opened how it ends, and how it scales pixels."""

from collections.abc import Callable, Iterator
from math import prod
from typing import Any, Final

import numpy as np

from kerasnn.networks.files.outputs import loss_name
from kerasnn.networks.pixels import Step, normalising
from kerasnn.networks.runtime import keras

ENDINGS: Final = ("softmax", "log_softmax", "linear", "sigmoid")  # activations whose outputs kerasnn can interpret
# by the name of the class; these change no value when predicting, at most its type or the shape of the whole
UNCHANGING: Final = ("ActivityRegularization", "Cast", "Flatten", "Identity", "InputLayer", "Reshape", "Squeeze")
DIVISIONS: Final = ("Divide", "TrueDivide")  # how Keras saves x / 2.0
SCALING: Final = ("Multiply", "Rescaling", *DIVISIONS)  # of logits it gives other logits
# of Keras' operations, which have no attribute `activation`
ACTIVATIONS: Final = {"Softmax": "softmax", "LogSoftmax": "log_softmax", "Sigmoid": "sigmoid", "Relu": "relu"}


def output_shape(layer: Any) -> tuple[int | None, ...]:
    return tuple(getattr(getattr(layer, "output", None), "shape", ()))


def widest(model: Any) -> int:
    """Return four times the most values that a layer gives for one image: Keras keeps several outputs at a time."""
    return 4 * max(prod(size or 1 for size in output_shape(layer)[1:]) for layer in operations(model))


def operations(model: Any) -> Iterator[Any]:
    """Yield the layers of `model` and of the models inside it, and the arithmetic between them, in Keras' order."""
    for each in getattr(model, "operations", model.layers):
        yield from operations(each) if hasattr(each, "layers") else (each,)


def ending(model: Any, compiled: Any, are_probabilities: Callable[[], bool]) -> str | None:
    """Return the activation that gives the outputs, as far as the layers or else the loss tell it.

    None: the outputs are probabilities as they are, or those of no classifier. `are_probabilities`: whether some are.
    """
    last = _last_activation(model)
    if last in ENDINGS:
        return last
    if _from_logits(compiled):
        return "linear"
    return None if last or "crossentropy" in loss_name(compiled) or are_probabilities() else "linear"


def _from_logits(compiled: Any) -> bool:
    """Return whether the loss, in whatever form the configuration `compiled` has it, was given logits."""
    if isinstance(compiled, dict):
        return compiled.get("from_logits") is True or any(map(_from_logits, compiled.values()))
    return isinstance(compiled, list) and any(map(_from_logits, compiled))


def _last_activation(model: Any) -> str:
    """Return the name of the activation that computes the outputs; "" if the last layer has none, as a pooling."""
    scaled = False
    for each in reversed(list(operations(model))):
        kind, activation = type(each).__name__, _activation(each)
        if kind in UNCHANGING or kind.endswith(("Dropout", "Noise")) or (kind, activation) == ("Activation", "linear"):
            continue
        if kind in SCALING:
            scaled = True
            continue
        return "scaled" if scaled and activation not in ("", "linear") else activation
    return ""


def _activation(layer: Any) -> str:
    own = getattr(layer, "activation", None)
    if own is None:
        return ACTIVATIONS.get(type(layer).__name__, "")
    return getattr(own, "__name__", type(own).__name__)


def steps(model: Any) -> Iterator[Step]:
    """Yield how `model` scales pixels in front of the first weights learnt from labels."""
    for each in operations(model):
        match type(each).__name__:
            case "Rescaling":
                yield Step(each.name, np.mean(each.scale), np.mean(each.offset))  # of all channels
            case "Normalization" if not each.invert:
                yield normalising(each.name, _array(each.mean), _array(each.variance), 0.0)
                return
            case "BatchNormalization":
                yield normalising(each.name, _array(each.moving_mean), _array(each.moving_variance), each.epsilon)
                return
            case kind if isinstance(each, keras.layers.Layer):
                if each.weights:
                    return
            case kind:
                yield from _arithmetic(each, kind)


def takes_whole_numbers(model: Any) -> bool:
    """Return whether the input of `model`, or of one inside it, is not one of floating-point numbers."""
    own = "float" not in keras.backend.standardize_dtype(model.inputs[0].dtype)
    return own or any(takes_whole_numbers(each) for each in model.layers if isinstance(each, keras.Model))


def _arithmetic(operation: Any, kind: str) -> Iterator[Step]:
    """Yield what adding a number to a pixel, or multiplying it by one, does."""
    operands = operation._inbound_nodes[0].arguments.args
    numbers = [each for each in operands if not keras.backend.is_keras_tensor(each)]
    if kind not in ("Add", "Subtract", "Multiply", *DIVISIONS) or len(operands) != 2 or len(numbers) != 1:
        return
    number, turned = float(np.mean(_array(numbers[0]))), numbers[0] is operands[0]
    match kind:
        case "Add":
            yield Step(operation.name, 1, number)
        case "Subtract":
            yield Step(operation.name, -1 if turned else 1, number if turned else -number)
        case "Multiply":
            yield Step(operation.name, number, 0)
        case _ if not turned and number:
            yield Step(operation.name, 1 / number, 0)


def _array(values: Any) -> Any:
    return keras.ops.convert_to_numpy(values)
