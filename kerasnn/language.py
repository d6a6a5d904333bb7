"""The language kerasnn speaks, English or Korean: gettext's catalogues behind `_`.

Every sentence is written in English where it is used; `locale/ko` holds the Korean. Class names and the keys of JSON
are data and stay as they are; what shows them translates them.
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


@cache
def _catalogue(name: str) -> NullTranslations:
    path = _FOLDER / name / "LC_MESSAGES" / "kerasnn.mo"
    if name == "en" or not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        return GNUTranslations(file)
