"""The decorator that turns a function into a command with the flags that all commands share."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Final, get_args

import typer
from typer.models import ParameterInfo

from kerasnn.cli.console import Output
from kerasnn.cli.localized_help import LocalizedCommand, LocalizedGroup
from kerasnn.cli.options import COMMON, SETTINGS, LangOption
from kerasnn.files.paths import expanded

OVERRIDES: Final = "overrides"
COMMANDS: Final[dict[str, Callable[..., None]]] = {}  # by name, such as "data get"; filled as modules are imported


def command(
    name: str, *, settings: Sequence[str] = tuple(SETTINGS)
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as the command `name`; "data get" is the subcommand `get` of `data`.

    The function's first parameter receives the Output, configured by the common flags. A parameter `overrides` stands
    for the flags in `settings` and receives those that were given, keyed by their fields of Settings. A parameter whose
    type is a dataclass, as in `options`, stands for the flags that are its fields.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        COMMANDS[name] = _with_common_flags(name, function, settings)
        return function

    return register


def typer_command(name: str, help_text: str) -> Any:
    """Return the Typer command made of the registered function `name`, or the group of its subcommands.

    `help_text`: the help of a group; a command's help is its docstring.
    """
    holder = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode="rich")
    holder.callback()(lambda: None)  # makes it a group even though it holds one command
    if name in COMMANDS:
        holder.command(name, cls=LocalizedCommand)(COMMANDS[name])
    else:
        holder.add_typer(_group(name, help_text), name=name)
    return typer.main.get_group(holder).commands[name]  # only Typer can turn annotations into flags


def given(flags: Mapping[str, object]) -> list[str]:
    """Return the names of the `flags` that were given: those whose value is neither None nor False."""
    # by identity, because 0 is a value and equals False
    return [flag for flag, value in flags.items() if value is not None and value is not False]


def _group(name: str, help_text: str) -> typer.Typer:
    group = typer.Typer(cls=LocalizedGroup, help=help_text, no_args_is_help=False)
    group.callback(invoke_without_command=True)(_show_help)
    for full_name, function in COMMANDS.items():
        if full_name.startswith(f"{name} "):
            group.command(full_name.removeprefix(f"{name} "), cls=LocalizedCommand)(function)
    return group


def _show_help(context: typer.Context, lang: LangOption = None) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def _with_common_flags(name: str, function: Callable[..., None], settings: Sequence[str]) -> Callable[..., None]:
    """Return a function with the signature that Typer reads the flags from, which calls `function` with an Output.

    Afterwards the Output holds the command to name at the end of the command `name`.
    """
    flags = list(inspect.signature(function).parameters.values())[1:]  # the first is the Output
    parameters = _parameters(flags, settings)
    groups: dict[str, Any] = {each.name: each.annotation for each in flags if is_dataclass(each.annotation)}
    names_places = any(_is_path(each.annotation) for each in parameters)
    wants_settings = any(each.name == OVERRIDES for each in flags)

    @wraps(function)
    def run(context: typer.Context, **values: Any) -> None:
        output = context.obj if isinstance(context.obj, Output) else Output()
        output.configure(**{flag: values.pop(flag) for flag in COMMON})
        for parameter, group in groups.items():
            values[parameter] = group(**{each.name: values.pop(each.name) for each in fields(group)})
        if wants_settings:
            given_or_not = {flag: values.pop(flag) for flag in settings}
            # Typer gives [] for a list that was not given
            values[OVERRIDES] = {flag: value for flag, value in given_or_not.items() if value not in (None, [])}
        if names_places:
            from kerasnn.cli.places import check_places

            check_places(name, values)
        with output.working():
            function(output, **values)
        if output.next_command is None and not output.as_json:
            from kerasnn.cli.next_command import next_command

            output.next_command = next_command(name, values)

    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}  # Typer reads both
    return run


def _parameters(own: Iterable[inspect.Parameter], settings: Sequence[str]) -> list[inspect.Parameter]:
    parameters = [_parameter("context", inspect.Parameter.empty, typer.Context)]
    for each in own:
        if each.name == OVERRIDES:
            parameters += [_parameter(setting, None, SETTINGS[setting]) for setting in settings]
        elif is_dataclass(each.annotation):
            parameters += [_parameter(flag.name, flag.default, flag.type) for flag in fields(each.annotation)]
        else:
            parameters.append(_parameter(each.name, each.default, each.annotation))
    return parameters + [_parameter(flag, None if flag == "lang" else False, kind) for flag, kind in COMMON.items()]


def _parameter(name: str, default: Any, kind: Any) -> inspect.Parameter:
    for about in getattr(kind, "__metadata__", ()):
        if isinstance(about, ParameterInfo) and _is_path(kind):
            about.parser = expanded  # as typed: a Path has lost the dot of ./~
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _is_path(kind: Any) -> bool:
    """Return whether a parameter's type, such as `Annotated[list[Path] | None, ...]`, is made of paths."""
    return kind is Path or any(map(_is_path, get_args(kind)))
