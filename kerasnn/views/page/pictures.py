"""Figures as data: addresses, so that a page needs no file beside it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kerasnn.files.temporary import temporary_folder
from kerasnn.views.page.blocks import Picture

# what HTML and addresses leave alone; base64 would be a third longer than the SVG
_PLAIN = " !$()*+,-./:;=?@[]^_`{|}~"
_UNSEEN = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>|<\?xml.*?\?>|<!DOCTYPE.*?>", re.DOTALL)


def picture(draw: Callable[[Path], Any], description: str, *, caption: str = "", wide: bool = True) -> Picture:
    """What `draw` draws into the .svg it is given, as a picture of a page."""
    with temporary_folder("page") as folder:
        path = folder / "picture.svg"
        draw(path)
        return Picture(svg_address(path.read_text(encoding="utf-8")), description, caption, wide)


def svg_address(svg: str) -> str:
    """An SVG as an address, without what nobody sees of it."""
    seen = re.sub(r"\s*\n\s*", " ", _UNSEEN.sub("", svg)).strip()
    return f"data:image/svg+xml,{quote(seen, safe=_PLAIN)}"
