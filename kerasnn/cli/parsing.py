"""What is wrong with a command line, in the language spoken: Typer itself says it in English alone."""

import re
from typing import Final, NamedTuple

from kerasnn.language import N_, _, language


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
    _saying(r"Invalid value for (?P<name>.+?): (?P<why>.+)", N_("the value of {name} is wrong: {why}")),
)
_REASONS: Final = (
    _saying(r"Input should be a valid integer.*", N_("a whole number was expected")),
    _saying(r"Input should be a valid number.*", N_("a number was expected")),
    _saying(r"Input should be greater than or equal to (?P<least>\S+)", N_("{least} or more was expected")),
    _saying(r"Input should be less than or equal to (?P<most>\S+)", N_("{most} or less was expected")),
    _saying(r"Value error, (?P<value>'.*') is not one of (?P<names>.+)", N_("{value} is not one of {names}")),
)


def fault(text: str) -> str:
    """Typer's sentence `text` without its full stop; in another language where it is one of those known."""
    text = text.rstrip(".")
    return text if language() == "en" else _translated(text, _SAYINGS)


def _translated(text: str, sayings: tuple[_Saying, ...]) -> str:
    for pattern, message in sayings:
        if match := pattern.fullmatch(text):
            values = match.groupdict()
            if "why" in values:
                values["why"] = _translated(values["why"], _REASONS)
            return _(message, **values)
    return text
