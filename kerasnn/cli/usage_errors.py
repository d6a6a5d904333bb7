"""Usage errors in our own argv: Typer's are only in English and do not show the value received."""

import re
import shlex
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import typer

from kerasnn.cli.completion import table
from kerasnn.cli.localized_help import localized
from kerasnn.cli.registry import NAMES
from kerasnn.errors import KerasnnError, Suggestion, UsageError, did_you_mean, nearest, spelled
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import SETTABLE

# patterns of Typer's wording, the first that matches counts, and what we say with the groups of the pattern filled in
_WORDINGS: Final = {
    r"Missing command": N_("a command is missing"),
    r"Missing argument (?P<name>.+)": N_("missing argument: {name}"),
    r"Missing option (?P<name>.+)": N_("missing option: {name}"),
    r"Option (?P<name>.+) requires an argument": N_("the option {name} requires a value"),
    r"Option (?P<name>.+) does not take a value": N_("this option takes no value: {name}"),
}
_EXTRA: Final = r"Got unexpected extra arguments?(?:\(s\))? \((?P<given>.*)\)"
_WRONG: Final = re.compile(r"Invalid value for (?P<name>[^:]+): (?P<why>.+)", re.DOTALL)
_ONE_OF: Final = r"Value error, '.*' is not one of (?P<names>.+)"
_EXPECTED: Final = {  # Typer validates values with Pydantic, whose wording this is
    r"Input should be a valid integer.*": N_("a whole number"),
    r"Input should be a valid number.*": N_("a number"),
    r"Input should be greater than or equal to (?P<least>\S+)": N_("{least} or more"),
    r"Input should be less than or equal to (?P<most>\S+)": N_("{most} or less"),
    _ONE_OF: N_("one of {names}"),
}


def usage_error(error: typer.TyperException, argv: Sequence[str]) -> UsageError:
    """Return Typer's error about the command line `argv` in the current language, with the command to type instead."""
    text = error.format_message().rstrip(".")
    context = getattr(error, "ctx", None)
    if (option := getattr(error, "option_name", None)) and "No such option" in text:
        return _no_such_option(option, context, argv)
    if unknown := re.match(r"No such command '(?P<name>.*?)'", text):
        return _no_such_command(unknown["name"], context, argv)
    if extra := re.fullmatch(_EXTRA, text):
        return _too_many(extra["given"], context, argv)
    if wrong := _WRONG.fullmatch(text):
        return _wrong_value(re.findall(r"-[-\w]+", wrong["name"]) or [wrong["name"]], wrong["why"], context, argv)
    row = next((row for row in SETTABLE.values() if option in (row.flag, *(f"--{each}" for each in row.aliases))), None)
    if row and row.example and argv[-1] == option:
        return UsageError(
            _translated(text, _WORDINGS), expected=row.metavar, hint=shlex.join(["kerasnn", *argv, row.example])
        )
    asked = getattr(error, "param", None) if text.startswith("Missing argument") else None
    return UsageError(
        _translated(text, _WORDINGS),
        expected=localized(asked.help or "").rstrip(".") if asked else None,
        hint=_example(context, argv) if asked else _help_for(context, argv),
    )


def with_command(error: KerasnnError, argv: Sequence[str]) -> KerasnnError:
    """Add to an error that suggests a word the command line with that word in it."""
    if isinstance(error.hint, Suggestion) and (corrected := _corrected(argv, error.hint.wrong, error.hint.right)):
        error.hint = f"{error.hint} {corrected}" if error.hint.endswith("?") else corrected
    return error


def _corrected(argv: Sequence[str], wrong: str, right: str) -> str | None:
    """Return the command line with `right` for the first `wrong`, also inside `--flag=wrong` or "wrong 1 2"."""
    for place, word in enumerate(argv):
        if wrong in (word, *re.split(r"[\s,=]+", word)):
            return shlex.join(["kerasnn", *argv[:place], word.replace(wrong, right, 1), *argv[place + 1 :]])
    return None


