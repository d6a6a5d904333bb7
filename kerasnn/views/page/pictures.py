"""Figures as data: URLs, so that a page needs no other files."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kerasnn.files.locks import temporary_folder
from kerasnn.views.page.blocks import Picture

# characters that need no escaping in an attribute and in a URL; base64 would be a third longer than the SVG
_PLAIN = " !$()*+,-./:;=?@[]^_`{|}~"
_UNSEEN = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>|<\?xml.*?\?>|<!DOCTYPE.*?>", re.DOTALL)


def picture(draw: Callable[[Path], Any], description: str, *, caption: str = "", wide: bool = True) -> Picture:
    """Call `draw` with the path of a temporary .svg file, and return what it draws as a block."""
    with temporary_folder("page") as folder:
        path = folder / "picture.svg"
        draw(path)
        return Picture(svg_address(path.read_text(encoding="utf-8")), description, caption, wide)


def svg_address(svg: str) -> str:
    """Return an SVG as a data: URL, without comments, metadata and line breaks."""
    seen = re.sub(r"\s*\n\s*", " ", _UNSEEN.sub("", svg)).strip()
    return f"data:image/svg+xml,{quote(seen, safe=_PLAIN)}"
