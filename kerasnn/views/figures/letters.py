"""The words in figures: in a language that a font here can write, and names short enough for a slide."""

import logging
import re
from collections.abc import Callable, Sequence
from functools import cache, wraps
from typing import Final, ParamSpec, TypeVar

from matplotlib import font_manager
from rich.cells import cell_len

from kerasnn.language import language, speaking
from kerasnn.views.format import class_name

Arguments = ParamSpec("Arguments")
Drawn = TypeVar("Drawn")

# matplotlib sees only the first face of a font collection; Noto's is the Japanese one, which has all Hangul too
HANGUL_FONTS: Final = ("Noto Sans CJK KR", "Noto Sans CJK JP", "NanumGothic", "Malgun Gothic", "AppleGothic")
_HANGUL_FILES: Final = re.compile(r"NotoSansCJK-Regular|NotoSansCJKkr-Regular|NanumGothic\.|malgun\.|AppleGothic\.")
_HANGUL: Final = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")


@cache
def hangul_fonts() -> tuple[str, ...]:
    """Return those of HANGUL_FONTS that are installed."""
    known = set(font_manager.get_font_names())
    if not known.intersection(HANGUL_FONTS):  # matplotlib caches its list: fonts may have been installed since
        for path in font_manager.findSystemFonts():
            if _HANGUL_FILES.search(path):
                font_manager.fontManager.addfont(path)
        known = set(font_manager.get_font_names())
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # it warns about fonts without a bold face
    return tuple(font for font in HANGUL_FONTS if font in known)


def figure_language() -> str:
    """Return the language for text in figures: the current one, or English if no font has its letters."""
    return language() if language() != "ko" or hangul_fonts() else "en"


def in_figure_language(draw: Callable[Arguments, Drawn]) -> Callable[Arguments, Drawn]:
    """Decorate `draw` to run in the language that figures can be written in."""

    @wraps(draw)
    def drawn(*arguments: Arguments.args, **options: Arguments.kwargs) -> Drawn:
        with speaking(figure_language()):
            return draw(*arguments, **options)

    return drawn


def needs_hangul(names: Sequence[str]) -> bool:
    """Return True if one of `names` contains Hangul and no font has it."""
    return any(_HANGUL.search(name) for name in names) and not hangul_fonts()


def readable(names: Sequence[str], fallback: str = "class") -> tuple[str, ...]:
    """Return class names that a figure can show, those of Fashion-MNIST in the current language.

    If a name contains Hangul and no font has it, all are replaced by `fallback` and a number.
    """
    if needs_hangul(names):
        return tuple(f"{fallback} {number}" for number in range(len(names)))
    return tuple(shortened(class_name(name)) for name in names)


def shortened(name: str, most: int = 16) -> str:
    """Return `name` in at most `most` cells, a Hangul syllable taking two; the middle of a longer one is left out."""
    if cell_len(name) <= most:
        return name
    head, tail = name[: most // 2], name[-(most // 2) :]
    while cell_len(head) + cell_len(tail) >= most:
        head, tail = (head[:-1], tail) if cell_len(head) >= cell_len(tail) else (head, tail[1:])
    return f"{head}…{tail}"
