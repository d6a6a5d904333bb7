"""Help in the language spoken: Typer lays it out, its words and ours are translated when a page is shown.

What is written for help stays English where it stands, marked by `N_` or in a command's docstring, whose paragraphs
are messages of their own.
"""

import inspect
from collections.abc import Callable
from typing import Any, Final

from typer.core import TyperCommand, TyperGroup

from kerasnn.language import N_, _, language

EXAMPLE: Final = "Example: "
TYPERS_OWN: Final = (
    N_("Show this message and exit."),
    N_("Install completion for the current shell."),
    N_("Show completion for the current shell, to copy it or customize the installation."),
)
_filled: dict[str, tuple[str, dict[str, object]]] = {}


def filled(message: str, **values: object) -> str:
    """Fill in the {placeholders} of `message`, marked by N_; `told` finds the text again and translates it.

    A value that is a tuple lists texts, marked by N_ too.
    """
    text = message.format(**{name: _listed(value, str) for name, value in values.items()})
    _filled[text] = (message, values)
    return text


def told(text: str) -> str:
    """A help text in the language spoken, paragraph by paragraph; an example's command stays as it is."""
    if language() == "en":
        return text
    return "\n\n".join(_paragraph(" ".join(part.split())) for part in inspect.cleandoc(text).split("\n\n"))


def _paragraph(text: str) -> str:
    if text.startswith(EXAMPLE):
        return _("Example") + f": {text.removeprefix(EXAMPLE)}"
    message, values = _filled.get(text, (text, {}))
    return _(message, **{name: _listed(value, _) for name, value in values.items()}) if text else text


def _listed(value: object, translate: Callable[[str], str]) -> object:
    return "; ".join(map(translate, value)) if isinstance(value, tuple) else value


class SpokenCommand(TyperCommand):
    """A command whose help page speaks."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        _write_usage(self, ctx, formatter)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _translate(self, ctx)
        super().format_help(ctx, formatter)


class SpokenGroup(TyperGroup):
    """A command with commands of its own, whose help page speaks."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        _write_usage(self, ctx, formatter)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _translate(self, ctx)
        for command in self.commands.values():
            command.help = told(command.help or "")
        super().format_help(ctx, formatter)


def _write_usage(command: Any, ctx: Any, formatter: Any) -> None:
    formatter.write_usage(ctx.command_path, " ".join(command.collect_usage_pieces(ctx)), prefix=_("Usage") + ": ")


def _translate(command: Any, ctx: Any) -> None:
    """Translate the texts of a command, which is made anew in each run, and the headings that Typer keeps."""
    from typer import rich_utils

    command.help = told(command.help or "")
    for parameter in command.get_params(ctx):
        parameter.help = told(parameter.help or "")
        if getattr(parameter, "rich_help_panel", None):
            parameter.rich_help_panel = told(parameter.rich_help_panel)
    rich_utils.ARGUMENTS_PANEL_TITLE = _("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = _("Options")
    rich_utils.COMMANDS_PANEL_TITLE = _("Commands")
    rich_utils.DEFAULT_STRING = "[" + _("default") + ": {}]"
    rich_utils.REQUIRED_LONG_STRING = "[" + _("required") + "]"
