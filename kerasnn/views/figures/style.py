"""The one look of all figures: colours that the colour-blind and a black-and-white printer can tell apart.

Source of the colours: Okabe and Ito, "Color Universal Design", 2008.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from kerasnn.atomic import replacing

BLUE: Final = "#0072B2"
ORANGE: Final = "#D55E00"
GREY: Final = "#555555"
HANGUL_FONTS: Final = ("Noto Sans CJK KR", "NanumGothic", "Malgun Gothic", "AppleGothic")
DOTS_PER_INCH: Final = 144

_SETTINGS: Final[dict[str, Any]] = {
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.family": [*HANGUL_FONTS, "DejaVu Sans"],
    "font.size": 10,
    "grid.alpha": 0.3,
    "legend.frameon": False,
    "savefig.facecolor": "white",
}


@contextmanager
def figure(width: float, height: float) -> Iterator[Figure]:
    """A figure of so many inches in kerasnn's style, laid out without overlaps. Draws without a screen."""
    known = set(font_manager.get_font_names())
    family = [font for font in _SETTINGS["font.family"] if font in known]
    settings: Any = {**_SETTINGS, "font.family": family}
    with mpl.rc_context(settings):
        drawing = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(drawing)
        yield drawing


def save(drawing: Figure, path: Path, **options: Any) -> Path:
    """Write the figure to `path`, whole or not at all."""
    with replacing(path) as draft:
        drawing.savefig(draft, dpi=DOTS_PER_INCH, **options)
    return path
