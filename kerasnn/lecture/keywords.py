"""A decorator for functions that take hyperparameters as keywords."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from kerasnn.lecture.hyperparameters import Overrides

Function = TypeVar("Function", bound=Callable[..., Any])


def lists_hyperparameters(function: Function) -> Function:
    """Show each hyperparameter by name in the signature of `function`, instead of `**overrides`.

    `function` receives those that are not None: None means the stage's own value.
    """

    @wraps(function)
    def call(*arguments: Any, **keywords: Any) -> Any:
        given = {name: value for name, value in keywords.items() if value is not None or name not in settings}
        return function(*arguments, **given)

    settings = Overrides.__annotations__
    signature = inspect.signature(function)
    own = [each for each in signature.parameters.values() if each.kind is not each.VAR_KEYWORD]
    named = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in settings.items()
    ]
    setattr(call, "__signature__", signature.replace(parameters=[*own, *named]))  # noqa: B010  # unknown to types
    return cast(Function, call)
