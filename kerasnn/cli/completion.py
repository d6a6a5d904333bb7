"""Tab completion for bash, zsh and fish, in a process that imports neither Typer nor any library.

`kerasnn --install-completion` installs Typer's script, which runs kerasnn at each Tab, with the words in its
environment. What may stand where comes from completion.json, made of the commands by `tests/completion_table.py`.
"""

import json
import os
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

VARIABLE: Final = "_KERASNN_COMPLETE"
MODEL_FILES: Final = (".keras", ".h5", ".npz")
SHELLS: Final = ("bash", "zsh", "fish")
Offer = tuple[str, str]  # what to type, and its help


@cache
def table() -> dict[str, Any]:
    """Return `commands`: flags and arguments by command, such as "runs list"; and `values`: the words of each kind."""
    with open(os.path.join(os.path.dirname(__file__), "completion.json"), encoding="utf-8") as file:  # noqa: PTH118, PTH120, PTH123  # pathlib takes longer to import than this function takes
        content: dict[str, Any] = json.load(file)
    return content


def complete(environment: Mapping[str, str]) -> int | None:
    """Print what fits, for the shell that asks, and return the exit code; None if no shell that we know asks."""
    shell = environment.get(VARIABLE, "").removeprefix("complete_")
    if shell not in SHELLS:
        return None
    words, begun = _words_in(environment, shell)
    found = list(offers(words, begun))
    if shell == "fish" and environment.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
        return 0 if found else 1  # 1: fish offers files
    sys.stdout.buffer.write(_shown(found, shell).encode())
    return 0


def offers(words: Sequence[str], begun: str) -> Iterator[Offer]:
    """Yield what can follow `words` and begins with `begun`; nothing where the shell should offer files."""
    command, given, waiting = _parsed(words)
    flag, sign, value = begun.partition("=")
    flags = table()["commands"][command]["flags"]
    if waiting:
        found: Iterator[Offer] = ((each, "") for each in _values(flags[waiting]["values"], words, begun))
    elif begun.startswith("-") and sign:
        kind = flags.get(flag, {}).get("values")
        found = ((f"{flag}={each}", "") for each in _values(kind, words, value))
    elif begun.startswith("-"):
        found = ((each, _localized(row["help"])) for each, row in flags.items())
    else:
        found = _commands_or_arguments(command, given, words, begun)
    return (offer for offer in found if offer[0].startswith(begun))


def _commands_or_arguments(command: str, given: Sequence[str], words: Sequence[str], begun: str) -> Iterator[Offer]:
    commands, prefix = table()["commands"], f"{command} " if command else ""
    for name, row in commands.items():
        inner = name.removeprefix(prefix)
        if name and name != command and name.startswith(prefix) and " " not in inner:
            yield inner, _localized(row["help"])
    kinds = commands[command]["arguments"]
    if kinds and (len(given) < len(kinds) or kinds[-1].endswith("...")):
        kind = kinds[min(len(given), len(kinds) - 1)]
        used = given if kind.endswith("...") else ()
        yield from ((each, "") for each in _values(kind.removesuffix("..."), words, begun) if each not in used)


def _parsed(words: Sequence[str]) -> tuple[str, list[str], str | None]:
    """Return the command in `words`, its arguments, and the flag whose value comes next."""
    command, given, waiting = "", [], None
    commands = table()["commands"]
    for word in words:
        if waiting:
            waiting = None
        elif word.startswith("-"):
            waiting = word if commands[command]["flags"].get(word, {}).get("values") else None
        elif (name := f"{command} {word}".strip()) in commands:
            command = name
        else:
            given.append(word)
    return command, given, waiting


def _values(kind: str | list[str] | None, words: Sequence[str], begun: str) -> list[str]:
    if isinstance(kind, list):
        return kind
    values: list[str] = table()["values"].get(kind, [])
    if kind not in ("model", "run") or "/" in begun:  # a path: the shell completes it
        return values
    runs = [run for run in _names_in(_runs_folder(words)) if os.path.isfile(f"{_runs_folder(words)}/{run}/run.json")]  # noqa: PTH113
    files = [name for name in _names_in(".") if name.endswith(MODEL_FILES)] if kind == "model" else []
    return [*values, *runs, *files]


def _runs_folder(words: Sequence[str]) -> str:
    for word, after in zip(words, [*words, ""][1:], strict=False):
        flag, sign, value = word.partition("=")
        if flag in ("--runs", "--out"):
            return os.path.expanduser(value if sign else after)  # noqa: PTH111
    return "runs"


def _names_in(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208
    except OSError:
        return []


def _localized(text: str) -> str:
    from kerasnn.language import _

    return _(text)


def _words_in(environment: Mapping[str, str], shell: str) -> tuple[list[str], str]:
    """Return the words before the cursor, without `kerasnn`, and the one at the cursor, as Typer's scripts say them."""
    if shell == "bash":
        words = _split(environment.get("COMP_WORDS", ""))
        place = int(environment.get("COMP_CWORD") or 0)
        before, begun = words[1:place], words[place] if place < len(words) else ""
        # bash makes three words of --stage=dropout
        return [word for word in before if word != "="], "" if begun == "=" else begun
    line = environment.get("_TYPER_COMPLETE_ARGS", "")
    words = _split(line)[1:]
    return (words[:-1], words[-1]) if words and not line.endswith(" ") else (words, "")


def _split(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    words: list[str] = []
    try:
        words += lexer
    except ValueError:  # a quotation mark that is still open
        words.append(lexer.token)
    return words


def _shown(found: Sequence[Offer], shell: str) -> str:
    if shell == "bash":
        return "".join(f"{value}\n" for value, _help in found)
    if shell == "fish":
        return "".join(f"{value}\t{text}\n" if text else f"{value}\n" for value, text in found)
    if not found:
        return "_files"
    rows = [f'"{_for_zsh(value)}"' + (f':"{_for_zsh(text)}"' if text else "") for value, text in found]
    return "_arguments '*: :((" + "\n".join(rows) + "))'"


def _for_zsh(text: str) -> str:
    for letter, escaped in (('"', '""'), ("'", "\u2019"), ("$", r"\$"), ("`", r"\`"), (":", r"\\:")):
        text = text.replace(letter, escaped)
    return text
