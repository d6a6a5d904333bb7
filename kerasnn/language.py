"""The language of the output, English or Korean: gettext's catalogues behind `_`.

Messages are written in English where they are used; `locale/ko` holds the Korean. Class names and JSON keys are data
and stay in English; a view translates them when it shows them.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "ko")
VARIABLE: Final = "KERASNN_LANG"
_LOCALE_VARIABLES: Final = (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG")
_FOLDER: Final = Path(__file__).resolve().parent / "locale"

_chosen: list[str] = []  # empty: the environment decides


def language_of_environment() -> str:
    """Return the language of the first variable set among KERASNN_LANG and the locale's: `ko`, else `en`."""
    asked = next((value for name in _LOCALE_VARIABLES if (value := os.environ.get(name))), "")
    return "ko" if asked.lower().startswith("ko") else "en"


def language() -> str:
    """Return the current language: `en` or `ko`."""
    return _chosen[-1] if _chosen else language_of_environment()


def set_language(name: str | None) -> None:
    """Set the language to `name`, one of LANGUAGES; None: what the environment asks for.

    Raises: ValueError for any other name.
    """
    if name and name not in LANGUAGES:
        raise ValueError(f"kerasnn does not speak '{name}', only {' and '.join(LANGUAGES)}")
    _chosen[:] = [name] if name else []


@contextmanager
def speaking(name: str | None) -> Iterator[None]:
    """Use the language `name` within the block; None changes nothing."""
    before = list(_chosen)
    if name is not None:
        set_language(name)
    try:
        yield
    finally:
        _chosen[:] = before


def _(message: str, **values: object) -> str:
    """Translate `message` into the current language and fill its {placeholders} with `values`."""
    text = _catalogue(language()).gettext(message) if message else ""
    return text.format(**values) if values else text  # a text without values may contain braces


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """Translate `one` or `many`, depending on `count`, and fill in {count} and `values`."""
    return _catalogue(language()).ngettext(one, many, count).format(count=count, **values)


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
