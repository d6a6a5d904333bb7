"""The blocks of a page; the template renders each kind. Pictures are data: URLs, so a page needs no other files."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from kerasnn.files.locks import temporary_folder

# characters that need no escaping in an attribute and in a URL; base64 would be a third longer than the SVG
_PLAIN = " !$()*+,-./:;=?@[]^_`{|}~"
_UNSEEN = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>|<\?xml.*?\?>|<!DOCTYPE.*?>", re.DOTALL)


@dataclass(frozen=True)
class Paragraph:
    """`kind`: `lead` opens a section, `note` is a remark, `good` and `bad` are verdicts, `code` keeps its lines."""

    text: str
    kind: Literal["plain", "lead", "note", "good", "bad", "code"] = "plain"


@dataclass(frozen=True)
class Listing:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Pairs of name and value, one per line; `large`: a few numbers at the top of the page."""

    pairs: tuple[tuple[str, str], ...]
    large: bool = False


@dataclass(frozen=True)
class Table:
    """A table whose first column names the rows. `numbers`: indices of the right-aligned columns.

    `folded`: collapsed to its caption until the reader opens it.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    note: str = ""
    folded: bool = False


@dataclass(frozen=True)
class Picture:
    """`source`: a data: URL. `description`: alternative text."""

    source: str
    description: str
    caption: str = ""


@dataclass(frozen=True)
class Question:
    """A question whose answer is hidden until the reader opens it."""

    text: str
    answer: str


Block = Paragraph | Listing | Facts | Table | Picture | Question


@dataclass(frozen=True)
class Part:
    """A section of the page. `anchor`: its id in HTML; `parts`: its subsections."""

    anchor: str
    title: str
    blocks: tuple[Block, ...] = ()
    parts: tuple["Part", ...] = ()


def picture(draw: Callable[[Path], Any], description: str, *, caption: str = "") -> Picture:
    """Call `draw` with the path of a temporary .svg file, and return what it draws as a block."""
    with temporary_folder("page") as folder:
        path = folder / "picture.svg"
        draw(path)
        return Picture(svg_address(path.read_text(encoding="utf-8")), description, caption)


def svg_address(svg: str) -> str:
    """Return an SVG as a data: URL, without comments, metadata and line breaks."""
    seen = re.sub(r"\s*\n\s*", " ", _UNSEEN.sub("", svg)).strip()  # a URL spells each line break with three characters
    return f"data:image/svg+xml,{quote(seen, safe=_PLAIN)}"
