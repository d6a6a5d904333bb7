"""The variables of a model in training: taken out for a checkpoint, put back from one."""

from typing import Any

import numpy as np

from kerasnn.errors import ModelFileError
from kerasnn.language import _
from kerasnn.networks.runtime import keras
from kerasnn.training.state import Arrays, State


def optimizer_arrays(model: keras.Sequential) -> Arrays:
    """A copy of all variables of the model's optimizer: steps taken, learning rate, moments."""
    return tuple(np.array(variable) for variable in model.optimizer.variables)


def generator_arrays(model: keras.Sequential) -> Arrays:
    """A copy of the state of each layer's random generator, as Keras' Dropout has one."""
    return tuple(np.array(variable) for variable in _generators(model))


def restore(model: keras.Sequential, state: State) -> None:
    """Put the compiled `model` where `state` left off.

    Raises: ModelFileError where the state is that of another model or optimizer.
    """
    optimizer = model.optimizer
    optimizer.build(model.trainable_variables)
    rate = float(np.array(optimizer.learning_rate))
    pairs = (
        ("weights", model.weights, state.weights),
        ("optimizer variables", optimizer.variables, state.optimizer),
        ("random generators", _generators(model), state.generators),
    )
    for what, variables, arrays in pairs:
        ours, theirs = ([tuple(each.shape) for each in group] for group in (variables, arrays))
        if ours != theirs:
            raise ModelFileError(
                _("the checkpoint's {what} have shapes {theirs}", what=what, theirs=theirs),
                expected=_("{ours}, as the settings say", ours=ours),
            )
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array)
    optimizer.learning_rate = rate  # the settings have the last word, also where they were changed by force


def copy_variables(source: keras.Sequential, target: keras.Sequential) -> None:
    """Make `target`, a compiled model of the same layers and optimizer, what `source` is."""
    for model in (source, target):
        model.optimizer.build(model.trainable_variables)
    ours, theirs = ([*model.variables, *model.optimizer.variables] for model in (target, source))
    for variable, other in zip(ours, theirs, strict=True):
        variable.assign(other)


def _generators(model: keras.Sequential) -> list[Any]:
    return [layer.seed_generator.state for layer in model.layers if hasattr(layer, "seed_generator")]
