"""The language kerasnn speaks, English or Korean: gettext's catalogues behind `_`.

Every sentence is written in English where it is used; `locale/ko` holds the Korean. Class names and the keys of JSON
are data and stay as they are; what shows them translates them.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "ko")
VARIABLE: Final = "KERASNN_LANG"
LONGEST_RETOLD: Final = 4_000  # letters
DEEPEST_RETOLD: Final = 4  # sentences within sentences
_LOCALE_VARIABLES: Final = (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG")
_FOLDER: Final = Path(__file__).resolve().parent / "locale"

_chosen: list[str] = []  # empty until someone chooses: then the surroundings decide


def from_surroundings() -> str:
    """The language that KERASNN_LANG or the locale asks for, the first of them that is set; English for any other."""
    asked = next((value for name in _LOCALE_VARIABLES if (value := os.environ.get(name))), "")
    return "ko" if asked.lower().startswith("ko") else "en"


def language() -> str:
    """The language spoken now: `en` or `ko`."""
    return _chosen[-1] if _chosen else from_surroundings()


def set_language(name: str | None) -> None:
    """Speak `name`, one of LANGUAGES, from now on; None: what the surroundings ask for."""
    _chosen[:] = [_known(name)] if name else []


@contextmanager
def speaking(name: str | None) -> Iterator[None]:
    """Speak `name` for a while; None changes nothing."""
    before = list(_chosen)
    if name is not None:
        set_language(name)
    try:
        yield
    finally:
        _chosen[:] = before


def _known(name: str) -> str:
    if name not in LANGUAGES:
        raise ValueError(f"kerasnn does not speak '{name}', only {' and '.join(LANGUAGES)}")
    return name


def _(message: str, **values: object) -> str:
    """`message` in the language spoken, its {placeholders} filled with `values` where there are any."""
    text = _catalogue(language()).gettext(message) if message else ""
    return text.format(**values) if values else text


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """`one` or `many`, as `count` asks for, in the language spoken; {count} and `values` are filled in."""
    return _catalogue(language()).ngettext(one, many, count).format(count=count, **values)


def N_(message: str) -> str:  # noqa: N802  # gettext's own name for it
    """`message` itself: marks what is translated later, where it is shown."""
    return message


def retold(text: str, *messages: str) -> str:
    """`text`, kept in English after one of `messages`, in the language spoken; itself where it is after none of them.

    What filled the {placeholders} is retold too; it may be several clauses with semicolons between. A text of more
    than 4,000 letters, which kerasnn never keeps, stays as it is.
    """
    if language() == "en" or not text or len(text) > LONGEST_RETOLD:
        return text
    return _retold(text, messages, DEEPEST_RETOLD)


def _retold(text: str, messages: Sequence[str], deepest: int) -> str:
    for message in messages if deepest else ():
        filled = _filled(message, text)
        if filled is not None:
            clauses = {name: value.split("; ") for name, value in filled.items()}
            values = {
                name: "; ".join(_retold(part, messages, deepest - 1) for part in parts)
                for name, parts in clauses.items()
            }
            return _(message, **values)
    return _(text)


def _filled(message: str, text: str) -> Mapping[str, str] | None:
    """What fills the {placeholders} of `message` in `text`, the first as long as can be; None where `text` is other.

    One look for each piece between them, from the last on: a regular expression would try all their places against
    each other.
    """
    pieces, names = _pieces(message)[::2], _pieces(message)[1::2]
    start, end = len(pieces[0]), len(text) - len(pieces[-1])
    if not names or start > end or not (text.startswith(pieces[0]) and text.endswith(pieces[-1])):
        return {} if text == message else None
    filled = {}
    for name, piece in zip(reversed(names[1:]), reversed(pieces[1:-1]), strict=True):
        place = text.rfind(piece, start, end)
        if place < 0:
            return None
        filled[name], end = text[place + len(piece) : end], place
    return {names[0]: text[start:end], **filled}


@cache
def _pieces(message: str) -> tuple[str, ...]:
    """`message` cut at its {placeholders}, which have no format of their own: text, name, text, name, text."""
    return tuple(re.split(r"\{(\w+)\}", message))


@cache
def _catalogue(name: str) -> NullTranslations:
    path = _FOLDER / name / "LC_MESSAGES" / "kerasnn.mo"
    if name == "en" or not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        return GNUTranslations(file)
