"""Usage errors in our own argv: Typer's are only in English and do not show the value received."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import typer

from kerasnn.cli.registry import NAMES
from kerasnn.errors import UsageError
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import SETTABLE

# patterns of Typer's wording, the first that matches counts, and what we say with the groups of the pattern filled in
_WORDINGS: Final = {
    r"No such option: (?P<option>.+) \(Possible options: (?P<near>.+)\)": N_(
        "no such option: {option} (possible options: {near})"
    ),
    r"No such option: (?P<option>.+)": N_("no such option: {option}"),
    r"No such command (?P<name>'.*?')\. Did you mean (?P<near>.+)\?": N_(
        "no such command: {name}. Did you mean {near}?"
    ),
    r"No such command (?P<name>'.*')": N_("no such command: {name}"),
    r"Missing command": N_("a command is missing"),
    r"Missing argument (?P<name>.+)": N_("missing argument: {name}"),
    r"Missing option (?P<name>.+)": N_("missing option: {name}"),
    r"Option (?P<name>.+) requires an argument": N_("the option {name} requires a value"),
    r"Option (?P<name>.+) does not take a value": N_("this option takes no value: {name}"),
    r"Got unexpected extra arguments?(?:\(s\))? \((?P<given>.*)\)": N_("too many arguments ({given})"),
}
_WRONG: Final = re.compile(r"Invalid value for '?(?P<name>[^':]+)'?: (?P<why>.+)", re.DOTALL)
_EXPECTED: Final = {  # Typer validates values with Pydantic, whose wording this is
    r"Input should be a valid integer.*": N_("a whole number"),
    r"Input should be a valid number.*": N_("a number"),
    r"Input should be greater than or equal to (?P<least>\S+)": N_("{least} or more"),
    r"Input should be less than or equal to (?P<most>\S+)": N_("{most} or less"),
    r"Value error, '.*' is not one of (?P<names>.+)": N_("one of {names}"),
}


def usage_error(error: typer.TyperException, argv: Sequence[str]) -> UsageError:
    """Return Typer's error about the command line `argv` in the current language, with a hint to the right help."""
    text = error.format_message().rstrip(".")
    if getattr(error, "option_name", None) in {row.flag for row in SETTABLE.values()}:
        text = text.partition(" (Possible options")[
            0
        ]  # it is another command's flag: the nearest name is a wrong guess
    help_for = f"{_command(error, argv)} --help"
    wrong = _WRONG.fullmatch(text)
    if wrong is None:
        return UsageError(_translated(text, _WORDINGS), hint=help_for)
    value = _given(wrong["name"], argv)
    return UsageError(
        _("{flag} is '{value}'", flag=wrong["name"], value=value)
        if value is not None
        else _("the value of {name} is wrong", name=wrong["name"]),
        expected=_translated(wrong["why"], _EXPECTED),
        hint=help_for,
    )


def _command(error: typer.TyperException, argv: Sequence[str]) -> str:
    """Return the command that the error is about, as far as Typer or the `argv` show it."""
    context = getattr(error, "ctx", None)
    if context is not None:
        return str(context.command_path)
    return " ".join(["kerasnn", *(word for word in argv[:1] if word in NAMES)])


def _given(name: str, argv: Sequence[str]) -> str | None:
    """Return the value of the flag `name` in `argv`; None unless it is there exactly once.

    `name` may include a short flag, as in `--yes / -y`.
    """
    flags, values = name.split(" / "), []
    for word, after in pairwise([*argv, ""]):
        flag, sign, value = word.partition("=")
        if flag in flags:
            values.append(value if sign else after)
    return values[0] if len(values) == 1 else None  # which of several is wrong, Typer does not say


def _translated(text: str, wordings: Mapping[str, str]) -> str:
    for pattern, message in wordings.items():
        if match := re.fullmatch(pattern, text, re.DOTALL):
            return _(message, **match.groupdict())
    return text  # a wording of another release of Typer: better in English than not at all
