"""The common style of all figures, readable for the colour-blind and in black and white.

Colour alone never carries meaning: lines also differ in dashes and markers, and all colour scales change in brightness.
SVG files follow the reader's light or dark screen unless a style is chosen.
"""

import logging
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from functools import cache, wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from kerasnn.files.atomic import replacing
from kerasnn.language import _, language, speaking
from kerasnn.views.format import class_name
from kerasnn.views.palette import DARK, LIGHT, SIGNED, Palette, Style, palette

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
    return tuple(map(class_name, names))


DOTS_PER_INCH: Final = 144
BLUE: Final = LIGHT.blue
ORANGE: Final = LIGHT.orange
GREY: Final = LIGHT.grey
LINES: Final = ("-", "--", "-.", ":", (0, (6, 1.5, 1.5, 1.5, 1.5, 1.5)), (0, (3, 1)))
MARKERS: Final = ("o", "s", "^", "D", "v", "P")


def line(number: int, style: Style = "auto", *, markers: bool = True) -> dict[str, Any]:
    """Return options of `Axes.plot` for the `number`th line of a chart: its own colour, dashes and marker."""
    colours = palette(style).series
    look: dict[str, Any] = {"color": colours[number % len(colours)], "linestyle": LINES[number % len(LINES)]}
    look["linewidth"] = 1.8
    if markers:
        look |= {"marker": MARKERS[number % len(MARKERS)], "markersize": 4.5, "markeredgewidth": 0}
    return look


def by_epoch(area: Axes, title: str = "", *, y_label: str = "", fontsize: float = 11) -> None:
    """Label a chart whose x axis counts epochs, with ticks at whole numbers only."""
    area.set_title(title, fontsize=fontsize)
    area.set_xlabel(_("epoch"))
    area.set_ylabel(y_label)
    area.xaxis.set_major_locator(MaxNLocator(integer=True))


def signed_colours() -> LinearSegmentedColormap:
    """Return the colour scale for weights: dark blue below 0, grey at 0, light yellow above."""
    return LinearSegmentedColormap.from_list("signed", SIGNED)


def amount_colours(style: Style = "auto", colour: str = "blue") -> LinearSegmentedColormap:
    """Return a colour scale for amounts from 0 up: from paper through a colour of the palette to ink."""
    colours = palette(style)
    stops = [colours.paper, getattr(colours, colour), colours.ink]
    return LinearSegmentedColormap.from_list("amount", list(zip((0, 0.6, 1), stops, strict=True)))


@contextmanager
def figure(width: float, height: float, style: Style = "auto") -> Iterator[Figure]:
    """Create a figure of `width` by `height` inches in kerasnn's style, without needing a display."""
    with mpl.rc_context(_settings(palette(style))):
        drawing = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(drawing)  # binds itself to the figure, no display needed
        yield drawing


def _settings(colours: Palette) -> Any:
    return {
        "axes.axisbelow": True,
        "axes.grid": True,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 11,
        # DejaVu Sans comes with matplotlib, so English looks the same everywhere; the others are only for Hangul
        "font.family": ["DejaVu Sans", *hangul_fonts()],
        "font.size": 10,
        "grid.color": colours.faint,
        "grid.linewidth": 0.6,
        "legend.frameon": False,
        "svg.hashsalt": "kerasnn",  # else the ids in an SVG are random
        # the user's class names may contain $ and backslashes
        "text.parse_math": False,
        "text.usetex": False,
        **dict.fromkeys(("axes.facecolor", "figure.facecolor", "savefig.facecolor"), colours.paper),
        **dict.fromkeys(("axes.labelcolor", "text.color", "xtick.labelcolor", "ytick.labelcolor"), colours.ink),
        **dict.fromkeys(("axes.edgecolor", "xtick.color", "ytick.color"), colours.grey),
    }


def save(drawing: Figure, path: Path, style: Style = "auto", *, title: str = "", **options: Any) -> Path:
    """Write the figure to `path` atomically, as PNG or SVG by its suffix; equal figures give equal bytes.

    `title`: a sentence that describes the figure, for screen readers.
    """
    vector = path.suffix.lower() == ".svg"
    # no date and no version, so that equal figures give equal bytes
    metadata = {"Title": title, "Date": None, "Creator": None} if vector else {"Title": title, "Software": None}
    with replacing(path) as draft, warnings.catch_warnings():
        # a user's class name in letters that no font has is drawn as boxes; nothing better can be done
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from font", UserWarning)
        drawing.savefig(draft, dpi=DOTS_PER_INCH, metadata=metadata, **options)
        if vector:
            svg = draft.read_text(encoding="utf-8")
            draft.write_text(_for_readers(svg, follow=style == "auto"), encoding="utf-8")
    return path


def _for_readers(svg: str, *, follow: bool) -> str:
    """Mark the SVG as one image for screen readers, and with `follow` add the CSS for dark screens."""
    # matplotlib writes colours into style attributes, so the rules look for each light colour there
    dark = "".join(
        f'[style*="{what}: {light}"]{{{what}:{dark} !important}}'
        for light, dark in zip(astuple(LIGHT), astuple(DARK), strict=True)
        for what in ("fill", "stroke")
    )
    rules = f"<style>@media (prefers-color-scheme: dark) {{{dark}}}</style>" if follow else ""
    head, opening, rest = svg.partition("<svg ")
    attributes, end, content = rest.partition(">")
    return f'{head}{opening}role="img" {attributes}{end}{rules}{content}'
