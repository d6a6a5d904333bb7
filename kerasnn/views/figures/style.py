"""The one look of all figures: colours that the colour-blind and a black-and-white printer can tell apart.

No meaning is told by colour alone: lines differ by dashes and markers too, and every scale of colours also runs from
dark to light. An SVG follows the reader's light or dark screen unless it is asked for one of them.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from kerasnn.files.atomic import replacing
from kerasnn.views.figures.fonts import hangul_fonts
from kerasnn.views.palette import DARK, LIGHT, SIGNED, Palette, Style, palette

DOTS_PER_INCH: Final = 144
BLUE: Final = LIGHT.blue
ORANGE: Final = LIGHT.orange
GREY: Final = LIGHT.grey
LINES: Final = ("-", "--", "-.", ":", (0, (6, 1.5, 1.5, 1.5, 1.5, 1.5)), (0, (3, 1)))
MARKERS: Final = ("o", "s", "^", "D", "v", "P")


def line(number: int, style: Style = "auto", *, markers: bool = True) -> dict[str, Any]:
    """How the `number`th line of a chart looks, for `Axes.plot`: a colour, dashes and a marker of its own."""
    colours = palette(style).series
    look: dict[str, Any] = {
        "color": colours[number % len(colours)],
        "linestyle": LINES[number % len(LINES)],
        "linewidth": 1.8,
    }
    if markers:
        look |= {"marker": MARKERS[number % len(MARKERS)], "markersize": 4.5, "markeredgewidth": 0}
    return look


def signed_colours() -> LinearSegmentedColormap:
    """The scale for weights: dark blue below 0, grey at 0, light yellow above it."""
    return LinearSegmentedColormap.from_list("signed", SIGNED)


def amount_colours(style: Style = "auto", colour: str = "blue") -> LinearSegmentedColormap:
    """A scale for what begins at 0: from the paper through a colour of the palette to almost ink."""
    colours = palette(style)
    stops = [colours.paper, getattr(colours, colour), colours.ink]
    return LinearSegmentedColormap.from_list("amount", list(zip((0, 0.6, 1), stops, strict=True)))


@contextmanager
def figure(width: float, height: float, style: Style = "auto") -> Iterator[Figure]:
    """A figure of so many inches in kerasnn's style, laid out without overlaps. Draws without a screen."""
    with mpl.rc_context(_settings(palette(style))):
        drawing = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(drawing)
        yield drawing


def _settings(colours: Palette) -> Any:
    return {
        "axes.axisbelow": True,
        "axes.edgecolor": colours.grey,
        "axes.facecolor": colours.paper,
        "axes.grid": True,
        "axes.labelcolor": colours.ink,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 11,
        "figure.facecolor": colours.paper,
        # DejaVu Sans comes with matplotlib: so English looks the same everywhere, and only Hangul is looked up
        "font.family": ["DejaVu Sans", *hangul_fonts()],
        "font.size": 10,
        "grid.color": colours.faint,
        "grid.linewidth": 0.6,
        "legend.frameon": False,
        "savefig.facecolor": colours.paper,
        "svg.hashsalt": "kerasnn",
        "text.color": colours.ink,
        "xtick.color": colours.grey,
        "xtick.labelcolor": colours.ink,
        "ytick.color": colours.grey,
        "ytick.labelcolor": colours.ink,
    }


def save(drawing: Figure, path: Path, style: Style = "auto", *, title: str = "", **options: Any) -> Path:
    """Write the figure to `path`, whole or not at all: a PNG or an SVG by its suffix, byte by byte the same each time.

    `title`: what the picture shows, in a sentence, for those who cannot see it.
    """
    vector = path.suffix.lower() == ".svg"
    metadata = {"Title": title, "Date": None, "Creator": None} if vector else {"Title": title, "Software": None}
    with replacing(path) as draft, warnings.catch_warnings():
        # a name of the user's own in letters that no font here has is drawn as boxes, and that is all there is to it
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from font", UserWarning)
        drawing.savefig(draft, dpi=DOTS_PER_INCH, metadata=metadata, **options)
        if vector:
            svg = draft.read_text(encoding="utf-8")
            draft.write_text(_for_readers(svg, follow=style == "auto"), encoding="utf-8")
    return path


def _for_readers(svg: str, *, follow: bool) -> str:
    """The SVG as one image to those who have it read out, with the rules by which it turns dark on a dark screen."""
    rules = f"<style>@media (prefers-color-scheme: dark) {{{_dark_rules()}}}</style>" if follow else ""
    head, opening, rest = svg.partition("<svg ")
    attributes, end, content = rest.partition(">")
    return f'{head}{opening}role="img" {attributes}{end}{rules}{content}'


def _dark_rules() -> str:
    pairs = [(getattr(LIGHT, each.name), getattr(DARK, each.name)) for each in fields(Palette)]
    return "".join(
        f'[style*="{what}: {light}"]{{{what}:{dark} !important}}'
        for light, dark in pairs
        for what in ("fill", "stroke")
    )
