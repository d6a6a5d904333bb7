"""A record as HTML for a notebook: the blocks of the report page where it has them, else the terminal's view."""

import io
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any

from rich.console import Console, RenderableType

from kerasnn.files.untrusted import visible
from kerasnn.language import language, speaking
from kerasnn.records import Explanation, Report, TourStop
from kerasnn.views.network.svg import fill_template
from kerasnn.views.notebook.parts import PARTS
from kerasnn.views.notebook.text import TEXTS
from kerasnn.views.page.blocks import Block, Paragraph, Part

_PACKAGE = "kerasnn.views.page"
_WIDTH = 100  # characters of what the terminal shows


def html(shown: Any) -> str | None:
    """Return a record, or a tuple of records of one type, as HTML; None if there is no view of it."""
    with speaking(shown.language if isinstance(shown, (Explanation, Report)) else None):
        parts = _parts(shown)
        if not parts:
            return None
        style = files(_PACKAGE).joinpath("fragment.css").read_text(encoding="utf-8")
        return fill_template(_PACKAGE, "fragment.html", parts=parts, style=style, language=language())


def _parts(shown: Any) -> list[Part]:
    if isinstance(shown, TourStop):
        return _parts(shown.run or shown.explanation)
    several: Sequence[Any] = shown if isinstance(shown, tuple) else (shown,)
    kind = type(several[0]) if several else None
    pictured, text = PARTS.get(kind), TEXTS.get(kind)
    parts = [_unnamed(part) for each in several for part in pictured(each)] if pictured else []
    if text is not None:
        parts.append(Part("", "", (_as_text(text(several)),)))
    return parts


def _unnamed(part: Part) -> Part:
    """Return `part` without ids, which may occur only once in a notebook."""
    return replace(part, anchor="", parts=tuple(map(_unnamed, part.parts)))


def _as_text(view: RenderableType) -> Block:
    out = io.StringIO()
    console = Console(file=out, width=_WIDTH, color_system=None, highlight=False, emoji=False, force_jupyter=False)
    console.print(view)
    lines = (visible(line).rstrip() for line in out.getvalue().splitlines())
    return Paragraph("\n".join(lines).strip("\n"), "code")
