"""A decorator for functions that take hyperparameters as keywords."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from kerasnn.lecture.hyperparameters import Overrides

Function = TypeVar("Function", bound=Callable[..., Any])


def lists_hyperparameters(function: Function) -> Function:
    """Show each hyperparameter by name in the signature of `function`, instead of `**overrides`."""
    signature = inspect.signature(function)
    own = [each for each in signature.parameters.values() if each.kind is not each.VAR_KEYWORD]
    named = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in Overrides.__annotations__.items()
    ]
    setattr(function, "__signature__", signature.replace(parameters=[*own, *named]))  # noqa: B010  # unknown to types
    return function
