"""The flags for pictures, and the notes about those that were saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from kerasnn.cli.console import Output
from kerasnn.cli.options import on_output
from kerasnn.language import N_, _, language

_STYLE_HELP = N_("Background of the pictures; auto: light for PNG; an SVG follows the viewer's light or dark mode.")
PlotsOption = Annotated[
    Path | None, on_output("--plots", metavar="FOLDER", help=N_("Save the pictures in this folder."))
]
FormatOption = Annotated[Literal["png", "svg"], on_output("--format", help=N_("Image format."))]
StyleOption = Annotated[Literal["auto", "light", "dark"], on_output("--style", help=_STYLE_HELP)]


@dataclass(frozen=True)
class Pictures:
    """Where pictures are saved, and how they look. `plots`: None to save none."""

    plots: PlotsOption = None
    format: FormatOption = "png"
    style: StyleOption = "auto"

    def path(self, name: str) -> Path:
        """Return the path of the picture `name`."""
        return (self.plots or Path()) / f"{name}.{self.format}"


def note_drawn(output: Output, paths: Sequence[Path], names: Sequence[str] = ()) -> None:
    """Say where the pictures are, and whether a missing font changed their text.

    `names`: class names in the pictures, which number the classes instead if no font has Hangul.
    """
    from kerasnn.views.figures.style import HANGUL_FONTS, figure_language, needs_hangul

    for path in paths:
        output.note(_("drawn: {path}", path=path))
    missing = None
    if needs_hangul(names):
        missing = N_("No font here has Hangul, so the pictures number the classes. Any of these would do: {fonts}.")
    elif figure_language() != language():
        missing = N_("No font here has Hangul: the pictures are labelled in English. Any of these would do: {fonts}.")
    if missing is not None:
        # "Noto Sans CJK JP" is another name of the same font, and has Hangul too
        fonts = dict.fromkeys(font.replace(" JP", " KR") for font in HANGUL_FONTS)
        output.note(_(missing, fonts=", ".join(fonts)))
