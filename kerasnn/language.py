"""The language of the output, English or Korean: gettext's catalogues behind `_`.

Messages are written in English where they are used; `locale/ko` holds the Korean. Class names and JSON keys are data
and stay in English; a view translates them when it shows them. Korean marks the particles that depend on the word
before, as in `{name}[은/는]`.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "ko")
VARIABLE: Final = "KERASNN_LANG"
_LOCALE_VARIABLES: Final = (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG")
_FOLDER: Final = Path(__file__).resolve().parent / "locale"

_MARKED: Final = re.compile(r"([^\W_]+|%p?)?([^\w\s%]*)\[([가-힣]+)/([가-힣]*)\]")
_CLOSED: Final = re.compile(
    r"[013678lmn]$"  # as digits and as letters: 영 일 삼 육 칠 팔, 엘 엠 엔
    r"|[aeiouy][lmn]e$|[a-z]le$|[aeiouy]ng$"  # file, name, table, training
    r"|(?<![aeiouy])[aeiouy][bckpt]$|ou?t$|[aeiou]ck$|oo[kpt]$"  # fit, step, dropout, block
    r"|^[^aeiouy]*r$"  # spelt out: 알
)

_chosen: list[str] = []  # of the whole process; empty: the environment decides
_spoken: ContextVar[str] = ContextVar("spoken", default="")  # in a block of `speaking`: a server answers in several


def language_of_environment() -> str:
    """Return the language of the first variable set among KERASNN_LANG and the locale's: `ko`, else `en`."""
    asked = next((value for name in _LOCALE_VARIABLES if (value := os.environ.get(name))), "")
    return "ko" if asked.lower().startswith("ko") else "en"


def language() -> str:
    """Return the current language: `en` or `ko`."""
    return _spoken.get() or (_chosen[-1] if _chosen else language_of_environment())


def set_language(name: str | None) -> None:
    """Set the language to `name`, one of LANGUAGES; None: what the environment asks for.

    Raises: ValueError for any other name.
    """
    _chosen[:] = [_known(name)] if name else []


@contextmanager
def speaking(name: str | None) -> Iterator[None]:
    """Use the language `name` within the block, in this thread; None changes nothing. Raises: as `set_language`."""
    before = _spoken.set(_spoken.get() if name is None else _known(name))
    try:
        yield
    finally:
        _spoken.reset(before)


def _known(name: str) -> str:
    if name not in LANGUAGES:
        raise ValueError(f"kerasnn does not speak '{name}', only {' and '.join(LANGUAGES)}")
    return name


def _(message: str, **values: object) -> str:
    """Translate `message` into the current language and fill its {placeholders} with `values`."""
    text = _catalogue(language()).gettext(message) if message else ""
    return agreeing(text.format(**values)) if values else text  # a text without values may contain braces


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """Translate `one` or `many`, depending on `count`, and fill in {count} and `values`."""
    return agreeing(_catalogue(language()).ngettext(one, many, count).format(count=count, **values))


def agreeing(text: str) -> str:
    """Choose each particle marked `[after a consonant/after a vowel]` in `text` by the sound that the word ends in."""
    return _MARKED.sub(lambda found: f"{found[1] or ''}{found[2]}{_particle(found[1] or '', found[3], found[4])}", text)


def _particle(word: str, closed: str, opened: str) -> str:
    last = word[-1:]
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28  # 0: none, 8: ㄹ
    elif word.isascii() and _CLOSED.search(word.lower()):
        final = 8 if re.search(r"[178lr]e?$", word.lower()) else 1
    else:
        final = 0
    return opened if final == 0 or (final == 8 and closed == "으로") else closed


def N_(message: str) -> str:  # noqa: N802  # gettext's own name for it
    """Mark a message for translation and return it unchanged; `_` translates it where it is shown."""
    return message


@cache
def _catalogue(name: str) -> NullTranslations:
    path = _FOLDER / name / "LC_MESSAGES" / "kerasnn.mo"
    if name == "en" or not path.is_file():  # the messages are English already
        return NullTranslations()
    with path.open("rb") as file:
        return GNUTranslations(file)
