"""The variables of a model in training: taken out for a checkpoint, put back from one."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.errors import ModelFileError
from kerasnn.language import _
from kerasnn.networks.runtime import keras
from kerasnn.training.state import Arrays, State

LONGEST: Final = 200  # letters of what a file says, in a message


def optimizer_arrays(model: keras.Sequential) -> Arrays:
    """A copy of all variables of the model's optimizer: steps taken, learning rate, moments."""
    return tuple(np.array(variable) for variable in model.optimizer.variables)


def generator_arrays(model: keras.Sequential) -> Arrays:
    """A copy of the state of each layer's random generator, as Keras' Dropout has one."""
    return tuple(np.array(variable) for variable in _generators(model))


def restore(model: keras.Sequential, state: State) -> None:
    """Put the compiled `model` where `state` left off.

    Raises: ModelFileError as `refuse_unless_fits`.
    """
    refuse_unless_fits(model, state)
    optimizer = model.optimizer
    rate = float(np.array(optimizer.learning_rate))
    for _what, variables, arrays in _groups(model, state):
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array)
    optimizer.learning_rate = rate  # the settings have the last word, also where they were changed by force


def refuse_unless_fits(model: keras.Sequential, state: State) -> None:
    """Raise ModelFileError unless `state` is one of the compiled `model`: shapes, types, and finite numbers alone."""
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
    """The variables of the built `model`, and what `state` has for them."""
    return (
        ("weights", model.weights, state.weights),
        ("optimizer variables", model.optimizer.variables, state.optimizer),
        ("random generators", _generators(model), state.generators),
    )


def copy_variables(source: keras.Sequential, target: keras.Sequential) -> None:
    """Make `target`, a compiled model of the same layers and optimizer, what `source` is."""
    for model in (source, target):
        model.optimizer.build(model.trainable_variables)
    ours, theirs = ([*model.variables, *model.optimizer.variables] for model in (target, source))
    for variable, other in zip(ours, theirs, strict=True):
        variable.assign(other)


def _generators(model: keras.Sequential) -> list[Any]:
    return [layer.seed_generator.state for layer in model.layers if hasattr(layer, "seed_generator")]
