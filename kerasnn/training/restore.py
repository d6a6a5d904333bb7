"""Copy the variables of a model in training to the state of a checkpoint, and back."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.errors import ModelFileError
from kerasnn.language import _
from kerasnn.networks.runtime import keras
from kerasnn.training.state import Arrays, State

LONGEST: Final = 200  # characters quoted from a file in a message


def optimizer_arrays(model: keras.Sequential) -> Arrays:
    """Return a copy of all variables of the model's optimizer: step count, learning rate, moments."""
    return tuple(np.array(variable) for variable in model.optimizer.variables)


def generator_arrays(model: keras.Sequential) -> Arrays:
    """Return a copy of the state of each layer's random generator, which Keras' Dropout has."""
    return tuple(np.array(variable) for variable in _generators(model))


def restore(model: keras.Sequential, state: State) -> None:
    """Copy `state` into the compiled `model`.

    Raises: ModelFileError if it does not fit.
    """
    refuse_unless_fits(model, state)
    optimizer = model.optimizer
    rate = float(np.array(optimizer.learning_rate))
    for _what, variables, arrays in _groups(model, state):
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array)
    optimizer.learning_rate = rate  # that of the settings: with --force it may differ from the checkpoint's


def refuse_unless_fits(model: keras.Sequential, state: State) -> None:
    """Raise ModelFileError unless `state` has the compiled `model`'s shapes and types, and only finite numbers."""
    model.optimizer.build(model.trainable_variables)
    best = [("best weights", model.weights, state.best_weights)] if state.best_weights else []
    for what, variables, arrays in (*_groups(model, state), *best):
        ours, theirs = ([tuple(each.shape) for each in group] for group in (variables, arrays))
        if ours != theirs:
            raise ModelFileError(
                _("the checkpoint's {what} have shapes {theirs}", what=what, theirs=str(theirs)[:LONGEST]),
                expected=_("{ours}, as the settings say", ours=ours),
            )
        for variable, array in zip(variables, arrays, strict=True):
            _refuse_unless_numbers(what, np.array(variable).dtype, array)


def _refuse_unless_numbers(what: str, kind: np.dtype[Any], array: NDArray[Any]) -> None:
    if array.dtype != kind:
        raise ModelFileError(
            _("the checkpoint's {what} are of type {theirs}", what=what, theirs=str(array.dtype)[:LONGEST]),
            expected=str(kind),
        )
    if not np.isfinite(array).all():
        raise ModelFileError(
            _("some of the checkpoint's {what} are infinite or not numbers", what=what), expected=_("finite numbers")
        )


def _groups(model: keras.Sequential, state: State) -> tuple[tuple[str, Sequence[Any], Arrays], ...]:
    """Return each group of variables of the built `model`: its name, the variables, and their values in `state`."""
    return (
        ("weights", model.weights, state.weights),
        ("optimizer variables", model.optimizer.variables, state.optimizer),
        ("random generators", _generators(model), state.generators),
    )


def copy_variables(source: keras.Sequential, target: keras.Sequential) -> None:
    """Copy all variables of `source` to `target`, a compiled model with the same layers and optimizer."""
    for model in (source, target):
        model.optimizer.build(model.trainable_variables)
    ours, theirs = ([*model.variables, *model.optimizer.variables] for model in (target, source))
    for variable, other in zip(ours, theirs, strict=True):
        variable.assign(other)


def _generators(model: keras.Sequential) -> list[Any]:
    return [layer.seed_generator.state for layer in model.layers if hasattr(layer, "seed_generator")]
