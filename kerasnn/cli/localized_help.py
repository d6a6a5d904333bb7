"""Help in the chosen language: Typer lays it out; its words and ours are translated when a page is shown.

Help texts are written in English where they belong, marked by `N_` or in the docstrings of commands, each paragraph of
which is a message of its own.
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
_filled: dict[str, tuple[str, dict[str, object]]] = {}  # by the English text: its message and values


def filled(message: str, **values: object) -> str:
    """Fill the {placeholders} of a message marked by N_, such that `localized` can still translate the result.

    A value that is a tuple lists several texts marked by N_.
    """
    text = message.format(**{name: _listed(value, str) for name, value in values.items()})
    _filled[text] = (message, values)
    return text


def localized(text: str) -> str:
    """Return a help text in the current language, paragraph by paragraph; the command of an example stays as it is."""
    if language() == "en":
        return text  # as it is: Typer joins the lines of a paragraph itself
    return "\n\n".join(_paragraph(" ".join(part.split())) for part in inspect.cleandoc(text).split("\n\n"))


def _paragraph(text: str) -> str:
    if text.startswith(EXAMPLE):
        return _("Example") + f": {text.removeprefix(EXAMPLE)}"
    # a filled text is not in the catalogue: translate the message, then fill it again
    message, values = _filled.get(text, (text, {}))
    return _(message, **{name: _listed(value, _) for name, value in values.items()}) if text else text


def _listed(value: object, translate: Callable[[str], str]) -> object:
    return "; ".join(map(translate, value)) if isinstance(value, tuple) else value


class _Localized:
    """What makes a command of Typer show a translated help page."""

    def format_usage(self: Any, ctx: Any, formatter: Any) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=_("Usage") + ": ")

    def format_help(self: Any, ctx: Any, formatter: Any) -> None:
        _translate(self, ctx)
        super().format_help(ctx, formatter)  # type: ignore[misc]  # of Typer's class beside this one


class LocalizedCommand(_Localized, TyperCommand):
    """A command whose help page is translated."""


class LocalizedGroup(_Localized, TyperGroup):
    """A command with subcommands, whose help page is translated."""


def _translate(command: Any, ctx: Any) -> None:
    """Translate the texts of a command and Typer's headings, in place: the command object is new in every run."""
    from rich import columns
    from typer import rich_utils

    from kerasnn.views.table import FoldedTable

    for each in (command, *getattr(command, "commands", {}).values()):
        each.help = localized(each.help or "")
    for parameter in command.get_params(ctx):
        parameter.help = localized(parameter.help or "")
        if getattr(parameter, "rich_help_panel", None):
            parameter.rich_help_panel = localized(parameter.rich_help_panel)
    rich_utils.Table = columns.Table = FoldedTable  # type: ignore[attr-defined]  # where help texts stand
    # Typer reads its own words from these constants, and offers no other way to translate them
    rich_utils.ARGUMENTS_PANEL_TITLE = _("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = _("Options")
    rich_utils.COMMANDS_PANEL_TITLE = _("Commands")
    rich_utils.DEFAULT_STRING = "[" + _("default") + ": {}]"
    rich_utils.REQUIRED_LONG_STRING = "[" + _("required") + "]"
