"""What is wrong with a command line, in our words: Typer says it in English alone, and not what it was given."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import typer

from kerasnn.cli.registry import NAMES
from kerasnn.errors import UsageError
from kerasnn.language import N_, _


class _Saying(NamedTuple):
    """How Typer words a fault, and the message that says the same with the pattern's groups filled in."""

    pattern: re.Pattern[str]
    message: str


def _saying(pattern: str, message: str) -> _Saying:
    return _Saying(re.compile(pattern, re.DOTALL), message)


_SAYINGS: Final = (
    _saying(
        r"No such option: (?P<option>.+) \(Possible options: (?P<near>.+)\)",
        N_("there is no option {option} (possible options: {near})"),
    ),
    _saying(r"No such option: (?P<option>.+)", N_("there is no option {option}")),
    _saying(
        r"No such command (?P<name>'.*?')\. Did you mean (?P<near>.+)\?",
        N_("there is no command {name}. Did you mean {near}?"),
    ),
    _saying(r"No such command (?P<name>'.*')", N_("there is no command {name}")),
    _saying(r"Missing command", N_("a command is missing")),
    _saying(r"Missing argument (?P<name>.+)", N_("the argument {name} is missing")),
    _saying(r"Missing option (?P<name>.+)", N_("the option {name} is missing")),
    _saying(r"Option (?P<name>.+) requires an argument", N_("the option {name} requires a value")),
    _saying(r"Option (?P<name>.+) does not take a value", N_("the option {name} does not take a value")),
    _saying(r"Got unexpected extra arguments?(?:\(s\))? \((?P<given>.*)\)", N_("too many arguments ({given})")),
)
_WRONG: Final = re.compile(r"Invalid value for '?(?P<name>[^':]+)'?: (?P<why>.+)", re.DOTALL)
_EXPECTED: Final = (
    _saying(r"Input should be a valid integer.*", N_("a whole number")),
    _saying(r"Input should be a valid number.*", N_("a number")),
    _saying(r"Input should be greater than or equal to (?P<least>\S+)", N_("{least} or more")),
    _saying(r"Input should be less than or equal to (?P<most>\S+)", N_("{most} or less")),
    _saying(r"Value error, '.*' is not one of (?P<names>.+)", N_("one of {names}")),
)


def usage_error(error: typer.TyperException, words: Sequence[str]) -> UsageError:
    """What Typer refused in the command line `words`, in the language spoken, and whose help tells more."""
    text = error.format_message().rstrip(".")
    help_for = f"{_command(error, words)} --help"
    wrong = _WRONG.fullmatch(text)
    if wrong is None:
        return UsageError(_translated(text, _SAYINGS), hint=help_for)
    value = _given(wrong["name"], words)
    return UsageError(
        _("{flag} is '{value}'", flag=wrong["name"], value=value)
        if value is not None
        else _("the value of {name} is wrong", name=wrong["name"]),
        expected=_translated(wrong["why"], _EXPECTED),
        hint=help_for,
    )


def _command(error: typer.TyperException, words: Sequence[str]) -> str:
    """The command that the fault is about, as far as Typer or the `words` tell."""
    context = getattr(error, "ctx", None)
    if context is not None:
        return str(context.command_path)
    return " ".join(["kerasnn", *(word for word in words[:1] if word in NAMES)])


def _given(name: str, words: Sequence[str]) -> str | None:
    """The value that the flag `name`, maybe with a short one as in `--yes / -y`, has in `words`; None: not the one."""
    flags, values = name.split(" / "), []
    for word, after in pairwise([*words, ""]):
        flag, sign, value = word.partition("=")
        if flag in flags:
            values.append(value if sign else after)
    return values[0] if len(values) == 1 else None


def _translated(text: str, sayings: tuple[_Saying, ...]) -> str:
    for pattern, message in sayings:
        if match := pattern.fullmatch(text):
            return _(message, **match.groupdict())
    return text
