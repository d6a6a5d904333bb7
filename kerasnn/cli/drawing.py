"""What commands say of the pictures they drew."""

from collections.abc import Sequence
from pathlib import Path

from kerasnn.cli.console import Output


def note_drawn(output: Output, paths: Sequence[Path], names: Sequence[str]) -> None:
    """Where the pictures lie, and a note where no font could write `names`, which the pictures number then."""
    from kerasnn.views.figures.fonts import HANGUL_FONTS, needs_hangul

    for path in paths:
        output.note(f"drawn: {path}")
    if needs_hangul(names):
        fonts = ", ".join(dict.fromkeys(font.replace(" JP", " KR") for font in HANGUL_FONTS))
        output.note(f"No font here has Hangul, so the pictures number the classes. Any of these would do: {fonts}.")
