"""The common style of all figures, readable from the last row, for the colour-blind and in black and white.

Every figure is a slide: sizes of figures and letters stand here only, and what does not fit is shortened or left out.
Colour alone never carries meaning: lines also differ in dashes and markers, and all colour scales change in brightness.
SVG files follow the reader's light or dark screen unless a style is chosen.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator

from kerasnn.files.atomic import replacing
from kerasnn.files.owned import DRAWN_BY, drawn_for
from kerasnn.files.seal import BLANK, BLANK_COMMENT, seal
from kerasnn.language import _
from kerasnn.views.figures.letters import hangul_fonts, shortened
from kerasnn.views.palette import DARK, LIGHT, SIGNED, Palette, Style, palette

SLIDE: Final = (40 / 3, 7.5)  # inches, 16:9
LETTERS: Final = 14  # points, the smallest; headings are larger
KEY: Final = 1.0  # inches, of a line beside its name in a legend, and the gap to the next
DOTS_PER_INCH: Final = 144
BLUE: Final = LIGHT.blue
ORANGE: Final = LIGHT.orange
GREY: Final = LIGHT.grey
LINES: Final = ("-", "--", "-.", ":", (0, (6, 1.5, 1.5, 1.5, 1.5, 1.5)), (0, (3, 1)))
# figures are the same whatever the user's matplotlibrc says; these names, or beginnings, are about windows and servers
_OTHERS: Final = ("backend", "interactive", "toolbar", "webagg", "tk.", "figure.max", "figure.raise", "date.epoch")
_DEFAULTS: Final = {name: value for name, value in mpl.rcParamsDefault.items() if not name.startswith(_OTHERS)}
MARKERS: Final = ("o", "s", "^", "D", "v", "P")


def line(number: int, style: Style = "auto", *, markers: bool = True) -> dict[str, Any]:
    """Return options of `Axes.plot` for the `number`th line of a chart: its own colour, dashes and marker."""
    colours = palette(style).series
    look: dict[str, Any] = {"color": colours[number % len(colours)], "linestyle": LINES[number % len(LINES)]}
    look["linewidth"] = 2.5
    if markers:
        look |= {"marker": MARKERS[number % len(MARKERS)], "markersize": 7, "markeredgewidth": 0}
    return look


def by_epoch(area: Axes, title: str = "", *, y_label: str = "") -> None:
    """Label a chart whose x axis counts epochs, with ticks at whole numbers only."""
    area.set_title(title)
    area.set_xlabel(_("epoch"))
    area.set_ylabel(y_label)
    area.xaxis.set_major_locator(MaxNLocator(6, integer=True))


def text_room(drawing: Figure, texts: Sequence[str]) -> tuple[float, float]:
    """Return the width and the height in inches that the largest of `texts` takes."""
    width, height = 0.0, 0.0
    for text in texts:
        probe = drawing.text(0, 0, text)
        box = probe.get_window_extent()
        probe.remove()
        width, height = max(width, box.width / drawing.dpi), max(height, box.height / drawing.dpi)
    return width, height


def name_lines(drawing: Figure, area: Axes) -> None:
    """Write the names of the lines of `area` below all charts, where no name can cover a line."""
    handles, labels = area.get_legend_handles_labels()
    names = [shortened(label, 80) for label in labels]
    widths = [text_room(drawing, [name])[0] + KEY for name in names]
    columns = len(names) if sum(widths) <= SLIDE[0] else int(SLIDE[0] / max(widths))
    drawing.legend(handles, names, loc="outside lower center", ncols=columns)


def signed_colours() -> LinearSegmentedColormap:
    """Return the colour scale for weights: dark blue below 0, grey at 0, light yellow above."""
    return LinearSegmentedColormap.from_list("signed", SIGNED)


def amount_colours(style: Style = "auto", colour: str = "blue") -> LinearSegmentedColormap:
    """Return a colour scale for amounts from 0 up: from paper through a colour of the palette to ink."""
    colours = palette(style)
    stops = [colours.paper, getattr(colours, colour), colours.ink]
    return LinearSegmentedColormap.from_list("amount", list(zip((0, 0.6, 1), stops, strict=True)))


@contextmanager
def figure(heading: str = "", style: Style = "auto") -> Iterator[Figure]:
    """Create a figure in kerasnn's style, without needing a display; a long `heading` takes several lines."""
    with mpl.rc_context(_settings(palette(style))), warnings.catch_warnings():
        # a user's class name in letters that no font has is drawn as boxes; nothing better can be done
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from font", UserWarning)
        drawing = Figure(figsize=SLIDE, layout=ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.1))
        FigureCanvasAgg(drawing)  # binds itself to the figure, no display needed
        drawing.suptitle(heading, x=0.01, ha="left", wrap=True)
        yield drawing


def _settings(colours: Palette) -> Any:
    return {
        **_DEFAULTS,
        "axes.axisbelow": True,
        "axes.grid": True,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlelocation": "left",
        "axes.titlesize": LETTERS,
        # DejaVu Sans comes with matplotlib, so English looks the same everywhere; the others are only for Hangul
        "font.family": ["DejaVu Sans", *hangul_fonts()],
        "figure.titlesize": LETTERS + 2,
        "font.size": LETTERS,
        "grid.color": colours.faint,
        "grid.linewidth": 1.0,
        "legend.fontsize": LETTERS,
        "legend.frameon": False,
        "svg.hashsalt": "kerasnn",  # else the ids in an SVG are random
        # the user's class names may contain $ and backslashes
        "text.parse_math": False,
        "text.usetex": False,
        **dict.fromkeys(("axes.labelsize", "xtick.labelsize", "ytick.labelsize"), LETTERS),
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
    metadata = {"Date": None, "Creator": DRAWN_BY} if vector else {"Software": DRAWN_BY, "Comment": BLANK}
    if drawn_for.get() != DRAWN_BY:
        metadata["Source"] = f"`{drawn_for.get()}`"
    with replacing(path) as draft:
        drawing.savefig(draft, dpi=DOTS_PER_INCH, metadata={"Title": title, **metadata}, **options)
        if vector:
            svg = draft.read_text(encoding="utf-8")
            draft.write_text(_for_readers(svg, follow=style == "auto") + BLANK_COMMENT, encoding="utf-8")
        seal(draft, drawn_for.get())
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
