"""The notes of commands about the pictures they saved."""

from collections.abc import Sequence
from pathlib import Path

from kerasnn.cli.console import Output
from kerasnn.language import _, language


def note_drawn(output: Output, paths: Sequence[Path], names: Sequence[str] = ()) -> None:
    """Say where the pictures are, and whether a missing font changed their text.

    `names`: class names in the pictures, which number the classes instead if no font has Hangul.
    """
    from kerasnn.views.figures.fonts import HANGUL_FONTS, figure_language, needs_hangul

    for path in paths:
        output.note(_("drawn: {path}", path=path))
    fonts = ", ".join(dict.fromkeys(font.replace(" JP", " KR") for font in HANGUL_FONTS))
    if needs_hangul(names):
        output.note(
            _(
                "No font here has Hangul, so the pictures number the classes. Any of these would do: {fonts}.",
                fonts=fonts,
            )
        )
    elif figure_language() != language():
        output.note(
            _(
                "No font here has Hangul: the pictures are labelled in English. Any of these would do: {fonts}.",
                fonts=fonts,
            )
        )
