"""Figures as data: addresses, so that a page needs no file beside it."""

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kerasnn.views.page.blocks import Picture


def picture(
    draw: Callable[[Path], Any], description: str, *, caption: str = "", wide: bool = True, suffix: str = ".svg"
) -> Picture:
    """What `draw` draws into the path it is given, as a picture of a page."""
    with TemporaryDirectory(prefix="kerasnn-") as folder:
        path = Path(folder) / f"picture{suffix}"
        draw(path)
        return Picture(data_address(path.read_bytes(), suffix), description, caption, wide)


def data_address(content: bytes, suffix: str) -> str:
    kind = {".svg": "image/svg+xml", ".png": "image/png"}[suffix]
    return f"data:{kind};base64,{b64encode(content).decode('ascii')}"
