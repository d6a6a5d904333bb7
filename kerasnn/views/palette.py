"""The colours of all figures, on light and on dark backgrounds. Imports no matplotlib: SVG and terminal use it too.

Source: Okabe and Ito, "Color Universal Design", 2008, made darker or lighter for contrast with the paper.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Style = Literal["auto", "light", "dark"]  # auto: an SVG follows the reader's screen, a PNG is light


@dataclass(frozen=True)
class Palette:
    """Colours by purpose. `paper`: background; `ink`: text; `grey`: secondary text; `faint`: grid lines.

    `blue` and `orange` are the first two of a series, such as training and validation; the others follow in order.
    """

    paper: str
    ink: str
    grey: str
    faint: str
    blue: str
    orange: str
    green: str
    purple: str
    yellow: str
    sky: str

    @property
    def series(self) -> tuple[str, ...]:
        return (self.blue, self.orange, self.green, self.purple, self.yellow, self.sky)


_COLOURS: Final = {  # light, dark
    "paper": ("#ffffff", "#14171c"),
    "ink": ("#1b1e23", "#eceef1"),
    "grey": ("#5b6169", "#a9b0ba"),
    "faint": ("#d9dce0", "#373d46"),
    "blue": ("#0072b2", "#56b4e9"),
    "orange": ("#d55e00", "#ff9b4a"),
    "green": ("#00795a", "#3ccfa2"),
    "purple": ("#a8447f", "#e79cc9"),
    "yellow": ("#b58100", "#f0d442"),
    "sky": ("#3f8fc4", "#9cc9ff"),
}
LIGHT, DARK = (Palette(**{name: pair[place] for name, pair in _COLOURS.items()}) for place in (0, 1))


def palette(style: Style = "auto") -> Palette:
    """Return the colours to draw with; `auto` draws in light colours, and CSS in the SVG swaps them for dark ones."""
    return DARK if style == "dark" else LIGHT


def fixed(colour: str) -> str:
    """Return `colour` changed by one step of blue, so that the dark style does not swap it.

    For text and marks on an image, which is the same in both styles.
    """
    blue = int(colour[5:7], 16)
    return f"{colour[:5]}{blue + (1 if blue < 255 else -1):02x}"


MIDDLE: Final = 0.18  # the luminance against which black and white have the same contrast


def luminance(red: float, green: float, blue: float) -> float:
    """Return how bright a colour looks, from 0 to 1, as its parts are."""
    return 0.2126 * math.pow(red, 2.2) + 0.7152 * math.pow(green, 2.2) + 0.0722 * math.pow(blue, 2.2)


# dark blue below 0, grey at 0, light yellow above: brightness rises all the way, so the sign survives black-and-white
# printing, and the grey middle is visible on light and dark backgrounds
SIGNED: Final = ("#001540", "#0b3f8c", "#4a6c9c", "#808080", "#b39a5f", "#e6c13d", "#fff6b0")


def blend(stops: Sequence[str], share: float) -> str:
    """Return the colour at `share`, from 0 to 1, of a linear scale through `stops`."""
    place = min(max(share, 0.0), 1.0) * (len(stops) - 1)
    low = min(int(place), len(stops) - 2)
    parts = zip(*(bytes.fromhex(stop[1:]) for stop in stops[low : low + 2]), strict=True)  # red, green, blue
    return "#" + "".join(f"{round(a + (b - a) * (place - low)):02x}" for a, b in parts)
