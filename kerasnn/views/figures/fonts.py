"""Hangul in figures, where the machine has a font for it; DejaVu Sans, which matplotlib brings along, has none."""

import logging
import re
from collections.abc import Callable, Sequence
from functools import cache, wraps
from typing import Final, ParamSpec, TypeVar

from matplotlib import font_manager

from kerasnn.language import language, speaking
from kerasnn.views.format import class_name

Arguments = ParamSpec("Arguments")
Drawn = TypeVar("Drawn")

# of a collection matplotlib knows the first face alone, and that of Noto is the Japanese one, which has all Hangul too
HANGUL_FONTS: Final = ("Noto Sans CJK KR", "Noto Sans CJK JP", "NanumGothic", "Malgun Gothic", "AppleGothic")
_HANGUL_FILES: Final = re.compile(r"NotoSansCJK-Regular|NotoSansCJKkr-Regular|NanumGothic\.|malgun\.|AppleGothic\.")
_HANGUL: Final = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")


@cache
def hangul_fonts() -> tuple[str, ...]:
    """Those of HANGUL_FONTS that this machine has."""
    known = set(font_manager.get_font_names())
    if not known.intersection(HANGUL_FONTS):  # matplotlib's list is from its first day: fonts may have come since
        for path in font_manager.findSystemFonts():
            if _HANGUL_FILES.search(path):
                font_manager.fontManager.addfont(path)
        known = set(font_manager.get_font_names())
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # it grumbles where one has no bold face
    return tuple(font for font in HANGUL_FONTS if font in known)


def written_language() -> str:
    """The language of the words in a figure: the one spoken, but English where no font here has its letters."""
    return language() if language() != "ko" or hangul_fonts() else "en"


def written(draw: Callable[Arguments, Drawn]) -> Callable[Arguments, Drawn]:
    """Has what `draw` writes be in the language that figures can be written in."""

    @wraps(draw)
    def drawn(*arguments: Arguments.args, **options: Arguments.kwargs) -> Drawn:
        with speaking(written_language()):
            return draw(*arguments, **options)

    return drawn


def needs_hangul(names: Sequence[str]) -> bool:
    """Whether one of `names` is in Hangul, and no font here has it."""
    return any(_HANGUL.search(name) for name in names) and not hangul_fonts()


def readable(names: Sequence[str], fallback: str = "class") -> tuple[str, ...]:
    """`names` as a figure can write them, those of Fashion-MNIST's classes in its language.

    Numbered ones in place of all where one is in Hangul and no font has it.
    """
    if needs_hangul(names):
        return tuple(f"{fallback} {number}" for number in range(len(names)))
    return tuple(map(class_name, names))
