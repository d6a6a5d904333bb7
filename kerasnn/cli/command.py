"""The decorator that makes a function a command with all the flags it has in common with others."""

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import typer

from kerasnn.cli.console import Output
from kerasnn.cli.localized_help import SpokenCommand
from kerasnn.cli.options import COMMON, SETTINGS

OVERRIDES = "overrides"


def command_app() -> typer.Typer:
    """Return the app that a module registers its command with; the registry takes the command out of it."""
    app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode="rich")
    app.callback()(lambda: None)  # makes it a group, even of one command
    return app


def command(
    app: typer.Typer, name: str, *, settings: Sequence[str] = tuple(SETTINGS)
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as the command `name`.

    Its first argument is the Output, set up by the common flags. An argument `overrides` stands for the flags of
    `settings`; the function gets those that were given, by the names of the fields of Settings.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(function)
        wants_settings = OVERRIDES in signature.parameters
        parameters = [_flag("context", inspect.Parameter.empty, typer.Context)]
        for argument, parameter in list(signature.parameters.items())[1:]:
            if argument == OVERRIDES:
                parameters += [_flag(setting, None, SETTINGS[setting]) for setting in settings]
            else:
                parameters.append(_flag(argument, parameter.default, parameter.annotation))
        parameters += [_flag(flag, None if flag == "lang" else False, kind) for flag, kind in COMMON.items()]

        @wraps(function)
        def run(context: typer.Context, **values: Any) -> None:
            output = context.obj if isinstance(context.obj, Output) else Output()
            output.configure(**{flag: values.pop(flag) for flag in COMMON})
            if wants_settings:
                given = {flag: values.pop(flag) for flag in settings}
                values[OVERRIDES] = {flag: value for flag, value in given.items() if value not in (None, [])}
            function(output, **values)

        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        app.command(name, cls=SpokenCommand)(run)
        return function

    return register


def _flag(name: str, default: Any, kind: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