def _no_such_option(option: str, context: Any, argv: Sequence[str]) -> UsageError:
    known = {flag: each for each in context.command.params for flag in (*each.opts, *each.secondary_opts)}
    typed = next((word for word in argv if word.startswith(option) and word[1:2] != "-"), option)
    long = f"-{typed.partition('=')[0]}"
    if long in known:  # -epochs, which Typer reads as -e and so on
        return UsageError(
            _("no such option: {option}", option=typed),
            expected=_described(long, known[long].help),
            hint=_corrected(argv, typed, f"-{typed}"),
        )
    flags = [flag for flag in known if flag.startswith("--")]
    # a flag of another command is no misspelling of one of this command
    owners = [command for command, offers in table()["commands"].items() if option in offers["flags"]]
    near = None if owners else nearest(option, flags)
    return UsageError(
        _("no such option: {option}", option=option),
        expected=_described(f"{near} {known[near].metavar or ''}".strip(), known[near].help)
        if near
        else _("one of {names}", names=", ".join(flags)),
        hint=_("{flag} belongs to: {commands}", flag=option, commands=", ".join(owners))
        if owners
        else did_you_mean(option, flags, _help_for(context, argv)),
    )


def _described(name: str, does: str | None) -> str:
    """Return `name` with what it does."""
    return f"{name} ({localized(does).rstrip('.')})" if does else name


def _no_such_command(name: str, context: Any, argv: Sequence[str]) -> UsageError:
    names, group = list(context.command.commands), context.command_path
    typed = ["kerasnn", *argv]
    place = typed.index(name) if name in typed else 1
    near = nearest(name, names)
    hint = did_you_mean(name, names, _help_for(context, argv))
    for command, known in (("train", table()["values"]["stage"]), ("explain", table()["values"]["topic"])):
        if group == "kerasnn" and spelled(name, known):  # its command was forgotten
            near, hint = command, shlex.join([*typed[:place], command, *typed[place:]])
            break
    return UsageError(
        _("no such command: {name}", name=f"'{name}'"),
        expected=_described(near, table()["commands"][f"{group} {near}".removeprefix("kerasnn ")]["help"])
        if near
        else _("one of {names}", names=", ".join(names)),
        hint=hint,
    )


def _too_many(given: str, context: Any, argv: Sequence[str]) -> UsageError:
    extra = given.split()
    kept = [word for place, word in enumerate(argv) if word not in extra or word in argv[:place]]
    for place in range(len(argv) - 1):  # one name in two words
        if argv[place + 1] in extra and (whole := spelled(argv[place] + argv[place + 1], _names())):
            kept = [*argv[:place], whole, *argv[place + 2 :]]
            break
    if kept[:1] == ["train"] and len(kept) > 1 and (near := nearest(kept[1], table()["values"]["stage"])):
        kept[1] = near  # what is kept has to be a command that works
    usage = " ".join([context.command_path, *context.command.collect_usage_pieces(context)])
    return UsageError(
        _("too many arguments ({given})", given=given),
        expected=usage,
        hint=shlex.join(["kerasnn", *kept]),
    )


def _names() -> list[str]:
    values = table()["values"]
    return [*values["stage"], *values["topic"]]


def _wrong_value(flags: Sequence[str], why: str, context: Any, argv: Sequence[str]) -> UsageError:
    value = _given(flags, argv)
    expected = _translated(why, _EXPECTED)
    if value is None:
        return UsageError(
            _("the value of {name} is wrong", name=flags[0]), expected=expected, hint=_example(context, argv)
        )
    row = next((row for row in SETTABLE.values() if row.flag in flags), None)
    decimal = value.replace(",", ".")  # as written in many languages
    right = decimal if "," in value and re.fullmatch(r"\d*\.\d+", decimal) else row.example if row else ""
    choices = re.fullmatch(_ONE_OF, why)
    near = nearest(value, re.findall(r"[\w-]+", choices["names"])) if choices else None
    # what looks like a flag is one whose predecessor has no value
    corrected = _corrected(argv, value, near or right) if (near or right) and not value.startswith("--") else None
    return UsageError(
        _("{flag} is '{value}'", flag=flags[0], value=value),
        expected=expected,
        hint=corrected or _help_for(context, argv),
    )


def _example(context: Any, argv: Sequence[str]) -> str:
    """Return the first example in the command's help, else how to get the help."""
    found = re.search(r"Example: (.+)", getattr(getattr(context, "command", None), "help", None) or "")
    return _("as in: {command}", command=found[1]) if found else _help_for(context, argv)


def _help_for(context: Any, argv: Sequence[str]) -> str:
    """Return how to get the help of the command that the error is about, as far as Typer or the `argv` show it."""
    if context is not None:
        return f"{context.command_path} --help"
    return " ".join(["kerasnn", *(word for word in argv[:1] if word in NAMES), "--help"])


def _given(flags: Sequence[str], argv: Sequence[str]) -> str | None:
    """Return the value of one of the `flags` in `argv`; None unless it is there exactly once."""
    values = []
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
